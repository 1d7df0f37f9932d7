/** What every channel is: a function that delivers one notice, and says what became of it. */
import type { ChannelSettings, SettingsOf } from '../../shared/config/alertChannels.ts'
import { type Phrase, phrase } from '../../shared/messages/phrase.ts'
import type { Notice } from '../notice.ts'

/** `retry`: the channel may take it later. `permanent`: it will not, and a person must know. A reason never holds what a server or a secret said. */
export type Delivery = { readonly ok: true } | Failure

/** It was not delivered. */
export type Failure = {
  readonly ok: false
  readonly kind: 'retry' | 'permanent'
  readonly reason: Phrase
  /** How long the server asks us to stay away. */
  readonly retryAfterMs?: number
}

/** What a channel works with. */
export type Tools = {
  /** A secret by its name in `.env`; undefined where it is missing or empty. */
  readonly secret: (name: string) => string | undefined
  /** Aborts at the deadline: nothing goes on after it. */
  readonly signal: AbortSignal
  /** For programs: PATH and what they may know. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Delivers one notice. Never throws for anything that a server, a program or the settings can do. */
export type Channel<Type extends ChannelSettings['type']> = (
  notice: Notice,
  settings: SettingsOf<Type>,
  tools: Tools,
) => Promise<Delivery>

/** It was delivered. */
export const DELIVERED: Delivery = { ok: true }

/** It never will be, for this reason. */
export function refused(reason: Phrase): Failure {
  return { ok: false, kind: 'permanent', reason }
}

/** It may be later. */
export function later(reason: Phrase, retryAfterMs?: number): Failure {
  return { ok: false, kind: 'retry', reason, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
}

/** The answer where a secret is not there. */
export function withoutSecret(name: string): Failure {
  return refused(phrase('notify.why.secret', { name }))
}

/** Title, body and link as one plain text. */
export function plainText({ title, body, link }: Notice): string {
  return [title, '', body, ...(link ? ['', link] : [])].join('\n')
}
