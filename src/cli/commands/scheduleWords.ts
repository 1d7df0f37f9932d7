import type { Language } from '../../shared/messages/message.ts'
import { text } from '../../shared/messages/text.ts'
import type { ListedJob, Trigger } from '../../shared/schedule/job.ts'
import { formatDuration } from '../duration.ts'
import { terminalSafe } from '../terminalSafe.ts'

/** When a job is due, in words. */
export function triggerWords(trigger: Trigger, language: Language): string {
  switch (trigger.kind) {
    case 'cron':
      return terminalSafe(trigger.line)
    case 'every':
      return text(language, 'schedule.every', { time: formatDuration(trigger.everyMs, language) })
    case 'at':
      return text(language, 'schedule.at', { at: terminalSafe(trigger.at) })
    case 'file':
      return text(language, 'schedule.onFile', { path: terminalSafe(trigger.path) })
    case 'incident':
      return text(language, 'schedule.onIncident')
    case 'webhook':
      return text(language, 'schedule.onWebhook')
  }
}

/** The next due moment in the job's zone, or why there is none. */
export function nextWords(
  { paused, nextMs, zone }: Pick<ListedJob, 'paused' | 'nextMs' | 'zone'>,
  language: Language,
): string {
  if (paused) return text(language, 'schedule.isPaused')
  return nextMs === null ? text(language, 'schedule.never') : whenWords(nextMs, zone)
}

/** A moment in a zone: `2026-11-23 08:00:00 Asia/Seoul`. A zone that this machine does not know is told in UTC. */
export function whenWords(ms: number, zone: string): string {
  try {
    return `${new Date(ms).toLocaleString('sv-SE', { timeZone: zone })} ${zone}`
  } catch {
    return new Date(ms).toISOString()
  }
}
