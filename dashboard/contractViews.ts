/** The second part of what the server tells its page: the views behind the first screen, the actions, and the stream. See `contract.ts`. */

import type { Incident } from '../src/shared/incident.ts'
import type { ListedJob } from '../src/shared/schedule/job.ts'
import type { FoundText, RecordedEvent, SessionSummary } from '../src/shared/sessions/recorded.ts'
import type { HostNow, Money, Overview, ToolFigures, Unknown } from './contract.ts'

/** `GET /api/sessions?q=&limit=`. */
export type Sessions = {
  readonly asOf: string
  readonly sessions: readonly SessionSummary[]
  /** Where `q` was found; empty without one. */
  readonly found: readonly FoundText[]
}

/** `GET /api/sessions/:id`, `GET /api/runs/:id`: the journal, oldest first. */
export type Journal = {
  readonly asOf: string
  readonly session: SessionSummary | null
  readonly events: readonly RecordedEvent[]
}

/** `GET /api/approvals`. `lines` is rendered by the gate: control characters are visible, nothing is markup. */
export type Approvals = { readonly asOf: string; readonly approvals: readonly ShownApproval[] }
export type ShownApproval = {
  readonly id: string
  readonly state: string
  readonly kind: 'recovery' | 'agent'
  readonly askedAt: string
  readonly expiresAt: string
  readonly lines: readonly string[]
  /** The digest that a yes is a yes to: sent back with the answer. */
  readonly digest: string
  readonly answeredBy: string | null
}

/** `GET /api/costs?by=model|day|session|job&days=`. */
export type Costs = {
  readonly asOf: string
  readonly money: Money
  readonly by: string
  readonly rows: readonly CostLine[]
  /** Dollars a day, oldest first, for the chart. */
  readonly days: readonly { readonly day: string; readonly agentUsd: number; readonly healerUsd: number }[]
  /** Not there where everything could be read. */
  readonly unknown?: readonly Unknown[]
}
/** Sums of model calls; `key` is empty where there is no job. */
export type CostLine = {
  readonly key: string
  readonly calls: number
  readonly inputTokens: number
  readonly cachedTokens: number
  readonly outputTokens: number
  readonly usd: number
  readonly unpricedCalls: number
}

/** `GET /api/tools`. What the running agent offers (null while it is down), and figures of the journal. */
export type Tools = {
  readonly asOf: string
  readonly tools: readonly ToolLine[] | null
  readonly figures: readonly ToolFigures[]
  readonly jobs: readonly ListedJob[]
  /** Not there where everything could be read. */
  readonly unknown?: readonly Unknown[]
}
/** One tool of the running agent. */
export type ToolLine = {
  readonly name: string
  readonly description: string
  readonly safety: string
  readonly risk: number
  readonly available: boolean
  readonly why: string | null
}

/** `GET /api/host`. */
export type Host = {
  readonly asOf: string
  readonly now: HostNow | null
  readonly machine: Readonly<Record<string, string>>
  readonly series: readonly string[]
  readonly unknown: readonly Unknown[]
}

/**
 * `GET /api/series?name=host.cpu,agent.memory&from=&to=&points=`: buckets for the width asked (at most 2,000), from the finest tier that reaches
 * back that far. Columns, so that a chart takes them as they are. `&format=csv` for a download.
 */
export type Series = {
  readonly asOf: string
  readonly stepMs: number
  /** Begin of each bucket, milliseconds of the wall clock. */
  readonly at: readonly number[]
  readonly columns: readonly SeriesColumn[]
}
/** `null` where nothing was measured: a gap, never a zero. */
export type SeriesColumn = {
  readonly name: string
  readonly unit: 'share' | 'bytes' | 'bytes/s' | 'ms' | 'count' | 'load'
  readonly mean: readonly (number | null)[]
  readonly min: readonly (number | null)[]
  readonly max: readonly (number | null)[]
}

/** `GET /api/logs?app=&level=&q=&before=&limit=`: newest first. `next` goes into `before`. */
export type Logs = { readonly asOf: string; readonly lines: readonly LogLine[]; readonly next: string | null }
export type LogLine = {
  readonly at: string
  readonly app: string
  readonly level: string
  readonly text: string
  /** The whole line as it stands in the file, shortened where it is longer than 8 KiB. */
  readonly raw: string
}

/** `GET /api/settings`. */
export type SettingsView = {
  readonly asOf: string
  readonly text: string
  readonly valid: boolean
  readonly problems: readonly string[]
  readonly rows: readonly SettingRow[]
  readonly canRollBack: boolean
}
/** One setting with where its value came from. */
export type SettingRow = {
  readonly key: string
  readonly value: unknown
  readonly from: 'environment' | 'env-file' | 'file' | 'default'
  readonly description: string
  readonly ownerOnly: boolean
  readonly isSecret: boolean
}
/** `POST /api/settings/check` and `POST /api/settings` with `{ changes: { key: value } }`. Nothing is saved where `problems` is not empty. */
export type SettingsCheck = {
  readonly diff: string
  readonly problems: readonly string[]
  readonly saved: boolean
  /** What else is worth knowing, in sentences: a variable that goes before the file. */
  readonly notes?: readonly string[]
  /** Names the text that the change was made for: sent back as `base` with the save, which is refused where the file is another one by then. */
  readonly base?: string
}

/** `POST /api/actions/:name`. The body is the arguments; each is confirmed by the page before. */
export const ACTIONS = [
  'acknowledge',
  'maintenance-on',
  'maintenance-off',
  'restart',
  'safe-mode-on',
  'safe-mode-off',
  'drill',
  'roll-back-settings',
  'cancel-run',
] as const
/** One of them. */
export type ActionName = (typeof ACTIONS)[number]
/** What came of it, in a sentence; `undo` names the action that takes it back. */
export type ActionResult = { readonly done: boolean; readonly text: string; readonly undo: ActionName | null }

/**
 * `GET /api/events`: one stream for all tabs. The id of an event is `<journal seq>.<counter>`; after a reconnect with `Last-Event-ID` no
 * journal event is missed and none comes twice.
 */
export type StreamEvent =
  /** At once, and whenever something on the first screen changed (at most once a second). */
  | { readonly event: 'overview'; readonly data: Overview }
  /** Each event of the journal of the agent, as it is written. */
  | { readonly event: 'journal'; readonly data: RecordedEvent }
  /** An incident was opened, changed or closed. */
  | { readonly event: 'incident'; readonly data: Incident }
  | { readonly event: 'approvals'; readonly data: { readonly waiting: number } }
  /** Every 5 seconds, so that the page knows that it is live. */
  | { readonly event: 'beat'; readonly data: { readonly at: string } }

/** Chat goes through the dashboard to the agent: `POST /api/chat` `{ session, message, id }` answers with the agent's own event stream. */
export type ChatQuestion = {
  readonly session: string
  readonly message: string
  readonly id: string
  readonly model?: string
}
