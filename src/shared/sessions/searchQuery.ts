/** What a person types into a search, as the index and as LIKE understand it. Nothing of it is ever read as an operator. */

/** The trigram index knows nothing shorter. */
const SHORTEST_IN_INDEX = 3
const MOST_TERMS = 16
const EXCERPT_BEFORE = 40
const EXCERPT_LENGTH = 160

/** A search: every term must occur. */
export type SearchQuery = {
  readonly terms: readonly string[]
  /** For FTS5's MATCH: quoted phrases. Null where every term is too short for the index. */
  readonly match: string | null
  /** For LIKE with `ESCAPE '\'`: the terms that the index cannot find. */
  readonly patterns: readonly string[]
}

/** Reads a query; undefined where there is nothing to look for. Terms beyond the sixteenth are left away. */
export function readQuery(given: string): SearchQuery | undefined {
  const terms = given.replaceAll('\0', ' ').split(/\s+/).filter(Boolean).slice(0, MOST_TERMS)
  if (terms.length === 0) return undefined
  const isLong = (term: string) => [...term].length >= SHORTEST_IN_INDEX
  const long = terms.filter(isLong)
  return {
    terms,
    match: long.length > 0 ? long.map((term) => `"${term.replaceAll('"', '""')}"`).join(' AND ') : null,
    patterns: terms.filter((term) => !isLong(term)).map(likePattern),
  }
}

/** A pattern that finds the term anywhere, and takes nothing in it for a wildcard. */
export function likePattern(term: string): string {
  return `%${term.replace(/[\\%_]/g, '\\$&')}%`
}

/** The words around the first term, on one line. */
export function excerptOf(text: string, terms: readonly string[]): string {
  const lower = text.toLowerCase()
  const places = terms.map((term) => lower.indexOf(term.toLowerCase())).filter((place) => place >= 0)
  const from = Math.max(0, Math.min(...places, text.length) - EXCERPT_BEFORE)
  const piece = text
    .slice(from, from + EXCERPT_LENGTH)
    .toWellFormed()
    .replace(/\s+/g, ' ')
    .trim()
  return `${from > 0 ? '…' : ''}${piece}${from + EXCERPT_LENGTH < text.length ? '…' : ''}`
}
