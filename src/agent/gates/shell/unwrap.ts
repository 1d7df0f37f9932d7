/** PURE. Takes wrappers off a simple command, until what is left is run by itself. */
import type { Form } from '../deed.ts'
import type { ReadCommand, ReadWord } from './readScript.ts'
import { SHELL_FLAGS, SHELLS, WRAPPERS, type Wrapper } from './wrappers.ts'

/** What one layer came to. */
export type Layer =
  /** Nothing is wrapped. */
  | { readonly is: 'plain' }
  /** Another command, with names that the wrapper sets. */
  | {
      readonly is: 'command'
      readonly command: ReadCommand
      readonly sets: readonly string[]
      readonly forms: readonly Form[]
    }
  /** Text that is read as a script. */
  | { readonly is: 'script'; readonly text: string; readonly forms: readonly Form[] }
  | { readonly is: 'form'; readonly form: Form }

const PLAIN: Layer = { is: 'plain' }
/** Stands for words that only the wrapper knows. */
const FED: ReadWord = { text: '', isSure: false }
const ASSIGNMENT = /^([A-Za-z_]\w*)=/

/** Takes one layer off. `program` is the name as it is judged. */
export function unwrap(program: string, command: ReadCommand): Layer {
  const rest = command.words.slice(1)
  if (SHELLS.has(program)) return openShell(rest)
  if (program === 'eval') return openEval(rest)
  const wrapper = Object.hasOwn(WRAPPERS, program) ? WRAPPERS[program] : undefined
  return wrapper ? open(wrapper, rest, command.isPiped) : PLAIN
}

function openEval(words: readonly ReadWord[]): Layer {
  if (words.some(({ isSure }) => !isSure)) return { is: 'form', form: 'hidden-script' }
  return { is: 'script', text: words.map(({ text }) => text).join(' '), forms: ['runs-text'] }
}

function openShell(words: readonly ReadWord[]): Layer {
  const first = words.findIndex(({ text }) => !text.startsWith('-') && !text.startsWith('+'))
  const options = first < 0 ? words : words.slice(0, first)
  if (options.some(({ text, isSure }) => !isSure || !SHELL_FLAGS.test(text)))
    return { is: 'form', form: 'strange-wrapper' }
  if (!options.some(({ text }) => text.includes('c'))) {
    // Without `-c` it runs a file, which is a program like any other, or what it is fed.
    if (first < 0) return { is: 'form', form: 'fed-script' }
    return words[first]?.isSure ? PLAIN : { is: 'form', form: 'hidden-script' }
  }
  const script = words[first]
  if (!script?.isSure) return { is: 'form', form: 'hidden-script' }
  return { is: 'script', text: script.text, forms: words.length > first + 1 ? ['expansion'] : [] }
}

/** What stands before the command inside a wrapper. */
type Ahead =
  | { readonly is: 'command'; readonly at: number; readonly sets: readonly string[]; readonly marker: string }
  | { readonly is: 'alone' }
  | { readonly is: 'form'; readonly form: Form }

function open(wrapper: Wrapper, words: readonly ReadWord[], isPiped: boolean): Layer {
  const ahead = readAhead(wrapper, words)
  if (ahead.is === 'form') return ahead
  if (ahead.is === 'alone') return PLAIN
  const { sets, marker } = ahead
  const inner = words.slice(ahead.at)
  if (!wrapper.feeds) return { is: 'command', command: { words: inner, isPiped }, sets, forms: [] }
  return { is: 'command', command: { words: fed(inner, marker), isPiped: true }, sets, forms: ['fed-arguments'] }
}

function readAhead(wrapper: Wrapper, words: readonly ReadWord[]): Ahead {
  let left = wrapper.skip ?? 0
  for (let at = 0; at < words.length; ) {
    const { text, isSure } = words[at] ?? FED
    if (!isSure) return { is: 'form', form: 'hidden-program' }
    if (wrapper.tells?.includes(text)) return { is: 'alone' }
    const own = ownLength(wrapper, text)
    if (own === 'strange') return { is: 'form', form: 'strange-wrapper' }
    if (own === 0 && left-- <= 0) return { is: 'command', at, ...told(wrapper, words.slice(0, at)) }
    at += own || 1
  }
  return { is: 'alone' }
}

/** The names that are set before the command, and the marker for what is fed. */
function told(
  { assigns, feeds }: Wrapper,
  words: readonly ReadWord[],
): { readonly sets: readonly string[]; readonly marker: string } {
  const sets = assigns ? words.flatMap(({ text }) => ASSIGNMENT.exec(text)?.slice(1) ?? []) : []
  const at = feeds ? words.findIndex(({ text }) => text.startsWith('-I')) : -1
  return { sets, marker: at < 0 ? '' : words[at]?.text.slice(2) || (words[at + 1]?.text ?? '') }
}

/** How many words belong to the wrapper itself from here: an option with its value, or a name that is set. */
function ownLength(wrapper: Wrapper, text: string): number | 'strange' {
  if (text === '--' || (wrapper.assigns && ASSIGNMENT.test(text))) return 1
  return optionLength(wrapper, text)
}

/** What is fed stands at the end, or wherever the marker stands. */
function fed(words: readonly ReadWord[], marker: string): ReadWord[] {
  const isMarked = (text: string) => marker !== '' && text.includes(marker)
  return [...words.map(({ text, isSure }) => ({ text, isSure: isSure && !isMarked(text) })), FED]
}

/** How many words an option takes: 0 is no option. Values may stand in the same word. */
function optionLength({ flags, values }: Wrapper, word: string): number | 'strange' {
  if (!word.startsWith('-')) return 0
  if (flags.includes(word)) return 1
  if (values.includes(word)) return 2
  const [name = ''] = word.split('=', 1)
  if (word.startsWith('--')) return values.includes(name) && word.includes('=') ? 1 : 'strange'
  if (values.includes(word.slice(0, 2))) return 1
  // `nice -5` is `nice -n 5`.
  if (values.includes('-n') && /^-\d+$/.test(word)) return 1
  return [...word.slice(1)].every((letter) => flags.includes(`-${letter}`)) ? 1 : 'strange'
}
