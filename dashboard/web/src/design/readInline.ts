/** Words within a line of Markdown. Reads each character a bounded number of times, whatever the text is. */

/** A piece of a line. `raw` is how it stood, for what may not be shown as what it says it is. */
export type Inline =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'em' | 'del'; readonly parts: readonly Inline[] }
  | { readonly kind: 'link'; readonly href: string; readonly raw: string; readonly parts: readonly Inline[] }
  | { readonly kind: 'break' }

type Mark = { readonly sign: string; readonly kind: 'strong' | 'em' | 'del' }

/** Longer signs first: `**` is not twice `*`. */
const MARKS: readonly Mark[] = [
  { sign: '**', kind: 'strong' },
  { sign: '__', kind: 'strong' },
  { sign: '~~', kind: 'del' },
  { sign: '*', kind: 'em' },
  { sign: '_', kind: 'em' },
]
const ESCAPED = /[\\`*_{}[\]()#+\-.!~>|<]/
const ADDRESS = /https?:\/\/[^\s<>()[\]"'`*]+/y
const LINK_END = /\(\s*<?([^\s()<>]*)>?(?:\s+"[^"\n]{0,200}")?\s*\)/y
const MOST_DEPTH = 6
/** How far a sign looks for its other half, in characters. */
const REACH = 4_000

/** Reads a line, or several that belong together. */
export function readInline(text: string, depth = 0): Inline[] {
  const parts: Inline[] = []
  let plain = ''
  const flush = () => {
    if (plain) parts.push({ kind: 'text', text: plain })
    plain = ''
  }
  for (let at = 0; at < text.length; ) {
    const found = depth < MOST_DEPTH ? readAt(text, at, depth) : undefined
    if (found?.part) {
      flush()
      parts.push(found.part)
    } else plain += found ? found.plain : text[at]
    at = found ? found.end : at + 1
  }
  flush()
  return parts
}

/** What begins there: a piece, or plain text in another form than it stands there; undefined for a plain character. */
type Found =
  | { readonly part: Inline; readonly end: number }
  | { readonly part?: undefined; readonly plain: string; readonly end: number }

function readAt(text: string, at: number, depth: number): Found | undefined {
  const sign = text[at] ?? ''
  if (sign === '\\' && ESCAPED.test(text[at + 1] ?? '')) return { plain: text[at + 1] ?? '', end: at + 2 }
  if (sign === '\n') return readBreak(text, at)
  if (sign === '`') return readCode(text, at)
  if (sign === '[' || (sign === '!' && text[at + 1] === '[')) return readLink(text, at, depth)
  if (sign === 'h') return readAddress(text, at)
  return readMarked(text, at, depth)
}

function readBreak(text: string, at: number): Found {
  const isHard = text.endsWith('  ', at) && at >= 2
  return isHard ? { part: { kind: 'break' }, end: at + 1 } : { plain: ' ', end: at + 1 }
}

function readCode(text: string, at: number): Found {
  let open = at
  while (text[open] === '`') open++
  const fence = text.slice(at, open)
  const close = text.indexOf(fence, open)
  if (close < 0 || close - open > REACH) return { plain: fence, end: open }
  return { part: { kind: 'code', text: text.slice(open, close) }, end: close + fence.length }
}

function readLink(text: string, at: number, depth: number): Found | undefined {
  const isPicture = text[at] === '!'
  const open = isPicture ? at + 2 : at + 1
  const close = text.indexOf(']', open)
  if (close < 0 || close - open > REACH || text[close + 1] !== '(') return undefined
  LINK_END.lastIndex = close + 1
  const [whole, href] = LINK_END.exec(text) ?? []
  if (whole === undefined || !href) return undefined
  const end = close + 1 + whole.length
  const words = text.slice(open, close) || href
  const parts: Inline[] = isPicture ? [{ kind: 'text', text: words }] : readInline(words, depth + 1)
  return { part: { kind: 'link', href, raw: text.slice(at, end), parts }, end }
}

function readAddress(text: string, at: number): Found | undefined {
  if (/\w/.test(text[at - 1] ?? '')) return undefined
  ADDRESS.lastIndex = at
  const raw = ADDRESS.exec(text)?.[0].replace(/[.,:;!?]+$/, '')
  if (!raw) return undefined
  return { part: { kind: 'link', href: raw, raw, parts: [{ kind: 'text', text: raw }] }, end: at + raw.length }
}

function readMarked(text: string, at: number, depth: number): Found | undefined {
  const mark = MARKS.find(({ sign }) => text.startsWith(sign, at))
  if (!mark) return undefined
  const { sign, kind } = mark
  const open = at + sign.length
  const close = closeOf(text, open, sign)
  // Within a word an underscore is part of the word: a_name_like_this.
  const isInWord = sign.startsWith('_') && (/\w/.test(text[at - 1] ?? '') || /\w/.test(text[close + sign.length] ?? ''))
  if (close <= open || isInWord || /\s/.test(text[open] ?? ' ')) return { plain: sign, end: open }
  return { part: { kind, parts: readInline(text.slice(open, close), depth + 1) }, end: close + sign.length }
}

/** Where the sign ends what it began: behind a character, and not as part of a longer sign. */
function closeOf(text: string, open: number, sign: string): number {
  const last = open + REACH
  for (let at = text.indexOf(sign, open); at >= 0 && at < last; at = text.indexOf(sign, at + 1)) {
    const isLonger = sign.length === 1 ? text[at + 1] === sign || text[at - 1] === sign : text[at + 2] === sign[0]
    if (!isLonger && !/\s/.test(text[at - 1] ?? ' ') && text[at - 1] !== '\\') return at
  }
  return -1
}
