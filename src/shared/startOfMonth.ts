/** The wall clock at the last first of a month, in the reader's zone, in milliseconds. */
export function startOfMonth(now: number): number {
  const at = new Date(now)
  return new Date(at.getFullYear(), at.getMonth(), 1).getTime()
}
