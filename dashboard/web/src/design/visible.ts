/** Text from elsewhere, made harmless to the eye: nothing hides, nothing turns the text around it. */
import { visibleText } from '../../../../src/shared/visibleText.ts'

/** The picture of U+0000 in the block of control pictures. */
const PICTURES = 0x2400
const DELETE_PICTURE = '␡'

/** Control characters as their pictures (␛ for escape), other unseen ones written out as `\u{202e}`. Line breaks stay where `keepLines` is set; a tab becomes a space. */
export function visibleIn(text: string, keepLines = false): string {
  const lines = keepLines ? text.replace(/\r\n/g, '\n').split('\n') : [text]
  return lines.map((line) => visibleText(pictured(line))).join('\n')
}

function pictured(line: string): string {
  let shown = ''
  for (const letter of line.replaceAll('\t', ' ')) {
    const code = letter.codePointAt(0) ?? 0
    if (code < 0x20) shown += String.fromCodePoint(PICTURES + code)
    else shown += code === 0x7f ? DELETE_PICTURE : letter
  }
  return shown
}

/** No longer than `limit` characters, and how many were left out. */
export function cut(text: string, limit: number): { readonly text: string; readonly left: number } {
  if (text.length <= limit) return { text, left: 0 }
  // A pair of surrogates is not torn apart.
  const end = /[\ud800-\udbff]/.test(text[limit - 1] ?? '') ? limit - 1 : limit
  return { text: text.slice(0, end), left: text.length - end }
}
