/** Reads a value out of a text: where it begins and ends, in quotes or without. */
import { MASK } from './span.ts'

/** A value in a text: without its quotes. `quote` is empty where it has none. */
export type ValueAt = { readonly start: number; readonly end: number; readonly quote: string }

/** An opening quote, with the backslashes of every JSON text that it stands in. */
const OPENING = /(\\{0,7})(["'`])/y

/**
 * A value without quotes ends at white space, a quote or an escaped line break. A comma or a closing bracket ends it too, where no further letter
 * of it follows: passwords hold commas. Each step looks ahead a fixed number of letters.
 */
const BARE = new RegExp(
  `(?:(?=${MASK})|(?![,;&|<>()\\[\\]{}]))(?:${MASK}|\\\\(?![nrt"'\`\\\\])|[^\\s"'\`,;&|<>()\\[\\]{}\\\\]|[,;&|<>()\\[\\]{}](?=[\\w!@#$%^*+=/~?-])(?![\\w.-]{1,40}[ \\t]?["']?[:=]))+`,
  'y',
)

/** The value that begins at `at`; undefined where none does. */
export function valueAt(text: string, at: number): ValueAt | undefined {
  return quotedAt(text, at) ?? bareAt(text, at)
}

/** The value in quotes that opens at `at`. One that is not closed ends with its line. */
export function quotedAt(text: string, at: number): ValueAt | undefined {
  OPENING.lastIndex = at
  const [whole, escapes = '', quote = ''] = OPENING.exec(text) ?? []
  if (whole === undefined) return undefined
  const start = at + whole.length
  return { start, end: closingAt(text, start, quote, escapes.length), quote }
}

/** Where the content ends: before the quote that has as many backslashes as the opening one, or fewer. */
function closingAt(text: string, start: number, quote: string, depth: number): number {
  let escapes = 0
  for (let at = start; at < text.length; at++) {
    const letter = text[at]
    if (letter === '\n') return text[at - 1] === '\r' ? at - 1 : at
    if (letter === '\\') escapes++
    else {
      if (letter === quote && isClosing(escapes, depth)) return at - Math.min(escapes, depth)
      escapes = 0
    }
  }
  return text.length
}

function isClosing(escapes: number, depth: number): boolean {
  return depth === 0 ? escapes % 2 === 0 : escapes <= depth
}

/** The value without quotes that begins at `at`. */
export function bareAt(text: string, at: number): ValueAt | undefined {
  BARE.lastIndex = at
  const found = BARE.exec(text)?.[0]
  if (!found) return undefined
  // The full stop of a sentence is not part of it.
  const trimmed = found.length > 1 ? found.replace(/[.:]$/, '') : found
  return { start: at, end: at + trimmed.length, quote: '' }
}
