/** A place in a text that must not be shown. Offsets are UTF-16 code units; `end` is the first one after it. */
export type Span = {
  /** Where the words begin that make it a secret (`password=`): a text is never cut between them and it. */
  readonly from: number
  readonly start: number
  readonly end: number
  readonly kind: string
}

/** Takes one place that a finder found. */
export type Add = (span: Span) => void

/** Looks for one class of secrets in a text and adds every place it finds. Never throws; its time grows with the length of the text only. */
export type Finder = (text: string, add: Add) => void

/** A mask in a text, ours or an older one without a kind. */
export const MASK = '\\[masked(?::[a-z0-9-]{1,16})?\\]'

const MASKS = new RegExp(MASK, 'g')
const ONLY_MASKS = new RegExp(`^(?:${MASK})+$`)

/** The word that stands where a secret stood. */
function maskOf(kind: string): string {
  return `[masked:${kind}]`
}

/** A found place or, without a kind, a mask that stands in the text already. */
type Piece = { from: number; start: number; end: number; kind: string | undefined; order: number }

/**
 * Puts found places in order: none overlaps another, none cuts a mask in two, none is only a mask. Of places that overlap, the kind that was
 * found first names the whole.
 */
export function settle(text: string, found: readonly Span[]): Span[] {
  if (found.length === 0) return []
  const pieces: Piece[] = found.map((span, order) => ({ ...span, order }))
  for (const [mask, start] of masksIn(text)) {
    pieces.push({ from: start, start, end: start + mask.length, kind: undefined, order: Number.POSITIVE_INFINITY })
  }
  pieces.sort((a, b) => a.start - b.start || a.order - b.order)
  return merged(pieces).flatMap(({ from, start, end, kind }) =>
    kind === undefined || end <= start || ONLY_MASKS.test(text.slice(start, end)) ? [] : [{ from, start, end, kind }],
  )
}

function masksIn(text: string): [string, number][] {
  return text.includes('[masked') ? Array.from(text.matchAll(MASKS), (match) => [match[0], match.index]) : []
}

function merged(pieces: readonly Piece[]): Piece[] {
  const groups: Piece[] = []
  for (const piece of pieces) {
    const last = groups.at(-1)
    if (!last || piece.start >= last.end) {
      groups.push({ ...piece })
      continue
    }
    last.end = Math.max(last.end, piece.end)
    last.from = Math.min(last.from, piece.from)
    if (piece.order < last.order) {
      last.kind = piece.kind
      last.order = piece.order
    }
  }
  return groups
}

/** Writes masks over settled places and counts them by kind. */
export function cover(text: string, spans: readonly Span[], counts: Map<string, number>): string {
  let covered = ''
  let at = 0
  for (const { start, end, kind } of spans) {
    covered += text.slice(at, start) + maskOf(kind)
    at = end
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  return covered + text.slice(at)
}
