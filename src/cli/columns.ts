/** Columns of a terminal: Korean, Chinese and Japanese letters, full-width forms and pictures take two; marks on a letter, and the later parts of a letter, none. */
const WIDE =
  /[\p{Script=Hangul}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\uff01-\uff60\uffe0-\uffe6]/u
const NARROWEST = /\p{M}|[\u1160-\u11ff\u200b-\u200d]/u
const TAB_COLUMNS = 8

function columnsOfLetter(letter: string): number {
  if (NARROWEST.test(letter)) return 0
  return WIDE.test(letter) ? 2 : 1
}

/** How many columns a text takes. */
export function columnsOf(text: string): number {
  return [...text].reduce((sum, letter) => sum + columnsOfLetter(letter), 0)
}

/** How many rows a line takes on a screen that is so wide: a letter that does not fit into the rest of a row begins the next one. */
export function rowsOf(line: string, columns: number): number {
  let [rows, at] = [1, 0]
  for (const letter of line) {
    const width =
      letter === '\t' ? Math.min(TAB_COLUMNS - (at % TAB_COLUMNS), columns - 1 - at) : columnsOfLetter(letter)
    const isNext = at + width > columns
    if (isNext) rows += 1
    at = isNext ? width : at + width
  }
  return rows
}

/** The text with spaces after it, up to `columns`. */
export function padColumns(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)))
}

/** Rows whose cells begin below each other, two spaces apart; nothing trails. */
export function alignRows(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (widest, row) =>
      row.map((cell, index) => Math.max(widest[index] ?? 0, columnsOf(cell))).concat(widest.slice(row.length)),
    [],
  )
  return rows.map((row) =>
    row
      .map((cell, index) => padColumns(cell, widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
