/** `ottugi schedule`: jobs that run by the clock or by an event. Reading works without an agent; everything else is the agent's to do. */
import type { Command } from 'commander'
import { EXIT } from '../../shared/exitCodes.ts'
import { text } from '../../shared/messages/text.ts'
import { printedCommand } from '../../shared/printedCommand.ts'
import type { ListedJob } from '../../shared/schedule/job.ts'
import { readHistory, readJob, readJobs, type ScheduleReading } from '../../shared/schedule/scheduleReader.ts'
import { alignRows } from '../columns.ts'
import type { CliContext } from '../context.ts'
import { terminalSafe } from '../terminalSafe.ts'
import { addJob, type JobOptions, proposeJob, tellAgent } from './scheduleAdd.ts'
import { nextWords, triggerWords, whenWords } from './scheduleWords.ts'

type Options = { readonly json?: boolean }

/** Adds `schedule`. */
export function registerSchedule(program: Command, context: CliContext): void {
  const { language } = context
  const schedule = program.command('schedule').description(text(language, 'cli.schedule'))
  registerReads(schedule, context)
  registerAdding(schedule, context)
  registerActs(schedule, context)
}

function registerReads(schedule: Command, context: CliContext): void {
  const { language, exit } = context
  const json = ['--json', text(language, 'cli.optJsonLines')] as const
  schedule
    .command('list', { isDefault: true })
    .description(text(language, 'cli.scheduleList'))
    .option(...json)
    .action((options: Options) => exit(listJobs(context, options)))
  schedule
    .command('show <id>')
    .description(text(language, 'cli.scheduleShow'))
    .option(...json)
    .action((id: string, options: Options) => exit(showJob(context, id, options)))
  schedule
    .command('history <id>')
    .description(text(language, 'cli.scheduleHistory'))
    .option('-n, --limit <count>', text(language, 'cli.optCount'), '20')
    .option(...json)
    .action((id: string, options: Options & { limit: string }) => exit(showHistory(context, id, options)))
}

function registerAdding(schedule: Command, context: CliContext): void {
  const { language, exit } = context
  const say = (key: Parameters<typeof text>[1] & `cli.schedule${string}`) => text(language, key)
  schedule
    .command('add [request]')
    .description(say('cli.scheduleAdd'))
    .option('--prompt <text>', say('cli.schedulePrompt'))
    .option('--cron <line>', say('cli.scheduleCron'))
    .option('--every <time>', say('cli.scheduleEvery'))
    .option('--at <time>', say('cli.scheduleAt'))
    .option('--on <event>', say('cli.scheduleOn'))
    .option('--name <name>', say('cli.scheduleName'))
    .option('--zone <zone>', say('cli.scheduleZone'))
    .option('--catch-up <policy>', say('cli.scheduleCatchUp'))
    .option('--overlap <policy>', say('cli.scheduleOverlap'))
    .option('--jitter <time>', say('cli.scheduleJitter'))
    .option('--usd <amount>', say('cli.scheduleUsd'))
    .option('--tokens <count>', say('cli.scheduleTokens'))
    .option('--rounds <count>', say('cli.scheduleRounds'))
    .option('--model <name>', say('cli.scheduleModel'))
    .option('--task <kind>', say('cli.scheduleTask'))
    .option('--dry-run', say('cli.scheduleDry'))
    .option('--notify <channel...>', say('cli.scheduleNotify'))
    .option('-y, --yes', say('cli.scheduleYes'))
    .option('--json', text(language, 'cli.optJson'))
    .action(async (request: string | undefined, options: JobOptions) => exit(await addJob(context, request, options)))
  schedule
    .command('propose <request>')
    .description(say('cli.schedulePropose'))
    .option('--zone <zone>', say('cli.scheduleZone'))
    .option('-y, --yes', say('cli.scheduleYes'))
    .action(async (request: string, options: { zone?: string; yes?: boolean }) =>
      exit(await proposeJob(context, request, options)),
    )
}

function registerActs(schedule: Command, context: CliContext): void {
  const { language, exit } = context
  schedule
    .command('pause <id>')
    .description(text(language, 'cli.schedulePause'))
    .action(async (id: string) => exit(await act(context, id, 'pause')))
  schedule
    .command('resume <id>')
    .description(text(language, 'cli.scheduleResume'))
    .action(async (id: string) => exit(await act(context, id, 'resume')))
  schedule
    .command('run <id>')
    .description(text(language, 'cli.scheduleRun'))
    .action(async (id: string) => exit(await act(context, id, 'run')))
  schedule
    .command('remove <id>')
    .description(text(language, 'cli.scheduleRemove'))
    .action(async (id: string) => exit(await act(context, id, 'remove')))
}

