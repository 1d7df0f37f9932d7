/**
 * What is not seen, or turns the text around it: control and format characters (bidi marks, zero-width ones, tags), lone surrogates, private and
 * unassigned ones, line and paragraph separators, letters without ink (Hangul fillers, the grapheme joiner, variation selectors), odd spaces.
 */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]|\u034f|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]|(?! )\p{Zs}/gu

/** Text that came from elsewhere, with every unseen character written out as `\u{202e}`: nothing hides, nothing moves the cursor, no line is added. */
export function visibleText(text: string): string {
  return text.replace(UNSEEN, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
}

/** The same, no longer than `limit` characters; what was cut is counted. */
export function shortVisible(text: string, limit: number): string {
  const letters = [...text.slice(0, limit * 2)]
  const shown = visibleText(letters.slice(0, limit).join(''))
  const left = text.length - letters.slice(0, limit).join('').length
  return left > 0 ? `${shown}… (+${left})` : shown
}
