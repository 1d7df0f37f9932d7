/** How well a few typed letters fit a name: all of them in order, better at the beginnings of words and side by side. */
const WORD_BEGIN = 8
const SIDE_BY_SIDE = 5
const ANY = 1
/** Each letter passed over costs a little, so that the shorter of two names wins. */
const PASSED_OVER = 0.1

/** A score above 0, or null where the letters are not all there. Nothing typed fits everything. */
export function scoreOf(typed: string, name: string): number | null {
  const wanted = [...typed.normalize('NFC').toLowerCase()].filter((letter) => letter !== ' ')
  if (wanted.length === 0) return ANY
  const letters = [...name.normalize('NFC').toLowerCase()]
  // From each place where the first letter stands: the first fit is not always the best one.
  const scores = letters.flatMap((letter, at) => (letter === wanted[0] ? (scoreFrom(wanted, letters, at) ?? []) : []))
  return scores.length === 0 ? null : Math.max(...scores)
}

function scoreFrom(wanted: readonly string[], letters: readonly string[], from: number): number | null {
  let score = 0
  let before = from - 2
  for (const letter of wanted) {
    const at = letters.indexOf(letter, Math.max(from, before + 1))
    if (at < 0) return null
    const isBegin = at === 0 || /[\s\-_./:]/.test(letters[at - 1] ?? '')
    score += isBegin ? WORD_BEGIN : at === before + 1 ? SIDE_BY_SIDE : ANY
    before = at
  }
  return Math.max(Number.MIN_VALUE, score - letters.length * PASSED_OVER + ANY)
}

/** What fits, best first; equal ones stay as they came. `names` are all names of an item: its best one counts. */
export function rank<Item extends { readonly names: readonly string[] }>(
  typed: string,
  items: readonly Item[],
): Item[] {
  return items
    .flatMap((item) => {
      const scores = item.names.flatMap((name) => scoreOf(typed, name) ?? [])
      return scores.length === 0 ? [] : [{ item, score: Math.max(...scores) }]
    })
    .toSorted((one, other) => other.score - one.score)
    .map(({ item }) => item)
}
