import type { ChannelSettings } from '../shared/config/alertChannels.ts'
import type { DeskPolicy } from './deskState.ts'
import type { QuietHours } from './quietHours.ts'

/** The settings that the desk goes by. */
export type AlertSettings = {
  readonly channels: readonly ChannelSettings[]
  readonly holdMs: number
  readonly reminderMs: number
  readonly escalateMs: number
  readonly quietFrom: string
  readonly quietTo: string
  readonly timeZone: string
  readonly link: string
  readonly deadManVariable: string
  readonly deadManMs: number
}

/** Openings of one fault within an hour count as flapping, and nobody waits more than ten minutes for the word of it. */
const FLAP_WINDOW_MS = 3_600_000
const FLAP_MAX_MS = 600_000
/** At least one reminder a day. */
const REMINDER_MAX_MS = 86_400_000

/** The policy that follows from the settings. */
export function deskPolicy(settings: AlertSettings): DeskPolicy {
  const { channels, holdMs, reminderMs, escalateMs } = settings
  return {
    channels: channels.map(({ name, minSeverity, step }) => ({ name, minSeverity, step })),
    holdMs,
    flapWindowMs: FLAP_WINDOW_MS,
    flapMaxMs: FLAP_MAX_MS,
    reminderMs,
    reminderMaxMs: Math.max(REMINDER_MAX_MS, reminderMs),
    escalateMs,
    quiet: quietHours(settings),
  }
}

function quietHours({ quietFrom, quietTo, timeZone }: AlertSettings): QuietHours | null {
  const from = minuteOf(quietFrom)
  const to = minuteOf(quietTo)
  return from === undefined || to === undefined ? null : { from, to, timeZone }
}

function minuteOf(time: string): number | undefined {
  const [, hour, minute] = /^(\d\d):(\d\d)$/.exec(time) ?? []
  return hour === undefined ? undefined : Number(hour) * 60 + Number(minute)
}
