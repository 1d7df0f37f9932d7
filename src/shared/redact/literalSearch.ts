/**
 * Looks for many words at once, after Wu and Manber (A fast algorithm for multi-pattern searching, TR-94-17, 1994): three letters say how far
 * the search may jump, so a long text costs a look at every few letters, however many words there are.
 */

const TABLE_BITS = 14
const TABLE_SIZE = 1 << TABLE_BITS
const GRAM = 3

/** Calls back for every place where one of the words stands, from left to right; the index is that of the word. */
export type LiteralSearch = (text: string, found: (start: number, word: number) => void) => void

/** Makes a search for words of at least three letters each; shorter ones are left out. */
export function literalSearch(words: readonly string[]): LiteralSearch {
  const lengths = words.filter((word) => word.length >= GRAM).map((word) => word.length)
  if (lengths.length === 0) return () => {}
  const least = Math.min(...lengths, 255)
  const jumps = new Uint8Array(TABLE_SIZE).fill(least - GRAM + 1)
  const buckets = new Map<number, number[]>()
  for (const [index, word] of words.entries()) {
    if (word.length >= GRAM) enter(word, index, least, { jumps, buckets })
  }
  return (text, found) => {
    for (let end = least - 1; end < text.length; ) {
      const gram = hashAt(text, end - GRAM + 1)
      const jump = jumps[gram] ?? 1
      if (jump > 0) {
        end += jump
        continue
      }
      const start = end - least + 1
      for (const index of buckets.get(gram) ?? []) if (text.startsWith(words[index] ?? '', start)) found(start, index)
      end += 1
    }
  }
}

type Tables = { readonly jumps: Uint8Array; readonly buckets: Map<number, number[]> }

/** Only the first `least` letters of a word count for the jumps. */
function enter(word: string, index: number, least: number, { jumps, buckets }: Tables): void {
  for (let at = 0; at + GRAM <= least; at++) {
    const gram = hashAt(word, at)
    jumps[gram] = Math.min(jumps[gram] ?? 0, least - GRAM - at)
  }
  const last = hashAt(word, least - GRAM)
  buckets.set(last, [...(buckets.get(last) ?? []), index])
}

function hashAt(text: string, at: number): number {
  const mixed = (text.charCodeAt(at) * 961 + text.charCodeAt(at + 1) * 31 + text.charCodeAt(at + 2)) | 0
  return (mixed ^ (mixed >>> TABLE_BITS)) & (TABLE_SIZE - 1)
}
