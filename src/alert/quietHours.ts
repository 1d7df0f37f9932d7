/** A time of each day in which only criticals may disturb. `from` and `to` are minutes of the day; it may run over midnight. */
export type QuietHours = { readonly from: number; readonly to: number; readonly timeZone: string }

let cached: { readonly timeZone: string; readonly format: Intl.DateTimeFormat } | undefined

/** PURE. Is it quiet at that moment of the wall clock (ms since 1970)? Equal ends mean never. The zone's own clock counts, summer time included. */
export function isQuiet(wall: number, quiet: QuietHours | null): boolean {
  if (quiet === null || quiet.from === quiet.to) return false
  const minute = minuteOfDay(wall, quiet.timeZone)
  return quiet.from < quiet.to ? minute >= quiet.from && minute < quiet.to : minute >= quiet.from || minute < quiet.to
}

function minuteOfDay(wall: number, timeZone: string): number {
  if (cached?.timeZone !== timeZone) cached = { timeZone, format: formatOf(timeZone) }
  const parts = cached.format.formatToParts(wall)
  const numberOf = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0)
  return numberOf('hour') * 60 + numberOf('minute')
}

/** Making one takes far longer than using it. An empty zone is that of the machine. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const zone = timeZone === '' ? {} : { timeZone }
  return new Intl.DateTimeFormat('en-GB', { ...zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
}
