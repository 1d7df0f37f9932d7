/** `ottugi run`: one question to the running agent, its answer on stdout as it comes. */
import { text as readAll } from 'node:stream/consumers'
import { type Command, Option } from 'commander'
import { EXIT } from '../../shared/exitCodes.ts'
import { type AgentAnswer, type AgentResult, type AnswerEvent, askAgent } from '../../shared/http/agentClient.ts'
import { text } from '../../shared/messages/text.ts'
import { newId } from '../../shared/newId.ts'
import { npmOrOttugi } from '../../shared/printedCommand.ts'
import type { CliContext } from '../context.ts'
import { safeLines, terminalSafe } from '../terminalSafe.ts'

/** Problems that pass by themselves. */
const PASSING = new Set(['rate-limited', 'overloaded', 'timeout', 'network', 'leaving', 'storage'])

const APPROVE = ['none', 'safe', 'all'] as const

type RunOptions = {
  readonly execute?: string
  readonly session?: string
  readonly model?: string
  readonly approve?: (typeof APPROVE)[number]
  readonly json?: boolean
}

/** Adds `run`. */
export function registerRun(program: Command, context: CliContext): void {
  const { language } = context
  program
    .command('run')
    .description(text(language, 'cli.run'))
    .requiredOption('-e, --execute <message>', text(language, 'cli.runMessage'))
    .option('--session <id>', text(language, 'cli.session'))
    .option('--model <name>', text(language, 'chat.optModel'))
    .addOption(new Option('--approve <what>', text(language, 'chat.optApprove')).choices(APPROVE).default('none'))
    .option('--json', text(language, 'cli.optJsonLines'))
    .action(async (options: RunOptions) => context.exit(await run(context, options)))
}

/** Asks, prints, and returns the exit code. `write` prints a piece of an answer, without a line break. */
export async function run(
  context: CliContext,
  options: RunOptions,
  write: (piece: string) => void = (piece) => void process.stdout.write(piece),
): Promise<number> {
  const { paths, language, out, err } = context
  const message = (options.execute === '-' ? await readAll(context.input) : (options.execute ?? '')).trim()
  if (message === '') {
    err(text(language, 'agent.emptyMessage'))
    return EXIT.usage
  }
  const { session, model, approve = 'none' } = options
  const wishes = { ...(session ? { session } : {}), ...(model ? { model } : {}) }
  const question = { id: newId(Date.now()), message, by: 'program' as const, approve, ...wishes }
  const asJson = options.json === true
  const onEvent = asJson
    ? (event: AnswerEvent) => out(JSON.stringify(event))
    : (event: AnswerEvent) => printEvent(context, event, write)
  const result = await askAgent(paths, question, { onEvent })
  if (asJson) out(JSON.stringify(lastLine(result)))
  else if (result.ok) {
    write('\n')
    if (!isAnswered(result.answer)) err(endSentence(context, result.answer))
  } else err(resultSentence(context, result))
  return exitCodeOf(result)
}

/** Prints a piece of the answer as it comes; what a model writes cannot move the cursor. */
export function printEvent({ language, err }: CliContext, event: AnswerEvent, write: (piece: string) => void): void {
  if (event.event === 'text') write(safeLines(event.delta))
  if (event.event !== 'again') return
  write('\n')
  err(text(language, 'agent.connectionLost'))
}

/** A run can end before the model was done. */
export function isAnswered({ finish }: AgentAnswer): boolean {
  return finish === 'answered'
}

/** Why it did, in one sentence. */
export function endSentence({ language }: CliContext, { finish, reason = '' }: AgentAnswer): string {
  return text(language, 'chat.endedEarly', { finish, reason: terminalSafe(reason) })
}

function lastLine(result: AgentResult): Record<string, unknown> {
  if (result.ok) return { event: 'done', ...result.answer }
  return result.why === 'problem'
    ? { event: 'problem', name: result.name, detail: result.detail }
    : { event: 'problem', name: result.why }
}

/** Why there is no answer, in one sentence. */
export function resultSentence({ language, paths }: CliContext, result: Extract<AgentResult, { ok: false }>): string {
  switch (result.why) {
    case 'unreachable':
      return text(language, 'agent.unreachable', { command: npmOrOttugi('start', paths.home) })
    case 'no-token':
      return text(language, 'agent.noToken', { file: paths.env, command: npmOrOttugi('start', paths.home) })
    case 'cancelled':
      return text(language, 'agent.cancelled')
    case 'problem':
      return terminalSafe(result.detail)
  }
}

function exitCodeOf(result: AgentResult): number {
  if (result.ok) return isAnswered(result.answer) ? EXIT.ok : EXIT.failed
  if (result.why === 'unreachable') return EXIT.unavailable
  return result.why === 'problem' && PASSING.has(result.name) ? EXIT.tryAgain : EXIT.failed
}
