/** How alerts look on a terminal. */
import { text, textOf } from '../../shared/messages/text.ts'
import { alignRows } from '../columns.ts'
import type { CliContext } from '../context.ts'
import { formatTime } from '../duration.ts'
import { shapeOf } from '../shape.ts'
import { terminalSafe } from '../terminalSafe.ts'
import type { Alert } from './alerts.ts'

/** One line each, and below it what a person must know of its messages. */
export function tellAlerts(context: CliContext, alerts: readonly Alert[]): void {
  const { language, out } = context
  const rows = alignRows(
    alerts.map(({ id, open, title, file }) => [
      text(language, open ? 'alerts.open' : 'alerts.closed'),
      id,
      terminalSafe(title),
      file,
    ]),
  )
  for (const [index, row] of rows.entries()) {
    const alert = alerts[index]
    out(`${shapeOf(context, alert?.open ? 'wrong' : 'off')} ${row}`)
    if (alert?.acknowledged) out(`    ${acknowledgedBy(context, alert)}`)
    for (const line of alert ? failures(context, alert) : []) out(`    ${line}`)
  }
}

/** Who takes care of it, and every message with what became of it. */
export function tellChannels(context: CliContext, alert: Alert): void {
  const { language, out } = context
  if (alert.acknowledged) out(`\n${acknowledgedBy(context, alert)}`)
  if (alert.messages.length === 0) return
  out(`\n${text(language, 'alert.messages')}`)
  const rows = alert.messages.map(({ channel, kind, state, attempts, queuedAt, endedAt, reason }) => [
    terminalSafe(channel),
    kind,
    text(language, `alert.state.${state}`),
    formatTime(endedAt ?? queuedAt),
    ...(reason
      ? [`${terminalSafe(textOf(language, reason))} (${text(language, 'alert.attempts', { attempts })})`]
      : []),
  ])
  for (const row of alignRows(rows)) out(`    ${row}`)
}

function acknowledgedBy({ language }: CliContext, { acknowledged }: Alert): string {
  const { by, at } = acknowledged ?? { by: '', at: '' }
  return text(language, 'alert.acknowledged', { by: terminalSafe(by), at: formatTime(at) })
}

/** What was not delivered, once a channel: a channel that does not work must not be found out in the next emergency. */
function failures({ language }: CliContext, { messages }: Alert): string[] {
  const failed = messages.filter(({ state, attempts }) => state === 'failed' || (state === 'waiting' && attempts > 0))
  return [...new Map(failed.map((message) => [message.channel, message])).values()].map(({ channel, state, reason }) =>
    text(language, 'alert.notDelivered', {
      channel: terminalSafe(channel),
      state: text(language, `alert.state.${state}`),
      reason: reason ? terminalSafe(textOf(language, reason)) : '–',
    }),
  )
}
