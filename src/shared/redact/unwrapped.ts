/** A text that some letters were taken out of, with the way back to where everything stood. */
export type Unwrapped = { readonly text: string; readonly originalAt: (index: number) => number }

/** One way to take line breaks out of a text. */
export type Unwrapping = {
  /** The values that it is meant for, in one of their shapes. */
  readonly isFor: (value: string) => boolean
  /** A value as it stands in such a text. */
  readonly value: (value: string) => string
  /** The text without its breaks; undefined where it has none. */
  readonly text: (text: string) => Unwrapped | undefined
}

/** Every break that a program may put into a long value: real ones, escaped ones, a continued line, and the indentation after it. */
const BREAK = /(?:\\?(?:\r\n?|\n)|\\{1,4}r\\{1,4}n|\\{1,4}n)[ \t]{0,64}/g
/** The same with all other white space: of a value that holds some, a break may have taken it for indentation. */
const SPACE = /(?:\\(?=\r?\n)|\s|\\{1,4}r\\{1,4}n|\\{1,4}n)+/g
/** The same with every backslash: that of a value may stand where a line is continued. */
const SIGNS = /[\s\\]+/g

/** Every way, the usual one first. */
export const UNWRAPPINGS: readonly Unwrapping[] = [
  unwrapping(BREAK, () => true),
  unwrapping(SPACE, (value) => /\s/.test(value)),
  unwrapping(SIGNS, (value) => value.includes('\\')),
]

/** True for a text with a break in it, real or escaped. */
export function hasBreak(text: string): boolean {
  return text.includes('\n') || text.includes('\\n') || text.includes('\r')
}

function unwrapping(pattern: RegExp, isFor: (value: string) => boolean): Unwrapping {
  return { isFor, value: (value) => value.replace(pattern, ''), text: (text) => without(pattern, text) }
}

function without(pattern: RegExp, text: string): Unwrapped | undefined {
  /** Where each piece begins: in the text without breaks, and in the original. */
  const begins: number[] = [0]
  const origins: number[] = [0]
  let joined = ''
  let at = 0
  for (const match of text.matchAll(pattern)) {
    joined += text.slice(at, match.index)
    at = match.index + match[0].length
    begins.push(joined.length)
    origins.push(at)
  }
  if (begins.length === 1) return undefined
  return {
    text: joined + text.slice(at),
    originalAt: (index) => {
      const piece = lastAtMost(begins, index)
      return (origins[piece] ?? 0) + index - (begins[piece] ?? 0)
    },
  }
}

function lastAtMost(sorted: readonly number[], wanted: number): number {
  let low = 0
  let high = sorted.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((sorted[middle] ?? 0) <= wanted) low = middle
    else high = middle - 1
  }
  return low
}
