/** What the journal of the agent holds, as everybody else reads it: the words of `src/agent/journal/event.ts`, trusted only as far as they are looked at. */

/** One event. `data` is what its type says. */
export type RecordedEvent = {
  readonly seq: number
  /** Empty where the event belongs to its session only. */
  readonly run: string
  readonly session: string
  readonly type: string
  /** ISO 8601, UTC. */
  readonly at: string
  readonly data: Readonly<Record<string, unknown>>
}

/** A session in a list. */
export type SessionSummary = {
  readonly session: string
  /** What a person called it; null where nobody did. */
  readonly name: string | null
  /** The name, else the beginning of the first question. */
  readonly title: string
  readonly startedAt: string
  readonly lastAt: string
  readonly runs: number
  /** Of its own model calls; those of the session that it was branched off are not in it. */
  readonly costUsd: number
  readonly tokens: number
  /** `working` while a run of it has not ended. */
  readonly state: 'idle' | 'working'
  /** The session whose past it shares, up to that event. */
  readonly branchOf: { readonly session: string; readonly seq: number } | null
}

/** A place where all words of a search stand. */
export type FoundText = {
  readonly session: string
  readonly run: string
  readonly seq: number
  readonly at: string
  readonly who: 'person' | 'model'
  /** The words around the first hit, on one line. */
  readonly excerpt: string
}

/** A text in an event's data; empty where there is none. */
export function textIn(data: RecordedEvent['data'], field = 'text'): string {
  const value = data[field]
  return typeof value === 'string' ? value : ''
}

/** A number in an event's data; 0 where there is none. */
export function numberIn(data: RecordedEvent['data'], field: string): number {
  const value = data[field]
  return typeof value === 'number' ? value : 0
}

/** The tool calls of an answer. */
export function callsIn(data: RecordedEvent['data']): { id: string; name: string; input: unknown; broken?: string }[] {
  const calls = data['calls']
  return Array.isArray(calls) ? calls.filter((call) => typeof call === 'object' && call !== null) : []
}
