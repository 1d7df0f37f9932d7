/** PURE. What `find` does with what it finds. */
import type { ReadCommand, ReadWord } from './readScript.ts'

/** Commands that it runs, and files that it writes. */
export type Found = { readonly commands: readonly ReadCommand[]; readonly writes: readonly string[] }

const RUNS = new Set(['-exec', '-execdir', '-ok', '-okdir'])
const WRITES = new Set(['-fprint', '-fprint0', '-fprintf', '-fls'])

/** Reads the expression of a `find`. `{}` is a word that only it knows. */
export function findDeeds(words: readonly ReadWord[]): Found {
  const commands: ReadCommand[] = []
  const writes: string[] = []
  for (let at = 0; at < words.length; at++) {
    const word = words[at]?.text ?? ''
    if (WRITES.has(word)) writes.push(words[at + 1]?.text ?? '/')
    if (!RUNS.has(word)) continue
    const rest = words.slice(at + 1)
    const end = rest.findIndex(({ text }, place) => text === ';' || (text === '+' && rest[place - 1]?.text === '{}'))
    const inner = end < 0 ? rest : rest.slice(0, end)
    commands.push({ words: inner.map(fed), isPiped: false })
    at += inner.length
  }
  return { commands, writes }
}

function fed({ text, isSure }: ReadWord): ReadWord {
  return { text, isSure: isSure && !text.includes('{}') }
}
