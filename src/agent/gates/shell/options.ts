/** PURE. The words of a command as options and the rest. */

/** What the words after a program are. */
export type Words = {
  readonly options: readonly string[]
  /** What is no option, and the values that stand after an `=`. */
  readonly args: readonly string[]
}

/** Takes options apart: `--a=b` is `--a`, `-rf` is `-r`, `-f` and `-rf` (some programs have long names after one dash). */
export function splitOptions(words: readonly string[]): Words {
  const options = new Set<string>()
  const args: string[] = []
  let isOver = false
  for (const word of words) {
    if (isOver || !word.startsWith('-') || word === '-') args.push(word)
    else if (word === '--') isOver = true
    else for (const name of namesIn(word)) options.add(name)
  }
  return { options: [...options], args }
}

function namesIn(word: string): string[] {
  const [name = ''] = word.split('=', 1)
  if (word.startsWith('--')) return [name]
  return [...new Set([name, ...[...word.slice(1, 40)].map((letter) => `-${letter}`)])]
}

/** True where a given option is, or abbreviates, one that is looked for. */
export function isOption(given: string, wanted: string): boolean {
  return given === wanted || (given.startsWith('--') && given.length > 2 && wanted.startsWith(given))
}
