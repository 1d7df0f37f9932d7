/** The questions of the wizard, as a terminal asks them. Everything gives undefined when the person leaves (Ctrl+C, Escape). */
import type { Language } from '../../shared/messages/message.ts'
import { text } from '../../shared/messages/text.ts'

/** One of several answers. */
export type Choice<Value extends string> = { readonly value: Value; readonly label: string; readonly hint?: string }

/** A typed answer. `check` gives what is wrong with it. */
export type LineQuestion = {
  readonly message: string
  readonly initial?: string
  readonly check?: (typed: string) => string | undefined
}

/** What can be asked, and said between two questions. */
export type Prompts = {
  readonly choose: <Value extends string>(
    message: string,
    choices: readonly Choice<Value>[],
    initial?: Value,
  ) => Promise<Value | undefined>
  readonly several: <Value extends string>(
    message: string,
    choices: readonly Choice<Value>[],
  ) => Promise<readonly Value[] | undefined>
  readonly line: (question: LineQuestion) => Promise<string | undefined>
  /** What is typed is not shown. */
  readonly hidden: (message: string) => Promise<string | undefined>
  readonly yesNo: (message: string, initial: boolean) => Promise<boolean | undefined>
  readonly say: (kind: 'step' | 'info' | 'success' | 'warn', words: string) => void
  readonly begin: (words: string) => void
  readonly end: (words: string) => void
}

/** So many choices are shown at a time. */
const ROWS = 9
/** What a terminal has at the least. */
const COLUMNS = 80

/** Opens them on the terminal of this process, until `signal`. */
export async function openPrompts(language: Language, signal: AbortSignal): Promise<Prompts> {
  // A serial line tells no width: with 0 every letter would get a line of its own.
  if (process.stdout.columns === 0) process.stdout.columns = COLUMNS
  const clack = await import('@clack/prompts')
  const orNothing = async <Value>(asked: Promise<Value | symbol>): Promise<Value | undefined> => {
    const answer = await asked
    return clack.isCancel(answer) ? undefined : (answer as Value)
  }
  // An empty line may come as nothing at all, and is no cancel.
  const typed = async (asked: Promise<string | symbol | undefined>): Promise<string | undefined> => {
    const answer = await asked
    return clack.isCancel(answer) ? undefined : String(answer ?? '').trim()
  }
  return {
    choose: (message, choices, initial) =>
      orNothing(
        clack.select<string>({
          ...{ message, signal, options: [...choices], maxItems: ROWS, showInstructions: false },
          ...(initial === undefined ? {} : { initialValue: initial }),
        }),
      ) as never,
    several: (message, choices) =>
      orNothing(clack.multiselect<string>({ message, signal, options: [...choices], required: false })) as never,
    line: ({ message, initial, check }) => {
      const validate = (typed: string | undefined) => check?.((typed ?? '').trim())
      return typed(
        clack.text({ message, signal, validate, ...(initial === undefined ? {} : { initialValue: initial }) }),
      )
    },
    hidden: (message) => typed(clack.password({ message, signal })),
    yesNo: (message, initial) =>
      orNothing<boolean>(
        clack.confirm({
          ...{ message, signal, initialValue: initial },
          ...{ active: text(language, 'init.yes'), inactive: text(language, 'init.no') },
        }),
      ),
    say: (kind, words) => clack.log[kind](words),
    begin: (words) => clack.intro(words),
    end: (words) => clack.outro(words),
  }
}
