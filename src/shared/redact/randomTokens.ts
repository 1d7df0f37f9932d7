/** Finds long tokens that look random, and tells them from names, paths, hashes and identifiers. */
import type { Finder } from './span.ts'
import { isNamedHash, isPathPart } from './tokenPlace.ts'

/** A shorter token is not judged: too many names look random by chance. */
const SHORTEST = 24
/** A longer one is judged by its beginning. */
const JUDGED = 512

/** Bits a letter, by Shannon. Names of several words reach about 3.9, random base64 of this length 4.2 and more; hexadecimal at most 4. */
const LEAST_BITS = 3.5
const LEAST_HEX_BITS = 2.8
/** Changes between the classes of letters for each letter, beside those that a capital begins. Names reach about 0.15, random base64 0.5. */
const LEAST_CHANGES = 0.24
/** The same for letters alone: names of short words reach 0.25, random ones 0.37. */
const LEAST_CHANGES_OF_LETTERS = 0.31
/** More separators than this are those of words. */
const MOST_SEPARATORS = 0.13
/** Somewhere a random token runs on without a separator. */
const LONG_RUN = /[A-Za-z0-9]{10}/
/** In an address identifiers are common: there only mixed letters count. */
const LEAST_CHANGES_IN_URL = 0.4

const DASHED_UUID = /[0-9a-f]{8}([-_])[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{12}(?![0-9a-f])/gi
const TIME = /\d{4}-?\d\d-?\d\d[T_-]?[\d-]{0,12}Z?/g

/** The finder of random tokens. */
export const findRandomTokens: Finder = (text, add) => {
  for (let at = nextRun(text, 0); at; at = nextRun(text, at.end)) {
    const end = withPadding(text, at.end)
    const token = text.slice(at.start, Math.min(at.end, at.start + JUDGED))
    const isPadded = end > at.end
    for (const part of judgedParts(text, { ...at, token, isPadded })) {
      const last = part.end === at.end ? end : part.end
      add({ from: part.start, start: part.start, end: last, kind: 'random' })
    }
  }
}

type Run = { readonly start: number; readonly end: number }

const LETTERS = new Uint8Array(128)
for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-')
  LETTERS[letter.charCodeAt(0)] = 1

function isLetter(text: string, at: number): boolean {
  return LETTERS[text.charCodeAt(at)] === 1
}

/** The next run of at least {@link SHORTEST} letters. Looks at every 24th letter, and back from there: most of a text is skipped. */
function nextRun(text: string, from: number): Run | undefined {
  let floor = from
  for (let probe = from + SHORTEST - 1; probe < text.length; probe = floor + SHORTEST - 1) {
    let start = probe + 1
    while (start > floor && isLetter(text, start - 1)) start--
    if (probe - start + 1 >= SHORTEST) return { start, end: endOfRun(text, probe + 1) }
    floor = start
  }
  return undefined
}

function endOfRun(text: string, from: number): number {
  let end = from
  while (end < text.length && isLetter(text, end)) end++
  return end
}

function withPadding(text: string, end: number): number {
  let at = end
  while (at < end + 2 && text[at] === '=') at++
  return at
}

type Token = Run & { readonly token: string; readonly isPadded: boolean }

/** What of a run is secret: all of it, some segments of an address, or nothing. */
function judgedParts(text: string, run: Token): Run[] {
  const place = isPathPart(text, run.start, run.token, run.isPadded)
  if (place === 'file') return []
  if (place === 'url') return segmentsOf(run).filter(({ start, end }) => isRandomInUrl(text.slice(start, end)))
  return !isNamedHash(text, run.start, run.end) && isRandom(run.token) ? [run] : []
}

function segmentsOf({ start, token }: Token): Run[] {
  let at = start
  return token.split('/').map((segment) => {
    const run = { start: at, end: at + segment.length }
    at = run.end + 1
    return run
  })
}

function isRandomInUrl(token: string): boolean {
  return (
    token.length >= SHORTEST &&
    !/^[0-9a-f-]+$/i.test(token) &&
    isRandom(token) &&
    changes(token) >= LEAST_CHANGES_IN_URL
  )
}

/** True for a token that no person would write. */
function isRandom(given: string): boolean {
  if (/^[0-9a-f]+$/i.test(given)) return isRandomHex(given)
  const token = given.replace(DASHED_UUID, '').replace(TIME, '')
  if (token.length < SHORTEST || (token.match(/[A-Za-z]/g)?.length ?? 0) < 4) return false
  if (/^[0-9a-f]+$/i.test(token)) return isRandomHex(token)
  if (/^(?:sha|md|blake)\d{0,3}[a-z]?-/i.test(token) || /^AAAA[BCE]3Nza/.test(token)) return false
  const separators = token.match(/[-_/+]/g)?.length ?? 0
  if (separators / token.length > MOST_SEPARATORS || !LONG_RUN.test(token)) return false
  return (
    bitsPerLetter(token) >= LEAST_BITS &&
    (changes(token) >= (/\d/.test(token) ? LEAST_CHANGES : LEAST_CHANGES_OF_LETTERS) || isUnspeakable(token))
  )
}

/** 40 digits are a commit; the others are told by what stands before them. */
function isRandomHex(token: string): boolean {
  return token.length !== 40 && (token.match(/\d/g)?.length ?? 0) >= 3 && bitsPerLetter(token) >= LEAST_HEX_BITS
}

/** How often the class of letters changes, for each letter. `Word` is one class: its capital begins it. */
function changes(token: string): number {
  const chunks = token.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+/g)?.length ?? 0
  const parts = token.match(/[A-Za-z0-9]+/g)?.length ?? 1
  return (chunks - parts) / token.length
}

/** Letters alone, of one case, that no tongue can say. */
function isUnspeakable(token: string): boolean {
  if (!/^(?:[a-z]+|[A-Z]+)$/.test(token)) return false
  const vowels = token.match(/[aeiouy]/gi)?.length ?? 0
  return vowels / token.length < 0.3 && /[^aeiouy]{6}/i.test(token)
}

function bitsPerLetter(token: string): number {
  const counts = new Map<string, number>()
  for (const letter of token) counts.set(letter, (counts.get(letter) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / token.length) * Math.log2(count / token.length)
  return bits
}
