/** One line of a comparison: kept, taken out or put in. */
type Edit = { readonly mark: ' ' | '-' | '+'; readonly line: string }

/** Unchanged lines that are shown around a change. */
const CONTEXT_LINES = 3
/** Beyond this many compared pairs the differing middle is shown as replaced: exactness is not worth the memory. */
const MAX_CELLS = 4_000_000

/**
 * The difference of two texts as unified hunks, by longest common subsequence of their lines; empty for equal texts.
 * It has no file headers, so that it can stand below a sentence that names the file.
 */
export function lineDiff(before: string, after: string): string {
  if (before === after) return ''
  const edits = compare(linesOf(before), linesOf(after))
  return hunksOf(edits)
    .map(([start, end]) => printHunk(edits, start, end))
    .join('\n')
}

/** A text that does not end in a line break differs from one that does; say it the way `diff` does. */
function linesOf(text: string): string[] {
  if (text === '') return []
  const lines = text.split('\n')
  const last = lines.pop()
  return last ? [...lines, `${last}\n\\ No newline at end of file`] : lines
}

function compare(before: readonly string[], after: readonly string[]): Edit[] {
  const shorter = Math.min(before.length, after.length)
  let head = 0
  while (head < shorter && before[head] === after[head]) head++
  let tail = 0
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++
  const middleBefore = before.slice(head, before.length - tail)
  const middleAfter = after.slice(head, after.length - tail)
  return [
    ...before.slice(0, head).map(marked(' ')),
    ...compareMiddle(middleBefore, middleAfter),
    ...before.slice(before.length - tail).map(marked(' ')),
  ]
}

function compareMiddle(before: readonly string[], after: readonly string[]): Edit[] {
  if (before.length * after.length > MAX_CELLS) return [...before.map(marked('-')), ...after.map(marked('+'))]
  const common = commonLengths(before, after)
  const edits: Edit[] = []
  let a = 0
  let b = 0
  while (a < before.length || b < after.length) {
    const line = before[a]
    if (line !== undefined && line === after[b]) {
      edits.push({ mark: ' ', line })
      a++
      b++
    } else if (line !== undefined && (b >= after.length || cell(common, a + 1, b) >= cell(common, a, b + 1))) {
      edits.push({ mark: '-', line })
      a++
    } else {
      edits.push({ mark: '+', line: after[b++] ?? '' })
    }
  }
  return edits
}

/** `[a][b]`: the length of the longest common subsequence of what is left from line a and line b on. */
function commonLengths(before: readonly string[], after: readonly string[]): Uint32Array[] {
  const table = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1))
  for (let a = before.length - 1; a >= 0; a--) {
    for (let b = after.length - 1; b >= 0; b--) {
      const row = table[a]
      if (row === undefined) continue
      row[b] =
        before[a] === after[b] ? cell(table, a + 1, b + 1) + 1 : Math.max(cell(table, a + 1, b), cell(table, a, b + 1))
    }
  }
  return table
}

function cell(table: readonly Uint32Array[], a: number, b: number): number {
  return table[a]?.[b] ?? 0
}

function marked(mark: Edit['mark']): (line: string) => Edit {
  return (line) => ({ mark, line })
}

/** The ranges of edits that are shown: every change with its context, near ones together. */
function hunksOf(edits: readonly Edit[]): [start: number, end: number][] {
  const hunks: [start: number, end: number][] = []
  for (const [index, { mark }] of edits.entries()) {
    if (mark === ' ') continue
    const last = hunks.at(-1)
    const start = Math.max(0, index - CONTEXT_LINES)
    const end = Math.min(edits.length, index + 1 + CONTEXT_LINES)
    if (last && start <= last[1]) last[1] = end
    else hunks.push([start, end])
  }
  return hunks
}

function printHunk(edits: readonly Edit[], start: number, end: number): string {
  const shown = edits.slice(start, end)
  const from = rangeOf('-', edits.slice(0, start), shown)
  const to = rangeOf('+', edits.slice(0, start), shown)
  return [`@@ -${from} +${to} @@`, ...shown.map(({ mark, line }) => mark + line)].join('\n')
}

/** First line and number of lines of one side; a side without lines names the line before it. */
function rangeOf(mark: '-' | '+', earlier: readonly Edit[], shown: readonly Edit[]): string {
  const count = (edits: readonly Edit[]) => edits.filter((edit) => edit.mark === ' ' || edit.mark === mark).length
  const length = count(shown)
  return `${count(earlier) + (length === 0 ? 0 : 1)},${length}`
}
