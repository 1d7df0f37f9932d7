/** PURE. The options of git that stand before its command. */

const FLAGS = new Set([
  '-p',
  '--paginate',
  '-P',
  '--no-pager',
  '--no-replace-objects',
  '--bare',
  '--literal-pathspecs',
  '--no-optional-locks',
  '--version',
  '--help',
  '-h',
])
const HARMLESS_SETTING =
  /^(color|core\.quotepath|advice|user\.(name|email)|log\.date|diff\.(renames|algorithm|noprefix)|init\.defaultbranch|core\.pager=(cat)?$|core\.hookspath=\/dev\/null$)/i

/** What stands before the command, and the rest from the command on. */
export type GitWords = {
  readonly ahead: readonly string[]
  readonly folders: readonly string[]
  readonly rest: readonly string[]
}

/**
 * Splits them from the rest. The folders of `-C` are paths like others; a setting that can run a program (an alias, a pager, a
 * hook, a credential program) becomes the option `-c`, and so does every option that is not known.
 */
export function gitWords(words: readonly string[]): GitWords {
  const ahead: string[] = []
  const folders: string[] = []
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    if (!word.startsWith('-')) return { ahead, folders, rest: words.slice(at) }
    if (FLAGS.has(word)) continue
    const setting = words[at + 1] ?? ''
    if (word === '-C') folders.push(setting)
    else if (word !== '-c' || !HARMLESS_SETTING.test(setting)) ahead.push('-c')
    if (word === '-C' || word === '-c') at++
  }
  return { ahead, folders, rest: [] }
}
