/** PURE. The last word of a life, as the boot ledger has it, in words of a closed list: its text may hold what somebody wrote to the agent. */
import { faultOfEnd } from '../../shared/selfEnd.ts'
import { classOf } from './spoken.ts'
import { cleanLine, templateOf } from './template.ts'
import { CODES, ERROR_NAMES } from './vocabulary.ts'

/** The ledger's own words before a thrown error. */
const REJECTION = /^unhandled rejection: /
/** Where an error says what it is: its class, and a code in brackets, at the beginning (`ENOSPC: …`), or after the call that failed (`listen EADDRINUSE`). */
const HEAD =
  /^(?:Uncaught )?([A-Za-z]+)(?: \[(\w+)\])?(?:: (?:(?:(?:accept|bind|connect|getaddrinfo|listen|query\w*|read|spawn|write) )?(E[A-Z_]+)\b|(\d{3})\b)?)?/
/** States of HTTP as providers' SDKs begin their messages with. */
const STATES: ReadonlySet<string> = new Set(['401', '403', '429', '500', '502', '503', '504', '529'])
/** Whole messages of OpenSSL, whose codes do not stand in the text of an error. */
const CERTIFICATE_WORDS: ReadonlyMap<string, string> = new Map([
  ['certificate has expired', 'CERT_HAS_EXPIRED'],
  ['certificate is not yet valid', 'CERT_NOT_YET_VALID'],
  ['self-signed certificate', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ['self-signed certificate in certificate chain', 'SELF_SIGNED_CERT_IN_CHAIN'],
  ['unable to verify the first certificate', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ['unable to get local issuer certificate', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
])

/** `vanished`, `memory-leak`, `unhandled-rejection Error ENOTFOUND`, `other`. */
export function endReason(text: string): string {
  const own = faultOfEnd(text)
  if (own) return own
  const line = cleanLine(text.split('\n', 1)[0] ?? '')
  if (line === 'vanished' || CODES.has(line)) return line
  const words = errorWords(line.replace(REJECTION, ''))
  const named = REJECTION.test(line) ? ['unhandled-rejection', ...words] : words
  return named.length > 0 ? named.join(' ') : 'other'
}

function errorWords(line: string): string[] {
  const [, name = '', bracketed = '', code = '', state = ''] = HEAD.exec(line) ?? []
  if (!ERROR_NAMES.has(name)) return []
  const codes = [bracketed, code].filter((word) => CODES.has(word))
  const certificate = CERTIFICATE_WORDS.get(line.slice(`${name}: `.length))
  // SQLite's messages are fixed texts, and the first line of such an error has no code.
  const spoken = name === 'SqliteError' ? classOf(templateOf(line) ?? '') : undefined
  return [
    name,
    ...codes,
    ...[state].filter((word) => STATES.has(word)),
    ...(certificate ? [certificate] : []),
    ...(spoken ? [spoken] : []),
  ]
}
