/** PURE. Puts pages of the logs together: newest first, each line once, in bounded number. */
import type { LogLine } from '../../../../contractViews.ts'

/** Most lines that the page keeps; beyond it the oldest go, and can be asked for again. */
export const MOST_LINES = 2_000

/** Older lines go to the end. Both lists are newest first. */
export function addOlder(known: readonly LogLine[], older: readonly LogLine[]): readonly LogLine[] {
  return [...known, ...afterOverlap(known, older)]
}

/** What was written since goes to the beginning. `hasGap`: nothing of the new page was known, so lines may lie between. */
export function addNewer(
  known: readonly LogLine[],
  page: readonly LogLine[],
  most = MOST_LINES,
): { readonly lines: readonly LogLine[]; readonly added: number; readonly hasGap: boolean } {
  const fresh = page.slice(0, page.length - overlapOf(page, known))
  if (fresh.length === 0) return { lines: known, added: 0, hasGap: false }
  const hasGap = known.length > 0 && fresh.length === page.length
  return { lines: [...fresh, ...known].slice(0, most), added: fresh.length, hasGap }
}

/** The older page without the lines that the end of the known ones has already. */
function afterOverlap(known: readonly LogLine[], older: readonly LogLine[]): readonly LogLine[] {
  return older.slice(overlapOf(known, older))
}

/** How many lines at the end of the newer list are the beginning of the older one. Two equal lines in a row are two lines. */
function overlapOf(newer: readonly LogLine[], older: readonly LogLine[]): number {
  for (let size = Math.min(newer.length, older.length); size > 0; size--) {
    if (isSamePart(newer, older, size)) return size
  }
  return 0
}

function isSamePart(newer: readonly LogLine[], older: readonly LogLine[], size: number): boolean {
  for (let at = 0; at < size; at++) {
    const [left, right] = [newer[newer.length - size + at], older[at]]
    if (!left || !right || left.at !== right.at || left.app !== right.app || left.raw !== right.raw) return false
  }
  return true
}
