/** Which incidents are shown. */
import type { Incident } from '../../../../../src/shared/incident.ts'

/** Outcomes to choose from; `all` shows each. */
export const OUTCOMES = ['all', 'open', 'healed', 'degraded', 'escalated'] as const
export type OutcomeChoice = (typeof OUTCOMES)[number]

/** `from` and `to` in ISO 8601 where one cell of the heartbeat bar was opened. */
export type IncidentFilter = {
  readonly outcome: OutcomeChoice
  readonly words: string
  readonly from: string | null
  readonly to: string | null
}

/** The incidents that fit, in the order that they came. */
export function filterIncidents(incidents: readonly Incident[], filter: IncidentFilter): Incident[] {
  const words = filter.words.toLowerCase().split(/\s+/).filter(Boolean)
  return incidents.filter((incident) => {
    if (filter.outcome !== 'all' && incident.outcome !== filter.outcome) return false
    const text = `${incident.id} ${incident.fault} ${incident.symptom}`.toLowerCase()
    return words.every((word) => text.includes(word)) && overlaps(incident, filter)
  })
}

/** True where some of the incident lies in the window; one that is open lasts until now. */
function overlaps({ openedAt, closedAt }: Incident, { from, to }: IncidentFilter): boolean {
  const opened = Date.parse(openedAt)
  const closed = closedAt === null ? Number.POSITIVE_INFINITY : Date.parse(closedAt)
  return (to === null || opened < Date.parse(to)) && (from === null || closed >= Date.parse(from))
}

/** Two pages as one, newest first, each incident once: the newer answer counts. */
export function mergeIncidents(newer: readonly Incident[], older: readonly Incident[]): Incident[] {
  const seen = new Set(newer.map(({ id }) => id))
  return [...newer, ...older.filter(({ id }) => !seen.has(id))]
}
