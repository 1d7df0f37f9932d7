import type { DeskChannel, DeskPolicy, Moment } from './deskState.ts'
import { isQuiet } from './quietHours.ts'
import { isAtLeast, type Severity } from './severity.ts'

/** PURE. May anybody be disturbed by this now? Nothing goes out in maintenance, and criticals alone in quiet hours. */
export function isAllowed(severity: Severity, moment: Moment, { quiet }: Pick<DeskPolicy, 'quiet'>): boolean {
  return !moment.isMaintenance && (severity === 'critical' || !isQuiet(moment.wall, quiet))
}

/** A channel that wants such a message, and how many steps after the first ones. */
export type Turned = { readonly name: string; readonly step: number }

/** PURE. The channels that want this severity. The lowest step among them counts as the first: nobody waits for a step that is empty. */
export function channelsFor(severity: Severity, channels: readonly DeskChannel[]): Turned[] {
  const wanting = channels.filter(({ minSeverity }) => isAtLeast(severity, minSeverity))
  const first = Math.min(...wanting.map(({ step }) => step))
  return wanting.map(({ name, step }) => ({ name, step: step - first }))
}

/** PURE. Those of them that are told at once. */
export function firstChannels(severity: Severity, channels: readonly DeskChannel[]): string[] {
  return channelsFor(severity, channels)
    .filter(({ step }) => step === 0)
    .map(({ name }) => name)
}
