/**
 * What the server of the dashboard tells its page: every answer of `/api/…`, by name. Types only: both sides import them, so neither can drift.
 *
 * Times are ISO 8601 in UTC (`…At`) or milliseconds of the wall clock (`…Ms` where said), for people only. `null` means "not known" and is shown as
 * a dash; 0 means zero. Every answer carries `asOf`, the moment its figures were read: the page mutes what is older than it should be.
 */
import type { Incident } from '../src/shared/incident.ts'
import type { Language } from '../src/shared/messages/message.ts'
import type { Status } from '../src/shared/status.ts'

/** `GET /api/me`: who is signed in, and how the page should speak. */
export type Me = {
  readonly language: Language
  readonly version: string
  /** Path below which everything lies behind a proxy, without a slash at its end; empty at the root. */
  readonly basePath: string
  readonly can: { readonly approve: boolean; readonly admin: boolean; readonly chat: boolean }
  /** What this start of the dashboard did differently, in sentences. */
  readonly notes: readonly string[]
}

/** A part of an answer that could not be read, and why, in a sentence. */
export type Unknown = { readonly what: string; readonly why: string }

/** `GET /api/overview`. */
export type Overview = {
  readonly asOf: string
  readonly status: Status
  /** "Healthy for 3 d 4 h. Last healed …": made by the server, in the language of the reader. */
  readonly sentence: string
  readonly incidents: readonly Incident[]
  readonly approvalsWaiting: number
  readonly money: Money
  readonly models: readonly ModelFigures[]
  readonly tools: readonly ToolFigures[]
  readonly sessions: SessionFigures
  readonly recovery: RecoveryFigures
  readonly host: HostNow | null
  readonly unknown: readonly Unknown[]
}

/** Money of today against the limit, in US dollars. `agent` and `healer` apart. */
export type Money = {
  readonly todayUsd: number
  readonly limitUsd: number | null
  readonly healerTodayUsd: number
  readonly healerLimitUsd: number | null
  /** Of the last hour, as dollars an hour; null without enough to tell. */
  readonly burnUsdPerHour: number | null
  readonly monthUsd: number
  /** What the month comes to at the pace of its days so far; null on its first day. */
  readonly monthForecastUsd: number | null
  readonly monthLimitUsd: number | null
  readonly unpricedCalls: number
}

/** One model over the last 24 hours. Latency in milliseconds. */
export type ModelFigures = {
  readonly model: string
  readonly calls: number
  readonly failed: number
  readonly tokens: number
  readonly usd: number
  readonly medianMs: number | null
  readonly p95Ms: number | null
}

/** One tool over the last 24 hours. `how` of the calls that did not end well. */
export type ToolFigures = {
  readonly tool: string
  readonly runs: number
  readonly failed: number
  readonly medianMs: number | null
  readonly p95Ms: number | null
}

/** Sessions of the last 24 hours. */
export type SessionFigures = {
  readonly active: number
  readonly runs: number
  readonly medianRounds: number | null
  readonly medianResponseMs: number | null
  readonly p95ResponseMs: number | null
}

/** Incidents of a window: "12 of 13 healed in 30 days". */
export type RecoveryFigures = {
  readonly windowDays: number
  readonly healed: number
  readonly of: number
  /** Mean time to recovery: mean `downMs` of those that healed; null without one. */
  readonly mttrMs: number | null
  readonly restarts24h: number
}

/** The machine and our processes now. Bytes; shares 0–1. */
export type HostNow = {
  readonly at: string
  readonly cpu: number | null
  readonly load1: number | null
  readonly memoryUsed: number | null
  readonly memoryTotal: number | null
  readonly diskUsed: number | null
  readonly diskTotal: number | null
  readonly networkReceivedPerSec: number | null
  readonly networkSentPerSec: number | null
  readonly processes: readonly ProcessNow[]
}
/** One of our processes now. Bytes; `cpu` is a share of one core. */
export type ProcessNow = {
  readonly app: string
  readonly pid: number
  readonly cpu: number | null
  readonly memory: number | null
  readonly descriptors: number | null
}

/** What the heartbeat bar can show. */
export const HEARTBEAT_WINDOWS = ['24h', '7d', '90d'] as const
export type HeartbeatWindow = (typeof HEARTBEAT_WINDOWS)[number]
export type HeartbeatWord = 'up' | 'degraded' | 'down' | 'maintenance' | 'stopped' | 'unknown'

/** `GET /api/heartbeat?window=`: oldest first, gapless, at most 96 cells. A cell has the worst word of its time. */
export type Heartbeat = {
  readonly asOf: string
  readonly window: HeartbeatWindow
  readonly cellMs: number
  readonly cells: readonly HeartbeatCell[]
  /** Share of the known time with service, 0–1; null where nothing is known. */
  readonly available: number | null
  /** Not there where everything could be read. */
  readonly unknown?: readonly Unknown[]
}
/** One cell of the bar; `downMs` is its time without service. */
export type HeartbeatCell = {
  readonly at: string
  readonly word: HeartbeatWord
  readonly downMs: number
  readonly incidents: number
}

/** `GET /api/incidents?before=&limit=`: newest first. */
export type Incidents = {
  readonly asOf: string
  readonly incidents: readonly Incident[]
  readonly next: string | null
  /** Not there where everything could be read. */
  readonly unknown?: readonly Unknown[]
}

/** `GET /api/incidents/:id`: the story with its evidence. */
export type IncidentStory = {
  readonly asOf: string
  readonly incident: Incident
  /** What happened, line by line, in the reader's language. */
  readonly story: readonly StoryLine[]
  /** Lines of the repair journal, probes, masked evidence, model call: as JSON for whoever wants to see it. */
  readonly evidence: readonly { readonly title: string; readonly lines: readonly string[] }[]
  readonly alert: { readonly text: string; readonly acknowledgedBy: string | null } | null
}
/** One line of a story. */
export type StoryLine = {
  readonly at: string
  readonly text: string
  readonly kind: 'seen' | 'done' | 'undone' | 'told' | 'end'
}
