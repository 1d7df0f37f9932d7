/** Finds the values of HTTP headers that let somebody in, as they stand in requests, in JSON, in code and in commands. */
import { isPlaceholder, isPlainWord } from './ordinary.ts'
import type { Add, Finder } from './span.ts'
import { bareAt, quotedAt, type ValueAt } from './valueAt.ts'

const NAMES = [
  '(?:proxy-)?authorization|(?:set-)?cookie2?',
  '(?:x-)?(?:api|auth|access|csrf|xsrf|session|secret|private|job|deploy|refresh|id|vault|goog-api|functions|ocp-apim-subscription)-(?:key|token|secret)',
  'x-[a-z-]{0,40}(?:token|secret|api-?key|signature|credential|password)(?:-256)?|(?:stripe|svix|webhook|paypal-transmission)-(?:signature|sig)',
].join('|')

const NAME = new RegExp(
  `(?<![\\w-])(${NAMES})(\\\\{0,7}["'\`])?([ \\t]{0,4}[:=,][ \\t]{0,4}(?:\\[[ \\t]{0,4}(?=["'\`]))?)`,
  'gi',
)

/** Who may begin a value without being secret. */
const SCHEME =
  /(?:Bearer|Basic|Token|ApiKey|Api-Key|Key|Bot|Negotiate|NTLM|GoogleLogin|GenieKey|Splunk|KakaoAK|SSWS|PRIVATE-TOKEN)[ \t]{1,4}(?:token=)?/iy
/** Schemes with a list of things after them: all of it goes. */
const LISTS = /(?:Digest|OAuth|Signature|Hawk|AWS4-HMAC-SHA256|HMAC[\w-]{0,20})[ \t]/iy

/** A scheme and its token without the header's name. */
const ALONE = /(?<![\w-])(Bearer|Basic|KakaoAK|SSWS)[ \t]{1,4}([A-Za-z0-9._~+/=-]{8,})/gi

/** The finder of headers. */
export const findHeaders: Finder = (text, add) => {
  NAME.lastIndex = 0
  for (let match = NAME.exec(text); match; match = NAME.exec(text)) {
    const [whole, name = '', quote = '', sign = ''] = match
    const at = match.index + whole.length
    const value = quotedAt(text, at) ?? (isRaw(quote, sign) ? rawAt(text, at, name) : undefined)
    const isListed = sign.trim() === ','
    const end =
      value && !(isListed && isNoListed(text, value, quote)) ? addValue(text, value, match.index, add) : undefined
    NAME.lastIndex = Math.max(end ?? 0, at)
  }
  findAlone(text, add)
}

/** Without quotes only a colon, or a sign of equality without spaces as in a form. */
function isRaw(quote: string, sign: string): boolean {
  return quote === '' && (sign.trim() === ':' || sign === '=')
}

/** In a list (`rawHeaders`) the value is the next string; in a list of names it is a name. */
function isNoListed(text: string, { start, end }: ValueAt, quote: string): boolean {
  return quote === '' || !/\d/.test(text.slice(start, Math.min(end, start + 200)))
}

function addValue(text: string, value: ValueAt, from: number, add: Add): number | undefined {
  SCHEME.lastIndex = value.start
  const start = value.start + (SCHEME.exec(text)?.[0].length ?? 0)
  if (start >= value.end || isNoSecret(text.slice(start, Math.min(value.end, start + 200)))) return undefined
  add({ from, start, end: value.end, kind: 'header' })
  return value.end
}

function isNoSecret(given: string): boolean {
  return isPlaceholder(given) || isPlaceholder(given.split(/[\s,.]/)[0] ?? '') || isPlainWord(given)
}

/** A header in the raw: cookies and lists run to the end of their line, a token to the next white space. */
function rawAt(text: string, at: number, name: string): ValueAt | undefined {
  LISTS.lastIndex = at
  if (text[at - 1] !== '=' && (/cookie/i.test(name) || LISTS.test(text)))
    return { start: at, end: lineEnd(text, at), quote: '' }
  SCHEME.lastIndex = at
  const start = at + (SCHEME.exec(text)?.[0].length ?? 0)
  return bareAt(text, start)
}

/** Everything of a header's line: strings of parts (`realm="…"`), and no line break, real or escaped, and no quote. */
const LINE = /(?:="[^"\r\n]{0,2048}"|\\(?![nr"'`])|[^\r\n"'`\\])*/y

function lineEnd(text: string, from: number): number {
  LINE.lastIndex = from
  return from + (LINE.exec(text)?.[0].length ?? 0)
}

function findAlone(text: string, add: Add): void {
  for (const match of text.matchAll(ALONE)) {
    const [whole, scheme = '', token = ''] = match
    if (
      !(scheme.toLowerCase() === 'basic'
        ? isCredentialPair(token)
        : /[\d._~+/=-]/.test(token) && hasMixedLetters(token))
    )
      continue
    const start = match.index + whole.length - token.length
    add({ from: match.index, start, end: start + token.length, kind: 'header' })
  }
}

/** `name:password` in base64. */
function isCredentialPair(token: string): boolean {
  return /^[^\p{Cc}\ufffd]*:[^\p{Cc}\ufffd]*$/u.test(Buffer.from(token.slice(0, 400), 'base64').toString('utf8'))
}

function hasMixedLetters(token: string): boolean {
  return /\d/.test(token) || (/[a-z][A-Z]/.test(token) && token.length >= 16)
}
