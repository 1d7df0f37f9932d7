/** What init tries for real before anything is written: a key, a message. Both work on the settings as they would be. */
import type { KeyTrial } from '../../model/tryKey.ts'
import { formatProblem } from '../../shared/config/problem.ts'
import type { Language } from '../../shared/messages/message.ts'
import { text } from '../../shared/messages/text.ts'
import type { CliContext } from '../context.ts'
import { terminalSafe } from '../terminalSafe.ts'
import type { Answers } from './answers.ts'
import type { Current } from './current.ts'
import { draftSecrets, draftSettings } from './draft.ts'
import { planOf } from './plan.ts'
import { tryNotify } from './tryNotify.ts'

/** What one run of init works with. */
export type Desk = {
  readonly context: CliContext
  readonly current: Current
  readonly language: Language
  /** Lines for the ledger of model calls, which may not be there yet. Grows. */
  readonly usage: KeyTrial['usage'][number][]
}

/** `refused`: it cannot work as it is. `unknown`: nobody could say (no network, a provider in trouble). */
export type Trial = { readonly result: 'well' | 'refused' | 'unknown' | 'cancelled'; readonly words: string }

const CANCELLED: Trial = { result: 'cancelled', words: '' }
/** The provider answered, and did not want this key or this model. */
const REFUSALS: ReadonlySet<string> = new Set(['unauthorized', 'refused', 'bad-answer', 'no-key'])

/** Asks the model one word. */
export async function tryAnsweredKey(desk: Desk, answers: Answers): Promise<Trial> {
  const { current, language } = desk
  const plan = planOf(answers, current)
  const draft = draftSettings(current, plan)
  if (!draft.ok)
    return { result: 'refused', words: draft.problems.map((problem) => formatProblem(problem, language)).join('\n') }
  const { tryKey } = await import('../../model/tryKey.ts')
  const secrets = draftSecrets(current, plan)
  const trial = await untilCancelled((signal) => tryKey({ settings: draft.settings, secrets, signal }))
  if (!trial) return CANCELLED
  desk.usage.push(...trial.usage)
  const { provider, model, latencyMs, costUsd } = trial
  const who = { provider, model: terminalSafe(model) }
  if (trial.ok) {
    const words = text(language, 'init.keyWorks', { ...who, latencyMs, costUsd: costUsd.toFixed(6) })
    return { result: 'well', words }
  }
  const isRefused = REFUSALS.has(trial.kind)
  const key = isRefused ? 'init.keyRefused' : 'init.keyUnknown'
  const words = text(language, key, { ...who, reason: terminalSafe(trial.reason) })
  return { result: isRefused ? 'refused' : 'unknown', words }
}

/** Sends one message to the channel that was answered. */
export async function tryAnsweredNotify(desk: Desk, answers: Answers): Promise<Trial> {
  const { current, language, context } = desk
  const plan = planOf(answers, current)
  const draft = draftSettings(current, plan)
  if (!draft.ok || !answers.notify) return { result: 'refused', words: text(language, 'init.notifyNone') }
  const parts = { settings: draft.settings, channel: answers.notify.type, secrets: draftSecrets(current, plan) }
  const reason = await untilCancelled(async (signal) => {
    const failure = await tryNotify({ ...parts, environment: context.environment, language, signal })
    return { failure }
  })
  if (!reason) return CANCELLED
  if (reason.failure === undefined) return { result: 'well', words: text(language, 'init.notifySent') }
  return { result: 'refused', words: text(language, 'init.notifyFailed', { reason: terminalSafe(reason.failure) }) }
}

/** What the work gives, or undefined as soon as Ctrl+C is pressed: a prompt hears it by itself, and between two prompts nobody else does. */
export async function untilCancelled<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result | undefined> {
  const stop = new AbortController()
  const cancelled = new Promise<undefined>((resolve) => {
    stop.signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
  const cancel = () => stop.abort()
  process.on('SIGINT', cancel)
  try {
    return await Promise.race([work(stop.signal), cancelled])
  } finally {
    // The signal may come twice, from the terminal and from whoever started us: the second must not end us before we said what became of it.
    if (!stop.signal.aborted) process.off('SIGINT', cancel)
  }
}
