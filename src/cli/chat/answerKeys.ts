/** PURE. Which key is an answer to a question, and which one only a letter of something that is being typed. */
import type { Key } from './keyboard.ts'

export type Said = 'yes' | 'no' | 'always'

/** The keys of the answers; beside each what it writes on a Korean keyboard. */
const ANSWERS: Readonly<Record<string, Said>> = { y: 'yes', ㅛ: 'yes', n: 'no', ㅜ: 'no', a: 'always', ㅁ: 'always' }

/** Whoever types a sentence while a question comes up does not mean it with the next letter, in milliseconds. */
const QUIET_MS = 700

/** What a key says, and when something was last typed that is no answer. `isAsked` false: there is no question, so nothing is an answer. */
export function readAnswer(
  { name, sequence = '', ctrl = false }: Key,
  { isAsked, typedMs, nowMs }: { readonly isAsked: boolean; readonly typedMs: number; readonly nowMs: number },
): { readonly said: Said | undefined; readonly typedMs: number } {
  const letter = name ?? sequence
  const said = ctrl || !Object.hasOwn(ANSWERS, letter) ? undefined : ANSWERS[letter]
  const isMeant = isAsked && nowMs - typedMs >= QUIET_MS
  if (said && isMeant) return { said, typedMs }
  return { said: undefined, typedMs: isTyped(sequence) ? nowMs : typedMs }
}

function isTyped(sequence: string): boolean {
  return sequence >= ' ' && sequence !== '\u007f'
}
