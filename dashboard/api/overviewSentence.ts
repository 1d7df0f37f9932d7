/** The first sentence of the first screen. */
import { formatDuration } from '../../src/shared/durationWords.ts'
import type { Incident } from '../../src/shared/incident.ts'
import type { Language } from '../../src/shared/messages/message.ts'
import type { MessageKey } from '../../src/shared/messages/table.ts'
import { text } from '../../src/shared/messages/text.ts'
import type { Status } from '../../src/shared/status.ts'
import { shortVisible } from '../../src/shared/visibleText.ts'

const STATES = new Set([
  'healthy',
  'suspect',
  'restarting',
  'repairing',
  'recovering',
  'givenUp',
  'maintenance',
  'stopped',
])
const LONGEST_WORD = 60

/** "Healthy for 3 d 4 h. Last healed 14:02: …". Who does not know says so. */
export function sentenceOf(language: Language, status: Status, incidents: readonly Incident[], nowMs: number): string {
  const open = incidents.find(({ closedAt }) => closedAt === null)
  const healed = incidents.find(({ closedAt, outcome }) => closedAt !== null && outcome !== 'escalated')
  const parts = [
    stateOf(language, status, nowMs),
    ...(open ? [openOf(language, open, nowMs)] : []),
    ...(!open && healed ? [healedOf(language, healed, nowMs)] : []),
  ]
  return parts.join(' ')
}

function stateOf(language: Language, { state: word, since }: Status, nowMs: number): string {
  const key = `state.${STATES.has(word) ? word : 'unknown'}` as MessageKey & `state.${string}`
  const state = text(language, key)
  if (since === null) return text(language, 'status.plain', { state })
  return text(language, 'status.for', { state, duration: lengthOf(nowMs - Date.parse(since), language) })
}

/** Whole minutes as soon as there are some: a sentence that changes each second is not calm. */
function lengthOf(ms: number, language: Language): string {
  const calm = ms < 60_000 ? Math.floor(ms / 10_000) * 10_000 : Math.floor(ms / 60_000) * 60_000
  return formatDuration(Math.max(0, calm), language)
}

function openOf(language: Language, { id, fault, openedAt }: Incident, nowMs: number): string {
  const at = momentOf(openedAt, nowMs)
  return text(language, 'status.incidentOpen', { id: shortVisible(id, LONGEST_WORD), at, fault: wordOf(fault) })
}

function healedOf(language: Language, { fault, openedAt, closedAt, downMs, costUsd }: Incident, nowMs: number): string {
  return text(language, 'dashboardServer.lastHealed', {
    at: momentOf(closedAt ?? openedAt, nowMs),
    fault: wordOf(fault),
    down: formatDuration(downMs, language),
    cost: `$${Number(costUsd).toFixed(2)}`,
  })
}

function wordOf(fault: unknown): string {
  return shortVisible(String(fault), LONGEST_WORD)
}

/** Hours and minutes in the owner's zone, with the day where it is another one. */
function momentOf(iso: string, nowMs: number): string {
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return '–'
  const time = at.toLocaleTimeString('sv-SE', { hour: '2-digit', minute: '2-digit' })
  return at.toDateString() === new Date(nowMs).toDateString() ? time : `${at.toLocaleDateString('sv-SE')} ${time}`
}
