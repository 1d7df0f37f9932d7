/** What could not be restored, exactly. PURE. */
export type Loss = {
  /** First and last number of each run of missing events. */
  readonly ranges: readonly (readonly [number, number])[]
  /** Tables that could not be read whole: what came into them since the backup may be missing. */
  readonly unsureTables: readonly string[]
  /** True when nothing at all was left. */
  readonly isAll: boolean
  /** What was done so that it is safe to go on, a sentence each. */
  readonly notes?: readonly string[]
}

/** How many ranges are named one by one. */
const NAMED = 8

/** The runs of numbers from `from` to `to` that are not among the sorted `numbers`. */
export function missingRanges(numbers: readonly number[], from: number, to: number): [number, number][] {
  const ranges: [number, number][] = []
  let expected = from
  for (const number of numbers) {
    if (number < expected) continue
    if (number > to) break
    if (number > expected) ranges.push([expected, number - 1])
    expected = number + 1
  }
  if (expected <= to) ranges.push([expected, to])
  return ranges
}

/** The loss in one sentence: `events 812–815 (4) could not be restored`. */
export function describeLoss({ ranges, unsureTables, isAll, notes = [] }: Loss): string {
  const count = ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0)
  const named = ranges.slice(0, NAMED).map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`))
  const more = ranges.length > NAMED ? ` and ${ranges.length - NAMED} further ranges` : ''
  const events = count > 0 ? `events ${named.join(', ')}${more} (${count}) could not be restored` : 'no event was lost'
  if (isAll)
    return count > 0 ? `nothing was left to restore: ${events}` : 'nothing was left to restore: a new database begins'
  const tables =
    unsureTables.length > 0 ? `; in ${unsureTables.join(', ')} changes since the backup may be missing` : ''
  return [`${events}${tables}`, ...notes].join('; ')
}
