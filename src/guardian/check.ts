/** What a check of the guardian is: it looks at one thing, says what it found, and names the action that mends it. It changes nothing. */

import type { JsonValue } from '../repair/journal.ts'
import type { Settings } from '../shared/config/schema.ts'
import type { DiskRoom } from '../shared/diskRoom.ts'
import type { Language } from '../shared/messages/message.ts'
import type { HomePaths } from '../shared/paths.ts'

/** `fail`: no start until it is mended. `warn`: bearable, and shown as degraded. `ok` with a repair: only tidied up by the longer version. */
export type Severity = 'ok' | 'warn' | 'fail'

/** An action out of the table, with its arguments. */
export type RepairProposal = { readonly action: string; readonly args: JsonValue }

/** One thing that was found. */
export type Finding = {
  readonly check: string
  readonly severity: Severity
  /** One sentence, in the reader's language. */
  readonly what: string
  /** The fault in one word: the same in journal, incident and runbook. */
  readonly fault: string
  readonly repair?: RepairProposal
  /** What a person should do, where no action can. */
  readonly human?: string
}

/** What the checks look at. */
export type GuardianContext = {
  readonly paths: HomePaths
  readonly appRoot: string
  readonly environment: NodeJS.ProcessEnv
  readonly language: Language
  /** The user that we run as; 0 is root. */
  readonly uid: number
  /** Wall clock, milliseconds since 1970. */
  readonly wallMs: number
  /** Undefined until they are known to be valid. */
  readonly settings?: Settings
  /** True in the longer version, which has minutes: every page of the databases, every lock, every leftover. */
  readonly deep: boolean
  /** A living agent that the asking one will follow: what it has open is not looked into. */
  readonly hasPredecessor: boolean
  readonly readRoom: (path: string) => DiskRoom
}

/** One check. */
export type Check = {
  readonly id: string
  readonly title: string
  readonly look: (ctx: GuardianContext) => readonly Finding[] | Promise<readonly Finding[]>
}

/** What is well and worth a line; what is only tidied up some day is not. */
export function isGoodNews({ severity, repair }: Finding): boolean {
  return severity === 'ok' && repair === undefined
}
