/** Finds private keys in blocks of lines (PEM, OpenSSH, PGP), also cut off and also with escaped line breaks, and JSON Web Tokens. */
import type { Add, Finder } from './span.ts'

const BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g
const END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g
/** What may stand in the block: headers, long lines, white space, escaped or not. */
const BODY =
  /(?:(?:Proc-Type|DEK-Info|Version|Comment|Hash): ?[^\n\\]{0,80}|[A-Za-z0-9+/=]{16,}|[ \t\r\n,]|\\{1,4}[nr])*/y
/** Short lines at its end. */
const TAIL = /(?:[A-Za-z0-9+/=]{1,80}(?=[ \t]{0,8}(?:[\r\n\\"'`]|$|-----END))(?:[ \t\r\n]|\\{1,4}[nr]){0,8}){0,3}/y

/** `{"` in base64url, a payload, a signature (missing where it was cut off); five parts where it is encrypted. */
const JWT = /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*){0,3}/g

/** The finder of blocks and web tokens. */
export const findKeyBlocks: Finder = (text, add) => {
  if (text.includes('-----BEGIN ')) findBlocks(text, add)
  for (const match of text.matchAll(JWT)) {
    const start = match.index
    add({ from: start, start, end: start + match[0].replace(/\.$/, '').length, kind: 'jwt' })
  }
}

function findBlocks(text: string, add: Add): void {
  const ends = Array.from(text.matchAll(END), (match) => ({ at: match.index, after: match.index + match[0].length }))
  let next = 0
  BEGIN.lastIndex = 0
  for (let match = BEGIN.exec(text); match; match = BEGIN.exec(text)) {
    const start = match.index
    const bodyEnd = endOf(TAIL, text, endOf(BODY, text, start + match[0].length))
    while ((ends[next]?.at ?? Number.POSITIVE_INFINITY) < start) next++
    const closing = ends[next]
    // Between the lines of a log stands more than a key: then only what looks like one goes.
    const isWhole = closing !== undefined && closing.at <= bodyEnd
    const end = isWhole ? closing.after : bodyEnd
    add({ from: start, start, end: trimmedEnd(text, start + match[0].length, end), kind: 'pem' })
    BEGIN.lastIndex = end
  }
}

function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return at + (pattern.exec(text)?.[0].length ?? 0)
}

/** A block that was cut off does not take the line breaks after it along. */
function trimmedEnd(text: string, least: number, end: number): number {
  let at = end
  while (at > least && /\s/.test(text[at - 1] ?? '')) at--
  return at
}
