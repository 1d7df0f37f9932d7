/** What a step is called, and what its state means. */
import { dashboardSessionsMessages } from '../../../../../src/shared/messages/dashboardSessions.ts'
import { sayFrom } from '../../app/text.ts'
import type { Tone } from '../../design/tone.ts'
import { visibleIn } from '../../design/visible.ts'
import type { EndStep, ModelStep, ToolStep } from './step.ts'

const t = sayFrom(dashboardSessionsMessages)
type Key = keyof typeof dashboardSessionsMessages

/** A text whose key ends with a word that came from the journal; the word itself where it has no text here. */
export function wordFor(area: string, word: string): string {
  const key = `${area}.${word}`
  return Object.hasOwn(dashboardSessionsMessages, key) ? t(key as Key & 'step.done') : visibleIn(word)
}

/** The state of a tool call: its tone and its word. */
export function toolState({ state, ok, how }: ToolStep): { readonly tone: Tone; readonly word: string } {
  if (state === 'waiting') return { tone: 'warn', word: t('step.waiting') }
  if (state === 'running') return { tone: 'busy', word: t('step.running') }
  if (state === 'wished') return { tone: 'idle', word: t('step.wished') }
  if (ok === true) return { tone: 'good', word: how === 'dry' ? wordFor('step.how', how) : t('step.done') }
  return { tone: how === 'unknown' ? 'unknown' : 'bad', word: wordFor('step.how', how || 'unknown') }
}

/** The state of a model call. */
export function modelState({ state }: ModelStep): { readonly tone: Tone; readonly word: string } {
  if (state === 'asking') return { tone: 'busy', word: t('step.asking') }
  return state === 'answered' ? { tone: 'good', word: t('step.answered') } : { tone: 'bad', word: t('step.failed') }
}

/** How a run ended: its tone and its word. */
export function endState({ finish }: Pick<EndStep, 'finish'>): { readonly tone: Tone; readonly word: string } {
  const word = wordFor('step.finish', finish)
  if (finish === 'answered') return { tone: 'good', word }
  return { tone: finish === 'cancelled' ? 'idle' : finish === 'failed' ? 'bad' : 'warn', word }
}

/** The tone of a verdict of the gates. */
export function verdictTone(verdict: string): Tone {
  if (verdict === 'allow') return 'good'
  return verdict === 'ask' ? 'warn' : verdict === 'deny' ? 'bad' : 'unknown'
}
