import type { Language } from './message.ts'
import type { ParamsOf, Phrase } from './phrase.ts'
import { type MessageKey, table } from './table.ts'

/** Words a message in a language. Its parameters are type-checked against the `{name}`s of the English text; they are put in once, never read again for `{}`. */
export function text<Key extends MessageKey>(language: Language, key: Key, ...[params]: ParamsOf<Key>): string {
  return fill(table[key][language], params ?? {})
}

/** Words a phrase that was made elsewhere. */
export function textOf(language: Language, { key, params }: Phrase): string {
  return fill(table[key][language], params)
}

function fill(template: string, params: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole))
}

/** The language to speak: the setting where it names one; for `auto` the locale of the environment, by the order of POSIX. English where nothing says Korean. */
export function chooseLanguage(setting: 'auto' | Language, environment: NodeJS.ProcessEnv): Language {
  if (setting !== 'auto') return setting
  const locale = environment['LC_ALL'] || environment['LC_MESSAGES'] || environment['LANG'] || ''
  return /^ko(?![a-z])/i.test(locale) ? 'ko' : 'en'
}
