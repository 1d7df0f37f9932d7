/** How many changed lines of each side are shown. */
const SHOWN = 6

/** What differs between two short texts, on one line: lines that are only in `before` with `-`, only in `after` with `+`. For a note, not for a patch. */
export function shortDiff(before: string, after: string): string {
  const old = before.split('\n')
  const fresh = after.split('\n')
  const gone = only(old, new Set(fresh)).map((line) => `-${line}`)
  const come = only(fresh, new Set(old)).map((line) => `+${line}`)
  const lines = [...gone.slice(0, SHOWN), ...come.slice(0, SHOWN)]
  const more = gone.length + come.length - lines.length
  return `${lines.join(' | ')}${more > 0 ? ` | … ${more} more` : ''}`
}

function only(lines: readonly string[], others: ReadonlySet<string>): string[] {
  return lines.filter((line) => !others.has(line) && line.trim() !== '').map((line) => line.trim().slice(0, 120))
}
