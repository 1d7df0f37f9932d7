/**
 * PURE. One line of a log becomes a template: words of a closed vocabulary, and typed slots for everything else. Values never survive it. The idea of
 * templates with slots is that of log parsers such as Drain (He et al., 2017); what may be said at all is decided by `vocabulary.ts`.
 */
import { CODES, ERROR_NAMES, WORDS } from './vocabulary.ts'

/** Longer lines are cut: what matters of a message stands at its beginning. In characters. */
export const MAX_LINE = 1_000

/** Most parts of one template. */
const MAX_PARTS = 40

/** Escape sequences of terminals (ECMA-48): CSI, OSC with its text, and the short ones. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
const ESCAPES = /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b./g
/** What is not seen, or turns the text around it; removed without a gap, so that it cannot hide a code. */
const UNSEEN = /\p{Cf}|\p{Cs}|\p{Co}|\p{Cn}/gu
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g

/** Kinds of token, the more special one first. Every part is bounded by its first character, so a line is read in linear time. */
const TOKEN = new RegExp(
  [
    '(?<time>\\d{4}-\\d\\d-\\d\\d(?:[T ]\\d\\d:\\d\\d(?::\\d\\d(?:[.,]\\d{1,9})?)?(?:Z|[+-]\\d\\d:?\\d\\d)?)?|\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d{1,9})?)',
    '(?<url>[A-Za-z][A-Za-z0-9+.-]{0,15}:\\/\\/[^\\s"\'`<>]+)',
    '(?<quoted>"[^"]*"|(?<![A-Za-z0-9])\'[^\']*\'|`[^`]*`|“[^”]*”|‘[^’]*’|«[^»]*»)',
    '(?<path>(?:[A-Za-z]:)?\\.{0,2}[\\\\/][^\\s"\'`,;()<>]*|~[\\\\/][^\\s"\'`,;()<>]*)',
    '(?<id>[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F-]{14,})',
    '(?<host>\\[[0-9a-fA-F:.%]{2,45}\\]|\\d{1,3}(?:\\.\\d{1,3}){3}(?![\\w.])|:::?(?=\\d))',
    '(?<num>[+-]?(?:0x[0-9a-fA-F]+|\\d[\\d._,]*)(?:%|[A-Za-zµ]{1,3}(?![A-Za-z0-9_]))?(?![A-Za-z0-9_]))',
    "(?<word>[A-Za-z_$][A-Za-z0-9_$]*(?:'[a-z]{1,2}(?![A-Za-z0-9]))?(?:[.@/\\\\-][A-Za-z0-9_$@./\\\\-]*[A-Za-z0-9_$])?)",
    '(?<mark>[:,;()=[\\]{}])',
    '(?<odd>[^\\s:,;()=[\\]{}]+)',
  ].join('|'),
  'gu',
)

/** The line without what a terminal or an eye could be led astray by. */
export function cleanLine(line: string): string {
  return line.slice(0, MAX_LINE).replace(ESCAPES, '').replace(UNSEEN, '').replace(CONTROLS, ' ')
}

/** The template of one line; undefined where nothing is left but slots and marks. */
export function templateOf(line: string): string | undefined {
  const parts: string[] = []
  let word = ''
  for (const { groups, 0: token } of cleanLine(line).matchAll(TOKEN)) {
    const part = partOf(groups ?? {}, token, word)
    // Marks stand between a word and its figure: `port: 80`, `APIError: 401`.
    if (groups?.['mark'] === undefined) word = part
    // Words that nobody knows are one slot, however many there are.
    if (part !== parts.at(-1)) parts.push(part)
    if (parts.length >= MAX_PARTS) break
  }
  return parts.some((part) => /^[A-Za-z]/.test(part)) ? joined(parts) : undefined
}

type Groups = Readonly<Record<string, string | undefined>>

function partOf(groups: Groups, token: string, before: string): string {
  if (groups['word'] !== undefined) return wordPart(token)
  if (groups['quoted'] !== undefined) {
    const inner = token.slice(1, -1)
    return CODES.has(inner) ? inner : '<quoted>'
  }
  if (groups['num'] !== undefined) return numberPart(token, before)
  if (groups['mark'] !== undefined) return token
  const kind = ['time', 'url', 'path', 'id', 'host'].find((name) => groups[name] !== undefined)
  return kind === undefined ? '<word>' : `<${kind}>`
}

/** HTTP states that say which fault of a provider it is; every other figure is a slot. */
const STATES: ReadonlySet<string> = new Set(['401', '403', '429', '500', '502', '503', '504', '529'])

function numberPart(token: string, before: string): string {
  if (before === 'pid' || before === 'process') return '<pid>'
  if (before === 'port' || before === '<host>') return '<port>'
  if (STATES.has(token) && /^(?:status|http|code|error|\w*Error)$/.test(before)) return token
  return /^0x/.test(token) ? '<hex>' : '<num>'
}

function wordPart(token: string): string {
  if (CODES.has(token) || ERROR_NAMES.has(token)) return token
  const lower = token.toLowerCase()
  if (WORDS.has(lower)) return lower
  if (/^[0-9a-f]{7,}$/.test(token) && /\d/.test(token)) return '<hex>'
  if (/[\\/]/.test(token)) return '<path>'
  if (/\d|_|\$|[a-z][A-Z]/.test(token)) return '<id>'
  if (/^[^.]+(?:\.[^.]+)+$/.test(token)) return '<host>'
  return hyphenated(lower) ?? '<word>'
}

/** `read-only` and `self-signed` are two known words. */
function hyphenated(lower: string): string | undefined {
  const pieces = lower.split('-')
  return pieces.length === 2 && pieces.every((piece) => WORDS.has(piece)) ? lower : undefined
}

function joined(parts: readonly string[]): string {
  return parts
    .join(' ')
    .replace(/ (?=[:,;)\]}])/g, '')
    .replace(/(?<=[([{]) /g, '')
}
