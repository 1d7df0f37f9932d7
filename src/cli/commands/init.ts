/** `ottugi init`: from nothing to an agent that runs, asked in a wizard or told by flags. Everything is written at the end, or nothing is. */
import type { Command } from 'commander'
import { formatProblem } from '../../shared/config/problem.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import { text } from '../../shared/messages/text.ts'
import { APPS } from '../../shared/paths.ts'
import { printedCommand } from '../../shared/printedCommand.ts'
import { readLiving } from '../../shared/runtimeFile.ts'
import type { CliContext } from '../context.ts'
import type { Answers } from '../init/answers.ts'
import { applyPlan } from '../init/apply.ts'
import { passingProgram } from '../init/askPlace.ts'
import { readCurrent } from '../init/current.ts'
import { draftSettings } from '../init/draft.ts'
import { addFlags, answersFrom, flagWords, type InitFlags } from '../init/flags.ts'
import { isEmptyPlan, type Plan, planOf } from '../init/plan.ts'
import { summaryLines } from '../init/summary.ts'
import { type Desk, tryAnsweredKey, tryAnsweredNotify, untilCancelled } from '../init/trials.ts'
import { inPreparedHome } from '../lifecycle/inPreparedHome.ts'

/** Adds `init`. */
export function registerInit(program: Command, context: CliContext): void {
  const { language } = context
  const command = program.command('init').description(text(language, 'init.about'))
  addFlags(command, language).action(async (flags: InitFlags) => context.exit(await init(context, flags)))
}

/** Asks, or reads the flags; then does it. */
export async function init(context: CliContext, flags: InitFlags): Promise<number> {
  const { language, err } = context
  if (!flags.yes && !flags.dryRun && !context.isTerminal) {
    err(text(language, 'init.noTerminal', { command: printedCommand('init --yes', context.home), flags: flagWords() }))
    return EXIT.usage
  }
  const current = readCurrent(context)
  if (!current) return EXIT.refused
  const desk: Desk = { context, current, language, usage: [] }
  return flags.yes || flags.dryRun ? byFlags(desk, flags) : byWizard(desk)
}

async function byWizard(desk: Desk): Promise<number> {
  const { askEverything } = await import('../init/wizard.ts')
  const asked = await untilCancelled((signal) => askEverything(desk, signal))
  if (asked) return finish(asked.desk, planOf(asked.answers, desk.current))
  desk.context.err(text(desk.language, 'init.cancelled'))
  return EXIT.failed
}

async function byFlags(desk: Desk, flags: InitFlags): Promise<number> {
  const { context, current, language } = desk
  const read = await answersFrom(context, current, flags)
  if (!read.ok) {
    context.err(read.words)
    return EXIT.usage
  }
  const plan = planOf(read.answers, current)
  const draft = draftSettings(current, plan)
  if (!draft.ok) {
    for (const problem of draft.problems) context.err(formatProblem(problem, language))
    return EXIT.usage
  }
  warnOfPassing(desk, plan)
  if (flags.dryRun) return tellDry(desk, plan)
  if (flags.test && !(await passTrials(desk, read.answers, plan))) {
    context.err(text(language, 'init.cancelled'))
    return EXIT.failed
  }
  const code = await finish(desk, plan)
  // A topic that was made here: nobody else knows what to subscribe to.
  const { notify } = read.answers
  if (code === EXIT.ok && notify?.type === 'ntfy' && flags.notifySecretFile === undefined) {
    context.out(text(language, 'init.subscribe', { topic: notify.topic }))
  }
  return code
}

function tellDry(desk: Desk, plan: Plan): number {
  const { context, current, language } = desk
  for (const line of summaryLines(current, plan, desk)) context.out(line)
  context.out(text(language, isEmptyPlan(plan) ? 'init.nothing' : 'init.dryRun'))
  return EXIT.ok
}

/** What cannot work is not written; what nobody could say (no network) is. */
async function passTrials(desk: Desk, answers: Answers, plan: Plan): Promise<boolean> {
  const trials = [
    ...(answers.key === undefined ? [] : [tryAnsweredKey]),
    ...(isNotifyNew(answers, plan) ? [tryAnsweredNotify] : []),
  ]
  for (const trial of trials) {
    const { result, words } = await trial(desk, answers)
    if (words !== '') desk.context.err(words)
    if (result === 'refused' || result === 'cancelled') return false
  }
  return true
}

/** A chat of Telegram that is not paired yet can hear nothing. */
function isNotifyNew({ notify }: Answers, { settings, secrets }: Plan): boolean {
  if (notify === undefined || notify.type === 'none' || (notify.type === 'telegram' && notify.chat === '')) return false
  return settings.some(({ key }) => key === 'alerts.channels') || secrets.length > 0
}

/** The wizard has told it. */
function warnOfPassing({ context, language }: Desk, plan: Plan): void {
  const warning = plan.service === undefined ? undefined : passingProgram(language)
  if (warning !== undefined) context.err(warning)
}

async function finish(desk: Desk, plan: Plan): Promise<number> {
  const { context, language } = desk
  if (isEmptyPlan(plan)) {
    context.out(text(language, 'init.nothing'))
    return EXIT.ok
  }
  const isRunning = APPS.some((app) => readLiving(context.paths, app) !== undefined)
  const code = await inPreparedHome(context, () => applyPlan(desk, plan))
  if (code !== EXIT.ok) return code
  if (isRunning) {
    context.out(text(language, 'config.takesEffect', { command: printedCommand('restart all', context.home) }))
  } else if (!plan.service && !plan.start) {
    context.out(text(language, 'init.next', { command: printedCommand('start', context.home) }))
  }
  return EXIT.ok
}
