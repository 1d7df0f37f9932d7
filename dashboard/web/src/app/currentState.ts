/** How it is, as one tone and one word: for the header and the title of the window. What is not fresh is not known. */

import { type Tone, toneOfState } from '../design/tone.ts'
import { fresh, overview } from '../live/live.ts'
import { pageMessages } from './pageMessages.ts'
import { sayFrom } from './text.ts'

const t = sayFrom(pageMessages)

/** The present state; unknown while the server is silent. */
export function currentState(): { readonly tone: Tone; readonly word: string } {
  const status = overview.value?.status
  if (!status || !fresh.value) return { tone: 'unknown', word: t('page.state.unknown') }
  return {
    tone: toneOfState(status.state, status.agent.degraded),
    word: wordOfState(status.state, status.agent.degraded),
  }
}

/** A state of the watch in words. */
export function wordOfState(state: string, degraded: readonly string[]): string {
  if (state === 'healthy' && degraded.length > 0) return t('page.state.degraded')
  const key = `page.state.${state}`
  return t(Object.hasOwn(pageMessages, key) ? (key as 'page.state.healthy') : 'page.state.unknown')
}
