/** What is wrong with the settings: one thing a problem, for programs and for people. */
import type { Language } from '../messages/message.ts'
import { type Phrase, phrase } from '../messages/phrase.ts'
import { text, textOf } from '../messages/text.ts'

/** Where a setting was written. */
export type Place = 'ottugi.yaml' | '.env' | 'environment'

/** One thing that is wrong. Never holds the value of a secret. */
export type SettingsProblem = {
  readonly where: Place
  /** The dotted key; of an unknown variable its name. Missing when the whole file is meant. */
  readonly key?: string
  /** The variable that said so, where it came from one. */
  readonly variable?: string
  /** Counted from 1. */
  readonly line?: number
  readonly column?: number
  /** In English; see `words` for other languages. */
  readonly expected: string
  readonly got: string
  /** The known name that is nearest to an unknown one. */
  readonly suggestion?: string
  readonly words: { readonly expected: Phrase; readonly got: Phrase; readonly todo: Phrase }
}

/** What a problem is made from. `todo` defaults to: correct it where it was written. */
export type ProblemFacts = Pick<SettingsProblem, 'where' | 'key' | 'variable' | 'line' | 'column' | 'suggestion'> & {
  readonly expected: Phrase
  readonly got: Phrase
  readonly todo?: Phrase
}

/** Makes a problem out of phrases. */
export function settingsProblem({ expected, got, todo, ...facts }: ProblemFacts): SettingsProblem {
  return {
    ...facts,
    expected: textOf('en', expected),
    got: textOf('en', got),
    words: { expected, got, todo: todo ?? whatToDo(facts) },
  }
}

function whatToDo({
  where,
  variable,
  line,
  suggestion,
}: Pick<SettingsProblem, 'where' | 'variable' | 'line' | 'suggestion'>): Phrase {
  if (suggestion) return phrase('todo.didYouMean', { suggestion })
  if (where === 'environment' && variable) return phrase('todo.correctVariable', { name: variable })
  return line === undefined ? phrase('todo.correctFile', { where }) : phrase('todo.correctLine')
}

/** One sentence that says where, what was expected, what came and what to do. */
export function formatProblem(problem: SettingsProblem, language: Language): string {
  const place = placeOf(problem, language)
  const expected = textOf(language, problem.words.expected)
  const got = textOf(language, problem.words.got)
  const todo = textOf(language, problem.words.todo)
  const subject = problem.variable ?? problem.key
  if (subject && problem.words.expected.key === 'expected.knownKey')
    return text(language, 'problem.unknownName', { place, subject, todo })
  return subject === undefined
    ? text(language, 'problem.sentenceOfFile', { place, expected, got, todo })
    : text(language, 'problem.sentence', { place, subject, expected, got, todo })
}

function placeOf({ where, line, column }: SettingsProblem, language: Language): string {
  if (where === 'environment') return text(language, 'problem.placeEnvironment')
  if (line === undefined) return where
  return column === undefined
    ? text(language, 'problem.placeLineOnly', { where, line })
    : text(language, 'problem.placeLine', { where, line, column })
}

/** The problem as plain JSON for `--json`, with its sentence. */
export function problemAsJson(
  { words: _, ...problem }: SettingsProblem,
  message: string,
): Readonly<Record<string, unknown>> {
  return { ...problem, message }
}

const LONGEST_SHOWN = 60
/** Unbroken, long and mixed: keys and tokens look like this, settings hardly do. */
const SECRET_SHAPED = /^(?:sk|pk|ghp|gho|xox[a-z]|AKIA|eyJ)[-_A-Za-z0-9]|^(?=.*\d)(?=.*[A-Za-z])[-_+/=A-Za-z0-9]{20,}$/

/** Describes a value that came. What stands in `.env`, or looks like a secret in the wrong place, is told by its length only. */
export function describeValue(value: unknown, where: Place): Phrase {
  if (value === null || value === undefined) return phrase('got.nothing')
  if (Array.isArray(value)) return phrase('got.list')
  if (typeof value === 'object') return phrase('got.group')
  const shown = String(value)
  if (shown === '') return phrase('got.nothing')
  if (where === '.env' || SECRET_SHAPED.test(shown)) return phrase('got.hidden', { length: shown.length })
  const cut = shown.length > LONGEST_SHOWN ? `${shown.slice(0, LONGEST_SHOWN)}…` : shown
  return phrase('got.value', { value: typeof value === 'string' ? JSON.stringify(cut) : cut })
}
