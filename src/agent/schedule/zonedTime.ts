/** Local times of a zone and the instants they stand for, by the rules that Intl knows. */

const DAY_MS = 86_400_000
const FORMATS = new Map<string, Intl.DateTimeFormat>()

/** Is this the IANA name of a zone? */
export function isZone(zone: string): boolean {
  try {
    formatOf(zone)
    return true
  } catch {
    return false
  }
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = FORMATS.get(zone)
  if (known) return known
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
  })
  FORMATS.set(zone, format)
  return format
}

/** The local time at an instant, written as milliseconds as if it were UTC; whole seconds. */
export function localMs(instantMs: number, zone: string): number {
  const parts: Record<string, number> = {}
  for (const { type, value } of formatOf(zone).formatToParts(instantMs)) parts[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

/** Turns local times of one day into instants. */
export type DayClock = (local: number) => number

/**
 * The clock of the local day that begins at `dayMs` (written as UTC). A local time that does not exist is the first instant after the gap; one that
 * exists twice is the first of the two. So each local time is one instant.
 */
export function dayClock(dayMs: number, zone: string): DayClock {
  // No zone is further from UTC than 14 hours east and 12 hours west: the day and the hours around it lie in between.
  const before = offsetAt(dayMs - 15 * 3_600_000, zone)
  const after = offsetAt(dayMs + DAY_MS + 13 * 3_600_000, zone)
  if (before === after) return (local) => local - before
  return (local) => {
    const early = local - Math.max(before, after)
    const late = local - Math.min(before, after)
    if (localMs(early, zone) === local) return early
    return localMs(late, zone) === local ? late : changeBetween(early, late, zone)
  }
}

function offsetAt(instantMs: number, zone: string): number {
  return localMs(instantMs, zone) - instantMs
}

/** The first second that has the later offset. */
function changeBetween(fromMs: number, toMs: number, zone: string): number {
  const old = offsetAt(fromMs, zone)
  let [from, to] = [fromMs, toMs]
  while (to - from > 1_000) {
    const middle = from + Math.floor((to - from) / 2_000) * 1_000
    if (offsetAt(middle, zone) === old) from = middle
    else to = middle
  }
  return to
}
