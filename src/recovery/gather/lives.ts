/** What the boot ledger tells: how lives of the agent ended, how often it starts, and whether the wall clock went back. */
import { type LedgerRecord, livesOf } from '../../shared/bootledger.ts'
import type { Instant } from '../../shared/clock.ts'
import { endReason } from '../evidence/endReason.ts'
import type { LifeEnd } from '../facts.ts'

/** Most ends that are kept, newest first. */
const MAX_ENDS = 20
const MINUTE_MS = 60_000

/** The lives of the agent that ended unasked in this boot, newest first. Of their last words only those of a closed list are kept. */
export function lifeEndsOf(records: readonly LedgerRecord[], boot: string, nowMonoMs: number): LifeEnd[] {
  const codes = new Map(records.flatMap((one) => (one.kind === 'end' ? [[nameOf(one), one.code] as const] : [])))
  return livesOf(records, 'agent', boot)
    .flatMap(({ start, endMonoMs, planned, endReason: reason }) => {
      if (planned || endMonoMs === undefined) return []
      const code = codes.get(nameOf(start)) ?? null
      return [
        {
          code,
          reason: endReason(reason ?? ''),
          livedMs: Math.round(endMonoMs - start.monoMs),
          agoMs: Math.round(nowMonoMs - endMonoMs),
        },
      ]
    })
    .toReversed()
    .slice(0, MAX_ENDS)
}

function nameOf({ app, pid, startTicks, bootId }: LedgerRecord): string {
  return `${app} ${pid} ${startTicks} ${bootId}`
}

/** Starts of the agent in the last minute. */
export function startsLastMinute(records: readonly LedgerRecord[], boot: string, nowMonoMs: number): number {
  return livesOf(records, 'agent', boot).filter(({ start }) => nowMonoMs - start.monoMs <= MINUTE_MS).length
}

/**
 * By how much the wall clock was set since the newest line of the ledger, in milliseconds; negative where it went back. Over a reboot only going back
 * can be seen. Null without a ledger.
 */
export function clockStepMs(records: readonly LedgerRecord[], boot: string, now: Instant): number | null {
  const last = records.at(-1)
  const thenMs = Date.parse(last?.at ?? '')
  if (!last || Number.isNaN(thenMs)) return null
  const passedMs = Date.parse(now.at) - thenMs
  return Math.round(last.bootId === boot ? passedMs - (now.monoMs - last.monoMs) : Math.min(0, passedMs))
}
