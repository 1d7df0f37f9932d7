/** `ottugi recovery`: what TIER 4 learned and what it would do. It repairs nothing: that is the watchdog's to ask for. */
import type { Command } from 'commander'
import {
  demoted,
  isBoundTo,
  type Learned,
  type LearnedResult,
  type LearnedRule,
  promoted,
} from '../../recovery/learned.ts'
import { changeLearned, readLearned } from '../../recovery/learnedFile.ts'
import { boundOf } from '../../recovery/remember.ts'
import { verifyJournal } from '../../repair/journal.ts'
import { canonicalJson } from '../../shared/canonicalJson.ts'
import { now } from '../../shared/clock.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import { text } from '../../shared/messages/text.ts'
import { release } from '../../shared/parked.ts'
import { appRoot } from '../../shared/paths.ts'
import { printedCommand } from '../../shared/printedCommand.ts'
import { shortVisible } from '../../shared/visibleText.ts'
import type { CliContext } from '../context.ts'
import { terminalSafe } from '../terminalSafe.ts'

type Options = { readonly json?: boolean }

/** Longest arguments in a list, in characters. */
const MAX_ARGS = 200

/** Adds `recovery`. */
export function registerRecovery(program: Command, context: CliContext): void {
  const { language, exit } = context
  const lines = ['--json', text(language, 'cli.optJsonLines')] as const
  const recovery = program.command('recovery').description(text(language, 'cli.recovery'))
  const add = (words: string, about: Parameters<typeof text>[1] & `cli.recovery${string}`, isDefault = false) =>
    recovery.command(words, { isDefault }).description(text(language, about))
  add('list', 'cli.recoveryList', true)
    .option(...lines)
    .action((options: Options) => exit(listRules(context, options)))
  add('show <id>', 'cli.recoveryShow')
    .option(...lines)
    .action((id: string, options: Options) => exit(showRule(context, id, options)))
  add('promote <id>', 'cli.recoveryPromote').action(async (id: string) =>
    exit(await changeRule(context, id, 'promote')),
  )
  add('demote <id>', 'cli.recoveryDemote').action(async (id: string) => exit(await changeRule(context, id, 'demote')))
  add('release <id>', 'cli.recoveryRelease').action((id: string) => exit(releaseParked(context, id)))
  add('judge', 'cli.recoveryJudge').action(async () => {
    const { judgeInput } = await import('./recoveryJudge.ts')
    exit(await judgeInput(context))
  })
  add('verify', 'cli.recoveryVerify')
    .option('--json', text(language, 'cli.optJson'))
    .action((options: Options) => exit(verify(context, options)))
}

type ShownState = LearnedRule['state'] | 'asleep'

/** A rule whose texts have changed does not act, whatever its state says. */
function stateOf(rule: LearnedRule): ShownState {
  const bound = boundOf(appRoot, rule.action)
  return bound && isBoundTo(rule, bound) ? rule.state : 'asleep'
}

/** Every learned rule, oldest first. */
export function listRules(context: CliContext, options: Options): number {
  const { rules } = readLearned(context.paths)
  if (rules.length === 0 && !options.json) context.out(text(context.language, 'recovery.noRules'))
  for (const rule of rules) tell(context, rule, options)
  return EXIT.ok
}

/** One of them. */
export function showRule(context: CliContext, id: string, options: Options): number {
  const rule = readLearned(context.paths).rules.find((one) => one.id === id.toUpperCase())
  if (!rule) return unknownRule(context, id)
  tell(context, rule, options)
  if (options.json) return EXIT.ok
  const { signature, probe, incidents, changedAt } = rule
  const healed = incidents.join(', ') || '–'
  const facts = { signature: terminalSafe(signature), probe: terminalSafe(probe), incidents: terminalSafe(healed) }
  context.out(text(context.language, 'recovery.ruleBound', { ...facts, at: terminalSafe(changedAt) }))
  return EXIT.ok
}

function tell({ language, out }: CliContext, rule: LearnedRule, { json }: Options): void {
  const state = stateOf(rule)
  if (json) return out(JSON.stringify({ ...rule, state }))
  const { id, action, args, note } = rule
  const shown = {
    id,
    action: terminalSafe(action),
    args: shortVisible(canonicalJson(args), MAX_ARGS),
    note: terminalSafe(note),
  }
  out(text(language, 'recovery.rule', { ...shown, state: text(language, `recovery.state.${state}`) }))
}

/** `promote` and `demote`: a person's word, at a terminal. */
export async function changeRule(context: CliContext, given: string, what: 'promote' | 'demote'): Promise<number> {
  const { language, out, err, paths, isTerminal } = context
  const id = given.toUpperCase()
  if (!isTerminal) return needsTerminal(context, `${what} ${given}`)
  const change = (learned: Learned): LearnedResult => {
    const action = learned.rules.find((rule) => rule.id === id)?.action ?? ''
    return what === 'promote'
      ? promoted(learned, id, boundOf(appRoot, action), now().at)
      : demoted(learned, id, now().at)
  }
  const changed = await changeLearned(paths, change)
  if (changed.ok) {
    out(text(language, what === 'promote' ? 'recovery.promoted' : 'recovery.demoted', { id }))
    return EXIT.ok
  }
  if (changed.why === 'unknown') return unknownRule(context, given)
  const rule = readLearned(paths).rules.find((one) => one.id === id)
  const state = rule ? text(language, `recovery.state.${stateOf(rule)}`) : '–'
  err(
    changed.why === 'busy' ? text(language, 'recovery.ruleBusy') : text(language, 'recovery.wrongState', { id, state }),
  )
  return changed.why === 'busy' ? EXIT.tryAgain : EXIT.failed
}

/** `release`: the agent goes on with it by itself. */
export function releaseParked(context: CliContext, id: string): number {
  const { language, out, err, paths, isTerminal } = context
  if (!isTerminal) return needsTerminal(context, `release ${id}`)
  const isFree = release(paths, id)
  const say = isFree ? out : err
  say(text(language, isFree ? 'recovery.released' : 'recovery.notParked', { id: terminalSafe(id) }))
  return isFree ? EXIT.ok : EXIT.failed
}

/** `verify`: walks the whole chain of the repair journal. */
export function verify({ language, out, paths }: CliContext, options: Options): number {
  const verdict = verifyJournal(paths.repairsJournal)
  const words = () =>
    verdict.ok
      ? text(language, 'recovery.chainWhole', { count: verdict.count, head: verdict.head })
      : text(language, 'recovery.chainBroken', { line: verdict.brokenAt, path: paths.repairsJournal })
  out(options.json ? JSON.stringify(verdict) : words())
  return verdict.ok ? EXIT.ok : EXIT.failed
}

function needsTerminal({ language, err, paths }: CliContext, words: string): number {
  const command = printedCommand(`recovery ${terminalSafe(words)}`, paths.home)
  err(text(language, 'recovery.needsTerminal', { command }))
  return EXIT.usage
}

function unknownRule({ language, err, paths }: CliContext, id: string): number {
  err(text(language, 'recovery.unknownRule', { id: terminalSafe(id), command: printedCommand('recovery', paths.home) }))
  return EXIT.failed
}
