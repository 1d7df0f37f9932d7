import { useComputed, useSignal, useSignalEffect } from '@preact/signals'
import { nowMs } from '../app/clock.ts'
import { DASH, formatClock, formatDuration, formatMoment, formatRelative } from '../app/format.ts'
import { language } from '../app/text.ts'

type TimeProps = {
  /** ISO 8601; null where it is not known. */
  readonly at: string | null
  /** `clock` "14:02" (default), `precise` "14:02:33", `relative` "3 min ago", `since` "3 d 4 h", `full`. */
  readonly as?: 'clock' | 'precise' | 'relative' | 'since' | 'full'
}

/** A moment in the reader's zone, in full in its title. What ticks is its text node alone: nothing around it is rendered anew. */
export function Time({ at, as = 'clock' }: TimeProps) {
  // The props go into signals, so that the computed words follow both them and the clock.
  const moment = useSignal(at)
  const manner = useSignal(as)
  moment.value = at
  manner.value = as
  const words = useComputed(() => wordsOf(moment.value, manner.value))
  const full = useSignal('')
  useSignalEffect(() => {
    full.value = moment.value === null ? '' : formatMoment(Date.parse(moment.value), language.value)
  })
  if (at === null || !Number.isFinite(Date.parse(at))) return <span class="dash">{DASH}</span>
  return (
    <time dateTime={at} title={full.value}>
      {words}
    </time>
  )
}

function wordsOf(at: string | null, as: NonNullable<TimeProps['as']>): string {
  if (at === null) return DASH
  const atMs = Date.parse(at)
  if (as === 'relative') return formatRelative(atMs, nowMs.value, language.value)
  if (as === 'since') return formatDuration(nowMs.value - atMs, language.value)
  if (as === 'full') return formatMoment(atMs, language.value)
  // The day changes too rarely to follow each second.
  return formatClock(atMs, nowMs.peek(), language.value, as === 'precise')
}
