import { guardianMessages } from '../shared/messages/guardian.ts'
import type { Language } from '../shared/messages/message.ts'
import { chooseLanguage } from '../shared/messages/text.ts'

type Key = keyof typeof guardianMessages

/** Words one of the guardian's texts. */
export function say(language: Language, key: Key, params: Readonly<Record<string, string | number>> = {}): string {
  return guardianMessages[key][language].replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole))
}

/** The language to speak before the settings are known to be readable: what the file seems to say, else the locale. */
export function guessLanguage(settingsText: string | undefined, environment: NodeJS.ProcessEnv): Language {
  const named = /^language:\s*["']?(en|ko)\b/m.exec(settingsText ?? '')?.[1]
  const setting = environment['OTTUGI_LANGUAGE'] || named
  return chooseLanguage(setting === 'en' || setting === 'ko' ? setting : 'auto', environment)
}
