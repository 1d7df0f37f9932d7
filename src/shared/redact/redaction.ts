/**
 * Masks a text that comes in pieces, of any length, in bounded memory. It is worked on in blocks of 64 Ki letters; a block ends where nothing that
 * was found reaches across, which is looked up a good way further. Blocks depend on the text alone, so how it was cut into pieces changes nothing.
 */
import { cover, type Finder, type Span, settle } from './span.ts'

/** Letters of a block, at most. */
const BLOCK = 65_536
/** How far beyond the end of a block is looked, at least: more than the longest key, cookie or wrapped value has. */
const AHEAD = 16_384
/** What is masked may bring something else to light; more rounds than this were never needed. */
const MOST_ROUNDS = 8

/** A text that is being masked. */
export type Redaction = {
  /** Takes a piece; gives what is certain by now. */
  readonly push: (piece: string) => string
  /** Gives the rest. */
  readonly end: () => string
  /** Masks that were set, by kind. */
  readonly counts: ReadonlyMap<string, number>
  /** Letters that the finders were given so far: the measure of the work. */
  readonly examined: () => number
}

/** Begins a redaction. `longest` is the length of the longest thing that must be found whole. */
export function openRedaction(finders: readonly Finder[], longest: number): Redaction {
  const window = BLOCK + Math.max(AHEAD, 2 * longest)
  const counts = new Map<string, number>()
  let waiting = ''
  let isSwallowing = false
  let examined = 0

  const find = (text: string): Span[] => {
    examined += text.length
    const found: Span[] = []
    for (const finder of finders) finder(text, (span) => found.push(span))
    return settle(text, found)
  }
  const masked = (text: string, first: readonly Span[]): string => {
    let spans = first
    let current = text
    for (let round = 0; spans.length > 0 && round < MOST_ROUNDS; round++) {
      current = cover(current, spans, counts)
      spans = find(current)
    }
    return current
  }
  const next = (): string => {
    const text = waiting.slice(0, window)
    const spans = find(text)
    const cut = cutOf(text, spans)
    isSwallowing = cut === window && (spans.at(-1)?.end ?? 0) === window
    waiting = waiting.slice(cut)
    return masked(
      text.slice(0, cut),
      spans.filter(({ end }) => end <= cut),
    )
  }
  const swallow = () => {
    if (!isSwallowing) return
    const end = waiting.search(/[\s"'`,;<>&\\]/)
    isSwallowing = end < 0
    waiting = end < 0 ? '' : waiting.slice(end)
  }
  return {
    counts,
    examined: () => examined,
    push: (piece) => {
      waiting += piece
      let done = ''
      for (swallow(); waiting.length >= window; swallow()) done += next()
      return done
    },
    end: () => {
      const rest = waiting
      waiting = ''
      return masked(rest, find(rest))
    },
  }
}

/** Where a block ends: after a line, else after a space, else anywhere; never inside of what was found, never inside of a letter. */
function cutOf(text: string, spans: readonly Span[]): number {
  const guards = disjoint(spans)
  const line = freeCut(guards, (limit) => text.lastIndexOf('\n', limit - 1) + 1)
  const free =
    line || freeCut(guards, (limit) => text.lastIndexOf(' ', limit - 1) + 1) || freeCut(guards, (limit) => limit)
  if (free > 0) return isInLetter(text, free) ? free - 1 || free + 1 : free
  return guards[0]?.end ?? BLOCK
}

type Guard = { readonly from: number; readonly end: number }

function disjoint(spans: readonly Span[]): Guard[] {
  const guards: { from: number; end: number }[] = []
  for (const { from, end } of spans.toSorted((a, b) => a.from - b.from)) {
    const last = guards.at(-1)
    if (last && from < last.end) last.end = Math.max(last.end, end)
    else guards.push({ from, end })
  }
  return guards
}

/** The last place at or before the end of a block that `before` likes and no guard covers; 0 where there is none. */
function freeCut(guards: readonly Guard[], before: (limit: number) => number): number {
  let at = guards.length - 1
  for (let cut = before(BLOCK); cut > 0; ) {
    while ((guards[at]?.from ?? -1) >= cut) at--
    const guard = guards[at]
    if (!guard || guard.end <= cut) return cut
    cut = guard.from > 0 ? before(guard.from) : 0
  }
  return 0
}

function isInLetter(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code >= 0xdc00 && code <= 0xdfff
}
