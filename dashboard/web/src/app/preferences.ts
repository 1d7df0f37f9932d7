/** What this browser remembers of its reader: language and colour scheme. Where nothing can be kept, they hold for the page. */
import { effect, signal } from '@preact/signals'
import type { Language } from '../../../../src/shared/messages/message.ts'
import { language } from './text.ts'

/** Colour schemes; `auto` follows the system. */
export const SCHEMES = ['auto', 'light', 'dark'] as const
export type Scheme = (typeof SCHEMES)[number]

/** The languages as their readers call them. */
export const LANGUAGES: readonly { readonly key: Language; readonly label: string }[] = [
  { key: 'en', label: 'English' },
  { key: 'ko', label: '한국어' },
]

/** The colour scheme. */
export const scheme = signal<Scheme>('auto')
/** Counts changes of what is really shown, for what cannot follow a style by itself (a canvas). */
export const schemeTurn = signal(0)

const LANGUAGE_KEY = 'ottugi.language'
const SCHEME_KEY = 'ottugi.scheme'

/** Reads what is remembered and keeps page and memory in step; other tabs follow. */
export function startPreferences(): void {
  take()
  window.addEventListener('storage', take)
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    schemeTurn.value += 1
  })
  effect(() => {
    document.documentElement.dataset['scheme'] = scheme.value
    schemeTurn.value = schemeTurn.peek() + 1
  })
  effect(() => {
    document.documentElement.lang = language.value
  })
}

/** Chooses a language, and remembers it. */
export function chooseLanguage(chosen: Language): void {
  language.value = chosen
  keep(LANGUAGE_KEY, chosen)
}

/** Chooses a scheme, and remembers it. */
export function chooseScheme(chosen: Scheme): void {
  scheme.value = chosen
  keep(SCHEME_KEY, chosen)
}

/** Takes the language of the home where this browser remembers none. */
export function suggestLanguage(suggested: Language): void {
  if (kept(LANGUAGE_KEY) === null) language.value = suggested
}

function take(): void {
  const chosen = kept(LANGUAGE_KEY)
  if (chosen === 'en' || chosen === 'ko') language.value = chosen
  else language.value = navigator.language.startsWith('ko') ? 'ko' : 'en'
  scheme.value = SCHEMES.find((one) => one === kept(SCHEME_KEY)) ?? 'auto'
}

function kept(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // A browser that keeps nothing shows the choice until the page is left.
  }
}
