import type { SendKind } from './deskState.ts'
import type { Severity } from './severity.ts'

/** One message as a channel gets it: worded, free of commands and secrets. Plain JSON. */
export type Notice = {
  /** The same for every attempt, and for no other message: a channel that can, uses it to drop repeats. */
  readonly key: string
  /** What it belongs to, for channels that group; `-` for none. */
  readonly thread: string
  readonly kind: SendKind | 'test' | 'reply' | 'result'
  readonly severity: Severity
  readonly title: string
  readonly body: string
  /** The dashboard, where one is configured. */
  readonly link: string | null
  /** ISO 8601, UTC. */
  readonly at: string
  /** What a person may answer in a paired chat; null elsewhere. */
  readonly hint: string | null
}
