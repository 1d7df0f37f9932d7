/** `ottugi status`: in one sentence how it is. Never starts anything. */
import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { loadSettings } from '../../shared/config/load.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import type { MessageKey } from '../../shared/messages/table.ts'
import { text } from '../../shared/messages/text.ts'
import { npmOrOttugi } from '../../shared/printedCommand.ts'
import { readStatus, type Status } from '../../shared/status.ts'
import { createPm2 } from '../../shared/supervisor/pm2.ts'
import { alignRows } from '../columns.ts'
import type { CliContext } from '../context.ts'
import { formatDuration, formatTime } from '../duration.ts'
import { type Condition, shapeOf } from '../shape.ts'
import { terminalSafe } from '../terminalSafe.ts'

const STATE_KEYS: Readonly<Record<string, MessageKey>> = {
  healthy: 'state.healthy',
  suspect: 'state.suspect',
  restarting: 'state.restarting',
  repairing: 'state.repairing',
  recovering: 'state.recovering',
  givenUp: 'state.givenUp',
  maintenance: 'state.maintenance',
  stopped: 'state.stopped',
}

/** Adds `status`. */
export function registerStatus(program: Command, context: CliContext): void {
  const { language } = context
  program
    .command('status')
    .description(text(language, 'cli.status'))
    .option('--json', text(language, 'cli.optJson'))
    .action((options: { json?: boolean }) => context.exit(status(context, options)))
}

/** Exits 0 while it is well (or stopped, as wished), 1 when a person is needed or nobody watches. */
export function status(context: CliContext, options: { readonly json?: boolean }): number {
  const { paths, environment } = context
  const loaded = loadSettings({ settingsFile: paths.settings, envFile: paths.env, environment })
  const found = readStatus(paths, createPm2(paths, environment), loaded.ok ? loaded.settings.budget.dayUsd : null)
  if (options.json) context.out(JSON.stringify(found, null, 2))
  else for (const line of statusLines(context, found)) context.out(line)
  return found.state === 'givenUp' || found.state === 'unknown' ? EXIT.failed : EXIT.ok
}

function statusLines(context: CliContext, found: Status): string[] {
  const { language, paths } = context
  return [
    headline(context, found),
    ...(found.safeMode
      ? [
          text(language, 'status.safeMode', {
            since: formatTime(found.safeMode.since),
            reason: terminalSafe(found.safeMode.reason),
          }),
        ]
      : []),
    ...found.agent.notes.map((note) => text(language, 'start.note', { note: terminalSafe(note) })),
    ...found.agent.degraded.map((reason) => text(language, 'status.degraded', { reason: terminalSafe(reason) })),
    ...incidentLines(context, found),
    ...(found.alertsOpen > 0
      ? [text(language, 'status.alertsOpen', { count: found.alertsOpen, file: paths.alertsOpen })]
      : []),
    ...(found.state === 'stopped' || found.state === 'unknown'
      ? [text(language, 'status.startWith', { command: npmOrOttugi('start', paths.home) })]
      : []),
    ...(found.state === 'stopped' ? [] : processLines(context, found)),
    ...found.unknown.map((reason) => text(language, 'status.unreadable', { reason })),
  ]
}

function headline(context: CliContext, found: Status): string {
  const { language, paths } = context
  const isNew = found.state === 'stopped' && !existsSync(paths.desired)
  const key = isNew ? 'state.neverStarted' : (STATE_KEYS[found.state] ?? 'state.unknown')
  const state = text(language, key as 'state.unknown')
  const since = found.since ? Date.now() - Date.parse(found.since) : null
  const sentence =
    since === null
      ? text(language, 'status.plain', { state })
      : text(language, 'status.for', { state, duration: formatDuration(since, language) })
  return `${shapeOf(context, conditionOf(found))} ${sentence}`
}

function conditionOf({ state, agent }: Status): Condition {
  if (state === 'healthy') return agent.degraded.length > 0 ? 'limited' : 'well'
  if (state === 'stopped') return 'off'
  return state === 'maintenance' ? 'limited' : 'wrong'
}

function incidentLines({ language }: CliContext, { incident, lastIncident }: Status): string[] {
  if (incident) {
    return [
      text(language, 'status.incidentOpen', {
        id: incident.id,
        at: formatTime(incident.openedAt),
        fault: incident.fault,
      }),
    ]
  }
  if (!lastIncident) return []
  const { fault, closedAt, downMs } = lastIncident
  return [
    text(language, 'status.lastHealed', {
      at: formatTime(closedAt ?? ''),
      fault,
      down: formatDuration(downMs, language),
    }),
  ]
}

function processLines({ language }: CliContext, found: Status): string[] {
  const none = text(language, 'status.notRunning')
  const { agent, watchdog, dashboard, supervisor, spend } = found
  const row = (label: string, pid: number | null, ...more: string[]) => [
    label,
    pid === null ? none : `pid ${pid}`,
    ...more,
  ]
  const spent = text(language, 'status.spentOf', {
    spent: spend.todayUsd.toFixed(2),
    limit: spend.limitUsd?.toFixed(2) ?? '–',
  })
  const restarts = text(language, 'status.restarts', { count: agent.restarts24h })
  const rows = [
    row(text(language, 'status.agent'), agent.pid, agent.url ?? '', restarts),
    row(text(language, 'status.watchdog'), watchdog.pid),
    row(text(language, 'status.dashboard'), dashboard.pid, dashboard.url ?? ''),
    row(text(language, 'status.supervisor'), supervisor.pid, supervisor.kind),
    [text(language, 'status.spend'), spent],
  ]
  return alignRows(rows).map((line) => `  ${line}`)
}
