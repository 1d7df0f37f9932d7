/** Finds values beside a name that says they are secret: `password=…`, `"token": "…"`, `<secret>…</secret>`, `비밀번호: …`. */
import { nameBefore, type SecretName, stemPattern } from './keys.ts'
import { isElsewhere, isMethodName, isPlaceholder, isPlainWord } from './ordinary.ts'
import type { Add, Finder } from './span.ts'
import { type ValueAt, valueAt } from './valueAt.ts'

const STEM = stemPattern()
/** Between name and value: the closing quote of the name, and a sign. */
const SIGN = /(\\{0,7}["'`]\]?|\])?([ \t]{0,8})(={1,3}>?|[:：＝]=?)([ \t]{0,8})/y
/** A list of names and values: `{"name":"DB_PASSWORD","value":"…"}`. */
const LISTED = /\\{0,7}["'`][ \t]?,[ \t]?\\{0,7}["'`]value\\{0,7}["'`][ \t]?:[ \t]?/y
/** In prose: `password is …`, `비밀번호는 …`. */
const COPULA =
  /(?:[ \t]{1,3}(?:is|was|will be|set to|changed to|=)[ \t]{1,3}|(?: ?값)?(?:은|는|이|가|를|을)[ \t]{1,3})(?:[:=] ?)?/y
/** A string right after the name, as in SQL. */
const GAP = /[ \t]{1,3}(?=')/y
/** What code writes on the right of an assignment. */
const CODE =
  /^(?:(?:await|new|typeof|function|async|require|import|return)\b|[A-Za-z_$]+(?:\??\.[A-Za-z_$]+)+(?:$|[\s,;)}])|[A-Za-z_$.]+(?:\(|<[A-Za-z]|\[['"\w]|[ \t]{1,2}(?:\?\??|[=!]==|<|\|\||&&)[ \t])|\/[\^(\\])/
const IDENTIFIER = /^[A-Za-z_$][A-Za-z_$]*$/

type Key = SecretName & { readonly end: number }

/** How value and name are joined: `sign` is empty in prose. */
type Join = { readonly sign: string; readonly isSpaced: boolean; readonly valueAt: number }

/** The finder of fields. */
export const findFields: Finder = (text, add) => {
  STEM.lastIndex = 0
  for (let match = STEM.exec(text); match; match = STEM.exec(text)) {
    const end = match.index + match[0].length
    const next = fieldAt(text, end, add)
    // Never before the end of the name: the pattern must get on.
    STEM.lastIndex = Math.max(next, end)
  }
  findElements(text, add)
}

/** Adds the value of the name that ends at `end`; gives where to go on. */
function fieldAt(text: string, end: number, add: Add): number {
  const join = joinAfter(text, end)
  const name = join && nameBefore(text, end)
  const value = name && valueAt(text, join.valueAt)
  if (!value || value.end === value.start || !isSecret(text, value, { ...name, end }, join)) return end
  add({ from: end - name.name.length, start: value.start, end: value.end, kind: 'field' })
  return value.end
}

function joinAfter(text: string, end: number): Join | undefined {
  SIGN.lastIndex = end
  const signed = SIGN.exec(text)
  if (signed) {
    const [whole, , before = '', sign = '', after = ''] = signed
    return {
      sign: before === '' ? sign : ` ${sign}`,
      isSpaced: before !== '' || after !== '',
      valueAt: end + whole.length,
    }
  }
  LISTED.lastIndex = end
  const listed = LISTED.exec(text)
  if (listed) return { sign: ':', isSpaced: false, valueAt: end + listed[0].length }
  COPULA.lastIndex = end
  const said = COPULA.exec(text)
  if (said) return { sign: '', isSpaced: true, valueAt: end + said[0].length }
  GAP.lastIndex = end
  const gap = GAP.exec(text)
  return gap ? { sign: ' ', isSpaced: false, valueAt: end + gap[0].length } : undefined
}

function isSecret(text: string, value: ValueAt, key: Key, join: Join): boolean {
  const given = text.slice(value.start, Math.min(value.end, value.start + 200))
  if (isHarmless(given, key.name) || isOuterQuote(text, value, key)) return false
  if (value.quote !== '' && join.sign !== '') return key.isStrong || isQuotedToken(given, key, join)
  if (join.sign === '') return isSaid(given, key)
  return !isProse(text, value, key, join) && (key.isStrong || isTokenLike(given, key))
}

/** What hides nothing, however it is joined to its name. */
function isHarmless(given: string, name: string): boolean {
  return isPlaceholder(given) || /^\d{1,3}$/.test(given) || isMethodName(name, given) || isElsewhere(name, given)
}

/** Code and sentences; only where spaces stand around the sign. */
function isProse(text: string, value: ValueAt, key: Key, { isSpaced }: Join): boolean {
  const given = text.slice(value.start, Math.min(value.end, value.start + 200))
  if (/^[가-힣]/.test(given)) return true
  if (!isSpaced) return false
  if (CODE.test(text.slice(value.start, value.start + 80))) return true
  return key.isStrong ? isSentence(text, value, given) : isPlainWord(given) || IDENTIFIER.test(given)
}

/** In `'password='` the quote after the sign closes the one before the name. */
function isOuterQuote(text: string, { start, quote }: ValueAt, { end, name }: Key): boolean {
  return (
    quote !== '' &&
    start - end <= 3 &&
    /^[ \t]{0,2}[=:]["'`]$/.test(text.slice(end, start)) &&
    text[end - name.length - 1] === quote
  )
}

/** Not the other half of `found ? 'no-token' : 'unreachable'`. */
function isQuotedToken(given: string, key: Key, { isSpaced, sign }: Join): boolean {
  return isTokenLike(given, key) && !(isSpaced && sign === ' :' && isPlainWord(given))
}

/** Tokens are long and no numbers; the number of tokens is no secret. */
function isTokenLike(given: string, { name }: Key): boolean {
  const least = /tokens$/i.test(name) ? 16 : 6
  return given.length >= least && !/^[\d.,_]+[a-z%]{0,3}$/.test(given) && !/[가-힣]/.test(given)
}

/** In prose only what no word is: with a digit. */
function isSaid(given: string, { isStrong }: Key): boolean {
  if (/^[가-힣]/.test(given)) return false
  const isLong = given.length >= (isStrong ? 6 : 10)
  return isLong && /\d/.test(given) && /[^\d.,:/-]/.test(given) && !/^\d+[a-z]{0,2}[.,)]?$/.test(given)
}

/** `password: must be …`: a word, and further words after it. */
function isSentence(text: string, { end }: ValueAt, given: string): boolean {
  return isPlainWord(given) && /^[.,]?[ \t]+[A-Za-z(]/.test(text.slice(end, end + 4)) && /^[a-z]/.test(given)
}

const ELEMENT = /<(?:[\w-]{1,20}:)?([\w.-]{1,60})>([^<]{1,8192})<\//g

/** The text of XML elements with such a name. */
function findElements(text: string, add: Add): void {
  for (const match of text.matchAll(ELEMENT)) {
    const [whole, name = '', content = ''] = match
    if (!nameBefore(name, name.length) || isPlaceholder(content.trim())) continue
    const start = match.index + whole.length - 2 - content.length
    add({ from: match.index, start, end: start + content.length, kind: 'field' })
  }
}
