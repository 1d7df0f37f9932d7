/** `ottugi sessions`: what was talked about. Reading needs no running agent; changing asks it. */
import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { EXIT } from '../../shared/exitCodes.ts'
import { text } from '../../shared/messages/text.ts'
import { printedCommand } from '../../shared/printedCommand.ts'
import { EXPORT_FORMATS, type ExportFormat, exportSession } from '../../shared/sessions/exportSession.ts'
import type { RecordedEvent, SessionSummary } from '../../shared/sessions/recorded.ts'
import { withSessions } from '../../shared/sessions/sessionsReader.ts'
import { alignRows } from '../columns.ts'
import type { CliContext } from '../context.ts'
import { formatTime } from '../duration.ts'
import { safeLines, terminalSafe } from '../terminalSafe.ts'
import { registerSessionChanges } from './sessionsChange.ts'

type ListOptions = { readonly json?: boolean; readonly limit: string }
type ExportOptions = { readonly format: string; readonly output?: string }

/** Adds `sessions`. */
export function registerSessions(program: Command, context: CliContext): void {
  const { language } = context
  const lines = ['--json', text(language, 'cli.optJsonLines')] as const
  const count = ['-n, --limit <count>', text(language, 'cli.optCount'), '20'] as const
  const sessions = program.command('sessions').description(text(language, 'sessions.about'))
  sessions
    .command('list', { isDefault: true })
    .description(text(language, 'sessions.list'))
    .option(...lines)
    .option(...count)
    .action((options: ListOptions) => context.exit(listSessions(context, options)))
  sessions
    .command('show <session>')
    .description(text(language, 'sessions.show'))
    .option('--json', text(language, 'cli.optJson'))
    .action((session: string, options: { json?: boolean }) =>
      context.exit(showSession(context, session, options.json === true)),
    )
  sessions
    .command('search <words...>')
    .description(text(language, 'sessions.search'))
    .option(...lines)
    .option(...count)
    .action((words: string[], options: ListOptions) => context.exit(searchSessions(context, words.join(' '), options)))
  sessions
    .command('export <session>')
    .description(text(language, 'sessions.export'))
    .option('--format <format>', text(language, 'sessions.optFormat'), 'json')
    .option('-o, --output <file>', text(language, 'sessions.optOutput'))
    .action((session: string, options: ExportOptions) => context.exit(exportToFile(context, session, options)))
  registerSessionChanges(sessions, context)
}

function listSessions(context: CliContext, options: ListOptions): number {
  const { language, out, paths } = context
  const limit = readLimit(context, options.limit)
  if (limit === undefined) return EXIT.usage
  const found = withSessions(paths.agentDb, [], (reader) => reader.list(limit))
  if (!found.ok) return unreadable(context, found.reason)
  if (options.json) for (const session of found.value) out(safeJson(session))
  else if (found.value.length === 0) out(text(language, 'sessions.none'))
  else for (const line of alignRows(found.value.map((session) => rowOf(context, session)))) out(line)
  return EXIT.ok
}

function rowOf({ language }: CliContext, session: SessionSummary): string[] {
  return [
    terminalSafe(session.session),
    formatTime(session.lastAt),
    text(language, 'sessions.runs', { count: session.runs }),
    `${session.costUsd.toFixed(4)} USD`,
    text(language, `sessions.${session.state}`),
    terminalSafe(session.title),
  ]
}

function showSession(context: CliContext, session: string, asJson: boolean): number {
  const found = readOne(context, session)
  if (typeof found === 'number') return found
  context.out(
    asJson
      ? safeJson({ ...found.summary, events: found.events })
      : safeLines(exportSession('markdown', found.summary, found.events)).trimEnd(),
  )
  return EXIT.ok
}

function searchSessions(context: CliContext, words: string, options: ListOptions): number {
  const { language, out, paths } = context
  const limit = readLimit(context, options.limit)
  if (limit === undefined) return EXIT.usage
  const found = withSessions(paths.agentDb, [], (reader) => reader.search(words, limit))
  if (!found.ok) return unreadable(context, found.reason)
  if (options.json) for (const place of found.value) out(safeJson(place))
  else if (found.value.length === 0) out(text(language, 'sessions.nothingFound'))
  else {
    for (const { session, seq, at, excerpt } of found.value) {
      out(`${terminalSafe(session)} #${seq}  ${formatTime(at)}\n  ${terminalSafe(excerpt)}`)
    }
  }
  return EXIT.ok
}

/** On the screen nothing can move the cursor; in a file everything is as it was. A file that exists is never written over. */
function exportToFile(context: CliContext, session: string, { format, output }: ExportOptions): number {
  const { language, out, err } = context
  if (!isFormat(format)) {
    err(text(language, 'sessions.badFormat', { got: terminalSafe(format) }))
    return EXIT.usage
  }
  const found = readOne(context, session)
  if (typeof found === 'number') return found
  const written = exportSession(format, found.summary, found.events)
  if (output === undefined) {
    out(safeLines(written).trimEnd())
    return EXIT.ok
  }
  try {
    writeFileSync(output, written, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    err(text(language, 'sessions.notWritten', { file: terminalSafe(output), reason: terminalSafe(reason) }))
    return EXIT.failed
  }
  err(text(language, 'sessions.written', { file: terminalSafe(output) }))
  return EXIT.ok
}

function isFormat(given: string): given is ExportFormat {
  return EXPORT_FORMATS.some((format) => format === given)
}

type One = { readonly summary: SessionSummary; readonly events: readonly RecordedEvent[] }

/** A session with its events, or the exit code after it was said that there is none. */
function readOne(context: CliContext, session: string): One | number {
  const { language, err, paths } = context
  const found = withSessions<One | undefined>(paths.agentDb, undefined, (reader) => {
    const summary = reader.find(session)
    return summary && { summary, events: reader.history(session) }
  })
  if (!found.ok) return unreadable(context, found.reason)
  if (found.value) return found.value
  err(
    text(language, 'sessions.unknown', {
      session: terminalSafe(session),
      command: printedCommand('sessions list', paths.home),
    }),
  )
  return EXIT.failed
}

function unreadable({ language, err }: CliContext, reason: string): number {
  err(text(language, 'sessions.unreadable', { reason: terminalSafe(reason) }))
  return EXIT.failed
}

function readLimit({ language, err }: CliContext, given: string): number | undefined {
  const limit = Number(given)
  if (Number.isInteger(limit) && limit >= 1) return limit
  err(text(language, 'cli.badCount', { what: '--limit', least: 1, got: terminalSafe(given) }))
  return undefined
}

/** JSON on one line. What could move a cursor stands as `\u…`: for a parser the same value. */
function safeJson(value: unknown): string {
  return terminalSafe(JSON.stringify(value))
}
