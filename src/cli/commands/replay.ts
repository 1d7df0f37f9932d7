/** `ottugi replay`: a recorded run, step by step, out of the journal; or the same run once more, by the agent. */
import type { Command } from 'commander'
import { EXIT } from '../../shared/exitCodes.ts'
import { callAgent } from '../../shared/http/agentApi.ts'
import { text } from '../../shared/messages/text.ts'
import { printedCommand } from '../../shared/printedCommand.ts'
import type { RecordedEvent } from '../../shared/sessions/recorded.ts'
import { withSessions } from '../../shared/sessions/sessionsReader.ts'
import type { CliContext } from '../context.ts'
import { safeLines, terminalSafe } from '../terminalSafe.ts'
import { tellEvents } from './replayEvents.ts'
import { readSeq, tellProblem } from './sessionsChange.ts'

type ReplayOptions = {
  readonly json?: boolean
  readonly rerun?: boolean
  readonly check?: boolean
  readonly dryRun?: boolean
  readonly from?: string
  readonly model?: string
}

/** Adds `replay`. */
export function registerReplay(program: Command, context: CliContext): void {
  const { language } = context
  program
    .command('replay <run>')
    .description(text(language, 'replay.about'))
    .option('--json', text(language, 'cli.optJsonLines'))
    .option('--check', text(language, 'replay.optCheck'))
    .option('--rerun', text(language, 'replay.optRerun'))
    .option('--from <seq>', text(language, 'replay.optFrom'))
    .option('--model <name>', text(language, 'replay.optModel'))
    .option('--dry-run', text(language, 'replay.optDryRun'))
    .action(async (run: string, options: ReplayOptions) => context.exit(await replay(context, run, options)))
}

async function replay(context: CliContext, run: string, options: ReplayOptions): Promise<number> {
  if (options.check) return check(context, run, options)
  if (options.rerun || options.dryRun) return rerun(context, run, options)
  if (options.from === undefined && options.model === undefined) return show(context, run, options)
  context.err(text(context.language, 'replay.needsRerun'))
  return EXIT.usage
}

function show(context: CliContext, run: string, options: ReplayOptions): number {
  const { language, out, err, paths } = context
  const found = withSessions<RecordedEvent[]>(paths.agentDb, [], (reader) => reader.eventsOfRun(run))
  if (!found.ok) {
    err(text(language, 'sessions.unreadable', { reason: terminalSafe(found.reason) }))
    return EXIT.failed
  }
  if (run === '' || found.value.length === 0) {
    const command = printedCommand('sessions show <session> --json', paths.home)
    err(text(language, 'replay.unknown', { run: terminalSafe(run), command }))
    return EXIT.failed
  }
  if (options.json) for (const event of found.value) out(terminalSafe(JSON.stringify(event)))
  else tellEvents(context, found.value)
  return EXIT.ok
}

/** Would the loop of today have done the same? Exits 1 where it would not. */
async function check(context: CliContext, run: string, options: ReplayOptions): Promise<number> {
  const { language, out, paths } = context
  const result = await callAgent(paths, { path: `/api/runs/${encodeURIComponent(run)}/replay`, scope: 'read' })
  if (!result.ok) return tellProblem(context, result)
  const { diverged } = result.value as { diverged: readonly { seq: number; type: string; expected: string }[] }
  if (options.json) out(terminalSafe(JSON.stringify(result.value)))
  else if (diverged.length === 0) out(text(language, 'replay.same'))
  else for (const { seq, type, expected } of diverged) out(text(language, 'replay.diverged', { seq, type, expected }))
  return diverged.length === 0 ? EXIT.ok : EXIT.failed
}

async function rerun(context: CliContext, run: string, options: ReplayOptions): Promise<number> {
  const { language, out, paths } = context
  const fromSeq = readSeq(context, '--from', options.from)
  if (fromSeq === null) return EXIT.usage
  const body = {
    ...(fromSeq === undefined ? {} : { fromSeq }),
    ...(options.model === undefined ? {} : { model: options.model }),
    ...(options.dryRun ? { dryRun: true } : {}),
  }
  const path = `/api/runs/${encodeURIComponent(run)}/rerun`
  // A run that had everything allowed beforehand has so again.
  const result = await callAgent(paths, { method: 'POST', path, body, scope: 'approve' })
  if (!result.ok) return tellProblem(context, result)
  const made = (result.value ?? {}) as { run?: unknown; text?: unknown }
  if (options.json) out(terminalSafe(JSON.stringify(made)))
  else {
    out(text(language, 'replay.rerun', { run: terminalSafe(String(made.run)) }))
    if (typeof made.text === 'string') out(safeLines(made.text))
  }
  return EXIT.ok
}
