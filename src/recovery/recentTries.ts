/** PURE. What was tried lately, as the repair journal tells it: the same cure for the same fault is not tried again and again. */
import type { JournalEntry, JsonValue } from '../repair/journal.ts'
import { canonicalJson } from '../shared/canonicalJson.ts'
import type { Instant } from '../shared/clock.ts'

/** So far back a try counts, in milliseconds. */
export const LATELY_MS = 600_000
/** Askers of this tier: what they did and what held did not help where they are asked again. */
const OURS: ReadonlySet<string> = new Set(['runbook', 'learned', 'model'])

/** What the answer depends on. `healed` names the repairs after which an incident closed healed. */
export type TriesInput = {
  readonly entries: readonly JournalEntry[]
  readonly fault: string
  readonly healed: ReadonlySet<string>
  readonly now: Instant
  readonly bootId: string
}

/** Why an action would be the same failure again; undefined where nothing speaks against it. */
export type Tries = (action: string, args: JsonValue) => string | undefined

/** Reads the tries of the last ten minutes against one fault. A repair that was refused before its snapshot touched nothing, and does not count. */
export function recentTries({ entries, fault, healed, now, bootId }: TriesInput): Tries {
  const lately = entries.filter((entry) => entry.fault === fault && isRecent(entry, now, bootId))
  const tried = new Map<string, string>()
  for (const steps of Map.groupBy(lately, ({ repairId }) => repairId).values()) {
    const reason = reasonOf(steps, healed)
    const [first] = steps
    if (first && reason) tried.set(keyOf(first.action, first.args), reason)
  }
  return (action, args) => tried.get(keyOf(action, args))
}

function reasonOf(steps: readonly JournalEntry[], healed: ReadonlySet<string>): string | undefined {
  const last = steps.at(-1)
  const wasBegun = steps.some(({ step }) => step === 'snapshot' || step === 'acted' || step === 'undoing')
  if (!last || healed.has(last.repairId)) return undefined
  if (last.step === 'failed' || (last.step === 'undone' && wasBegun))
    return 'it was tried within ten minutes and did not hold'
  return last.step === 'committed' && OURS.has(last.by) ? 'it was done within ten minutes and did not help' : undefined
}

/** A wall clock that went back makes a line of tomorrow: it counts as recent. */
function isRecent(entry: JournalEntry, { monoMs, at }: Instant, bootId: string): boolean {
  if (entry.bootId === bootId) return monoMs - entry.monoMs < LATELY_MS
  return Date.parse(at) - Date.parse(entry.at) < LATELY_MS
}

function keyOf(action: string, args: JsonValue): string {
  return `${action} ${canonicalJson(args)}`
}
