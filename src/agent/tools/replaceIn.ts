/** PURE. Replaces a text in another one, keeps its line ends, and finds what comes nearest where it is not there. */

/** What is replaced by what. */
export type Replacement = { readonly old: string; readonly new: string; readonly all?: boolean | undefined }

/** The new text, or why there is none. */
export type Replaced =
  | { readonly ok: true; readonly text: string; readonly count: number }
  | { readonly ok: false; readonly isMissing: boolean; readonly reason: string; readonly hint: string }

/** Replaces it. In a file with CRLF a text with plain line breaks is taken for one with CRLF. */
export function replaceIn(text: string, wanted: Replacement): Replaced {
  const { old, next } = inLineEndsOf(text, wanted)
  if (old === next) return refused(false, 'old and new are the same', 'nothing would change')
  const pieces = text.split(old)
  const count = pieces.length - 1
  // Also where the places overlap: which of them is meant?
  const isTwice = text.indexOf(old) !== text.lastIndexOf(old)
  if (count === 0) return refused(true, 'old is not in the file', missingHint(text, old))
  if (isTwice && wanted.all !== true) {
    const lines = startLines(text, pieces, old).join(', ')
    return refused(
      false,
      `old is more than once in the file (lines ${lines})`,
      'take more of the lines around it, or set all',
    )
  }
  return { ok: true, text: pieces.join(next), count }
}

function refused(isMissing: boolean, reason: string, hint: string): Replaced {
  return { ok: false, isMissing, reason, hint }
}

function inLineEndsOf(text: string, { old, new: next }: Replacement): { old: string; next: string } {
  const isCrlf = text.includes('\r\n') && !/(^|[^\r])\n/.test(text)
  if (!isCrlf || old.includes('\r\n')) return { old, next }
  return { old: old.replaceAll('\n', '\r\n'), next: next.replace(/\r?\n/g, '\r\n') }
}

const MAX_LINES_NAMED = 5

function startLines(text: string, pieces: readonly string[], old: string): (number | string)[] {
  const named: (number | string)[] = []
  let at = 0
  for (const piece of pieces.slice(0, MAX_LINES_NAMED)) {
    at += piece.length
    if (at < text.length) named.push(text.slice(0, at).split('\n').length)
    at += old.length
  }
  return pieces.length - 1 > MAX_LINES_NAMED ? [...named, '…'] : named
}

function missingHint(text: string, old: string): string {
  if (squeezed(text).includes(squeezed(old)))
    return 'it is there with other spaces or line breaks: copy them from the file'
  return 'read the file again and copy the lines exactly, without their numbers'
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

const SHOWN_AROUND = 2
const MAX_LINE = 200

/** The lines of a text that are most like a wanted one, with numbers; empty where nothing is like it. */
export function nearestLines(text: string, wanted: string): string {
  const lines = text.split(/\r?\n/)
  const wantedLine = wanted.split(/\r?\n/).find((line) => line.trim() !== '') ?? ''
  const pairs = pairsOf(wantedLine)
  if (pairs.size === 0) return ''
  const scored = lines.map((line, index) => ({ index, score: likeness(pairs, pairsOf(line)) }))
  const best = scored.reduce((a, b) => (b.score > a.score ? b : a))
  if (best.score < 0.4) return ''
  const from = Math.max(0, best.index - SHOWN_AROUND)
  const shown = lines.slice(from, best.index + SHOWN_AROUND + 1)
  return ['Nearest lines:', ...shown.map((line, offset) => `${from + offset + 1}\t${line.slice(0, MAX_LINE)}`)].join(
    '\n',
  )
}

/** Pairs of neighbouring letters; how many two lines share says how alike they are (Dice's coefficient). */
function pairsOf(line: string): ReadonlySet<string> {
  const plain = line.slice(0, 1_000).replace(/\s+/g, ' ').trim().toLowerCase()
  return new Set(Array.from({ length: Math.max(0, plain.length - 1) }, (_, index) => plain.slice(index, index + 2)))
}

function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const shared = [...a].filter((pair) => b.has(pair)).length
  return a.size + b.size === 0 ? 0 : (2 * shared) / (a.size + b.size)
}
