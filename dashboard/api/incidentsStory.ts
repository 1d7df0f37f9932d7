/** An incident as a story with its evidence: what was seen, done, taken back and told, line by line. */
import { join } from 'node:path'
import { formatDuration } from '../../src/shared/durationWords.ts'
import type { Look } from '../../src/shared/heldDatabase.ts'
import type { Incident, IncidentAction } from '../../src/shared/incident.ts'
import type { Language } from '../../src/shared/messages/message.ts'
import { text } from '../../src/shared/messages/text.ts'
import type { HomePaths } from '../../src/shared/paths.ts'
import { readSmallText } from '../../src/shared/smallFile.ts'
import { shortVisible, visibleText } from '../../src/shared/visibleText.ts'
import type { IncidentStory, StoryLine } from '../contract.ts'
import { evidenceOf } from './incidentsEvidence.ts'
import { incidentOf } from './overviewIncidents.ts'

/** Which incident, and for whom. */
export type StoryQuestion = { readonly id: string; readonly language: Language; readonly paths: HomePaths }

const LONGEST_LINE = 600
const LONGEST_ARGS = 200

type Acknowledgement = { readonly by: string; readonly at: string }

/** Reads it; undefined where there is no such incident. */
export function readStory(
  database: Look,
  { id, language, paths }: StoryQuestion,
): Omit<IncidentStory, 'asOf'> | undefined {
  const row = database.get<{ record: string }>('SELECT record FROM incidents WHERE id = ?', id)
  const incident = row && incidentOf(row.record)
  if (!incident) return undefined
  const acknowledged = acknowledgement(database, id)
  const alertText = alertTextOf(paths, incident.id)
  return {
    incident,
    story: [...storyOf(incident, language), ...toldLines(database, id), ...ackLines(acknowledged, language)].toSorted(
      (a, b) => a.at.localeCompare(b.at) || ORDER[a.kind] - ORDER[b.kind],
    ),
    evidence: evidenceOf(database, { incident, language, paths }),
    alert: alertText === undefined ? null : { text: alertText, acknowledgedBy: acknowledged?.by ?? null },
  }
}

/** Of two lines of one moment. */
const ORDER: Readonly<Record<StoryLine['kind'], number>> = { seen: 0, done: 1, undone: 2, told: 3, end: 4 }

function storyOf(incident: Incident, language: Language): StoryLine[] {
  const { openedAt, closedAt, symptom, detectMs, human, outcome, tier, downMs } = incident
  const detect = formatDuration(detectMs, language)
  const seen =
    detectMs === null
      ? text(language, 'dashboardServer.seen', { symptom: shown(symptom) })
      : text(language, 'dashboardServer.seenAfter', { symptom: shown(symptom), detect })
  const told = human ? text(language, 'dashboardServer.told', { what: shown(human) }) : undefined
  const ended = text(language, 'dashboardServer.ended', {
    outcome: text(language, `outcome.${outcome}`),
    tier: text(language, `tier.${tier}`),
    down: formatDuration(downMs, language),
  })
  const lastAt = incident.actions.at(-1)?.at ?? openedAt
  return [
    { at: openedAt, text: seen, kind: 'seen' },
    ...incident.actions.map((action) => actionLine(action, language)),
    ...(told ? [{ at: lastAt, text: told, kind: 'told' as const }] : []),
    ...(closedAt ? [{ at: closedAt, text: ended, kind: 'end' as const }] : []),
  ]
}

function actionLine({ at, action, args, verdict, result, undone }: IncidentAction, language: Language): StoryLine {
  const words = { action: shown(action), result: shown(result) }
  if (verdict === 'refused') return { at, text: text(language, 'dashboardServer.refused', words), kind: 'undone' }
  if (undone) return { at, text: text(language, 'dashboardServer.undid', words), kind: 'undone' }
  const given = Object.keys(args ?? {}).length > 0 ? shortVisible(JSON.stringify(args), LONGEST_ARGS) : ''
  const did = given
    ? text(language, 'dashboardServer.didWith', { ...words, args: given })
    : text(language, 'dashboardServer.did', words)
  return { at, text: did, kind: 'done' }
}

function shown(word: unknown): string {
  return shortVisible(String(word), LONGEST_LINE)
}

function hasTable(database: Look, name: string): boolean {
  return database.get('SELECT 1 FROM sqlite_schema WHERE name = ?', name) !== undefined
}

/** What went out over the channels. */
function toldLines(database: Look, thread: string): StoryLine[] {
  if (!hasTable(database, 'alert_messages')) return []
  const sql = `SELECT channel, kind, ended_at AS at FROM alert_messages
    WHERE thread = ? AND state = 'delivered' AND ended_at IS NOT NULL ORDER BY seq LIMIT 100`
  return database
    .all<{ channel: string; kind: string; at: string }>(sql, thread)
    .map(({ channel, kind, at }) => ({ at, text: `${shown(kind)} → ${shown(channel)}`, kind: 'told' }))
}

function acknowledgement(database: Look, thread: string): Acknowledgement | undefined {
  if (!hasTable(database, 'alert_threads')) return undefined
  const row = database.get<{ record: string }>('SELECT record FROM alert_threads WHERE id = ?', thread)
  try {
    return (JSON.parse(row?.record ?? '{}') as { ack?: Acknowledgement }).ack ?? undefined
  } catch {
    return undefined
  }
}

function ackLines(acknowledged: Acknowledgement | undefined, language: Language): StoryLine[] {
  if (!acknowledged) return []
  const { by, at } = acknowledged
  return [{ at, text: text(language, 'alert.acknowledged', { by: shown(by), at }), kind: 'told' }]
}

/** The alert file as it was written: Markdown. Its line breaks stay, what is unseen is shown. */
function alertTextOf({ alerts }: HomePaths, id: string): string | undefined {
  if (!/^[A-Z]{1,2}\d{1,9}$/.test(id)) return undefined
  try {
    return readSmallText(join(alerts, `${id}.md`))
      ?.split('\n')
      .map(visibleText)
      .join('\n')
  } catch {
    return undefined
  }
}