/** All jobs, oldest first. */
function listJobs(context: CliContext, options: Options): number {
  const { language, out, paths } = context
  const jobs = readOr(context, readJobs(paths.agentDb))
  if (!jobs) return EXIT.failed
  if (options.json) for (const job of jobs) out(JSON.stringify(job))
  else if (jobs.length === 0) {
    const command = printedCommand('schedule add --cron "0 8 * * 1-5" --prompt "…"', paths.home)
    out(text(language, 'schedule.none', { command }))
  } else {
    const head = ['', 'schedule.name', 'schedule.when', 'schedule.next'] as const
    const rows = jobs.map((job) => [
      job.id,
      terminalSafe(job.name),
      triggerWords(job.trigger, language),
      nextWords(job, language),
    ])
    for (const line of alignRows([head.map((key) => (key === '' ? '' : text(language, key))), ...rows])) out(line)
  }
  return EXIT.ok
}

function showJob(context: CliContext, id: string, options: Options): number {
  const { language, out } = context
  const job = findJob(context, id)
  if (!job) return EXIT.failed
  if (options.json) {
    out(JSON.stringify(job))
    return EXIT.ok
  }
  const { zone, catchUp, overlap, gates, createdBy } = job
  out(`${job.id}  ${terminalSafe(job.name)}`)
  out(
    `  ${triggerWords(job.trigger, language)}  ${text(language, 'schedule.nextDues', { dues: nextWords(job, language) })}`,
  )
  out(`  ${text(language, 'schedule.policies', { zone, catchUp, overlap, gates, by: terminalSafe(createdBy) })}`)
  out(`  ${terminalSafe(job.prompt)}`)
  return EXIT.ok
}

function showHistory(context: CliContext, id: string, options: Options & { readonly limit: string }): number {
  const { language, out, err, paths } = context
  const limit = Number(options.limit)
  if (!Number.isInteger(limit) || limit < 1) {
    err(text(language, 'cli.badCount', { what: '--limit', least: 1, got: terminalSafe(options.limit) }))
    return EXIT.usage
  }
  const job = findJob(context, id)
  const slots = job && readOr(context, readHistory(paths.agentDb, job.id, limit))
  if (!slots) return EXIT.failed
  if (options.json) for (const slot of slots) out(JSON.stringify(slot))
  else if (slots.length === 0) out(text(language, 'schedule.noHistory'))
  else {
    const rows = slots.map(({ dueMs, state, outcome, run }) => [
      whenWords(dueMs, job.zone),
      state,
      terminalSafe(outcome),
      run,
    ])
    for (const line of alignRows(rows)) out(line)
  }
  return EXIT.ok
}

const ACTS = {
  pause: { method: 'POST', end: '/pause', scope: 'chat' },
  resume: { method: 'POST', end: '/resume', scope: 'chat' },
  run: { method: 'POST', end: '/run-now', scope: 'chat' },
  remove: { method: 'DELETE', end: '', scope: 'admin' },
} as const

async function act(context: CliContext, given: string, what: keyof typeof ACTS): Promise<number> {
  const { language, out } = context
  const job = findJob(context, given)
  if (!job) return EXIT.failed
  const { method, end, scope } = ACTS[what]
  const told = await tellAgent(context, { method, path: `/api/schedule/${encodeURIComponent(job.id)}${end}`, scope })
  if (!told.ok) return told.exit
  const { id } = job
  const run = String((told.value as { slot?: { run?: unknown } }).slot?.run ?? '')
  if (what === 'run') out(text(language, 'schedule.begun', { run: terminalSafe(run) }))
  if (what === 'pause') out(text(language, 'schedule.paused', { id }))
  if (what === 'resume') out(text(language, 'schedule.resumed', { id }))
  if (what === 'remove') out(text(language, 'schedule.removed', { id }))
  return EXIT.ok
}

function findJob(context: CliContext, id: string): ListedJob | undefined {
  const { language, err, paths } = context
  const found = readJob(paths.agentDb, id)
  if (found.ok && found.value) return found.value
  if (!found.ok) readOr(context, found)
  else
    err(
      text(language, 'schedule.unknown', {
        id: terminalSafe(id),
        command: printedCommand('schedule list', paths.home),
      }),
    )
  return undefined
}

function readOr<T>({ language, err }: CliContext, reading: ScheduleReading<T>): T | undefined {
  if (reading.ok) return reading.value
  err(text(language, 'schedule.unreadable', { reason: terminalSafe(reading.reason) }))
  return undefined
}
