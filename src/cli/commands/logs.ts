/** `ottugi logs`: what the three processes wrote, in the order of time. */
import { existsSync, watch } from 'node:fs'
import type { Command } from 'commander'
import { EXIT } from '../../shared/exitCodes.ts'
import { text } from '../../shared/messages/text.ts'
import { APPS } from '../../shared/paths.ts'
import type { CliContext } from '../context.ts'
import { formatTime } from '../duration.ts'
import { createLogTail, type LogLine } from '../logTail.ts'
import { terminalSafe } from '../terminalSafe.ts'

type Options = { readonly lines: string; readonly follow?: boolean; readonly json?: boolean }

const LEVELS: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
}
const SHOWN_ELSEWHERE = new Set(['level', 'time', 'app', 'pid', 'msg'])

/** Adds `logs`. */
export function registerLogs(program: Command, context: CliContext): void {
  const { language } = context
  program
    .command('logs [app]')
    .description(text(language, 'cli.logs', { apps: APPS.join(', ') }))
    .option('-n, --lines <count>', text(language, 'cli.logsLines'), '50')
    .option('-f, --follow', text(language, 'cli.logsFollow'))
    .option('--json', text(language, 'cli.logsJson'))
    .action(async (app: string | undefined, options: Options) => context.exit(await logs(context, app, options)))
}

/** Prints the last lines; with --follow it goes on until it is interrupted. */
export async function logs(context: CliContext, given: string | undefined, options: Options): Promise<number> {
  const { language, paths, err } = context
  const apps = APPS.filter((app) => given === undefined || app === given)
  const count = Number(options.lines)
  if (apps.length === 0) {
    err(text(language, 'cli.badValue', { what: 'logs', expected: APPS.join(', '), got: terminalSafe(given ?? '') }))
    return EXIT.usage
  }
  if (!Number.isInteger(count) || count < 0) {
    err(text(language, 'cli.badCount', { what: '--lines', least: 0, got: terminalSafe(options.lines) }))
    return EXIT.usage
  }
  const tails = apps.map((app) => createLogTail(paths.logOf(app)))
  const lines = inOrder(tails.flatMap((tail) => tail.last(count)))
  if (lines.length === 0) err(text(language, 'logs.none', { folder: paths.logs }))
  for (const line of count === 0 ? [] : lines.slice(-count)) print(context, line, options)
  if (options.follow && existsSync(paths.logs))
    await follow(context, () => inOrder(tails.flatMap((tail) => tail.next())), options)
  return EXIT.ok
}

function inOrder(lines: readonly LogLine[]): LogLine[] {
  return lines.toSorted((a, b) => a.time.localeCompare(b.time))
}

function print({ out }: CliContext, { time, raw, record }: LogLine, options: Options): void {
  if (options.json) return out(raw)
  const level = LEVELS[Number(record['level'])] ?? '?'
  const rest = Object.entries(record).filter(([key]) => !SHOWN_ELSEWHERE.has(key))
  const facts = rest
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ')
  const words = [
    time && formatTime(time),
    level.padEnd(5),
    String(record['app'] ?? '').padEnd(9),
    record['msg'] ?? '',
    facts,
  ]
  out(terminalSafe(words.join(' ').trimEnd()))
}

/** Goes on until Ctrl-C. */
async function follow(context: CliContext, next: () => LogLine[], options: Options): Promise<void> {
  const events = watch(context.paths.logs)
  const printNew = () => {
    for (const line of next()) print(context, line, options)
  }
  await new Promise<void>((resolve, reject) => {
    process.once('SIGINT', resolve).once('SIGTERM', resolve)
    events.on('change', printNew).on('error', reject)
    // What came while the watch was set up.
    printNew()
  })
  events.close()
}
