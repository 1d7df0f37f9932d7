/** What is on record of an incident, as lines for whoever wants to see it. It was masked when it was written. */
import { readTextIfThere } from '../../src/shared/atomicFile.ts'
import type { Look } from '../../src/shared/heldDatabase.ts'
import type { Incident } from '../../src/shared/incident.ts'
import type { Language } from '../../src/shared/messages/message.ts'
import { text } from '../../src/shared/messages/text.ts'
import type { HomePaths } from '../../src/shared/paths.ts'
import type { RecoveryResult } from '../../src/shared/recoveryResult.ts'
import { shortVisible } from '../../src/shared/visibleText.ts'
import type { IncidentStory } from '../contract.ts'

type Evidence = IncidentStory['evidence'][number]
type EvidenceQuestion = { readonly incident: Incident; readonly language: Language; readonly paths: HomePaths }

const LONGEST_LINE = 4_000
const MOST_LINES = 400

/** Everything that is kept; a part without a line is left out. */
export function evidenceOf(database: Look, { incident, language, paths }: EvidenceQuestion): Evidence[] {
  const recoveries = recoveriesOf(database, incident.id)
  const titled = (key: Parameters<typeof title>[1], lines: readonly string[]) => ({
    title: title(language, key),
    lines,
  })
  return [
    titled(
      'evidenceMasked',
      recoveries.flatMap(({ evidence }) => (evidence?.shown ?? '').trimEnd().split('\n')),
    ),
    titled(
      'evidenceProposals',
      recoveries.flatMap(({ proposals }) => (proposals ?? []).map(asLine)),
    ),
    titled(
      'evidenceModel',
      recoveries.flatMap(({ modelCalls }) => (modelCalls ?? []).map(asLine)),
    ),
    titled('evidenceRepairs', repairLines(paths.repairsJournal, incident)),
    titled('evidenceRecord', [asLine(incident)]),
  ]
    .map((part) => ({ ...part, lines: shownLines(part.lines) }))
    .filter(({ lines }) => lines.length > 0)
}

function title(
  language: Language,
  key: 'evidenceMasked' | 'evidenceProposals' | 'evidenceModel' | 'evidenceRepairs' | 'evidenceRecord',
): string {
  return text(language, `dashboardServer.${key}`)
}

function asLine(value: unknown): string {
  return JSON.stringify(value)
}

function shownLines(lines: readonly string[]): string[] {
  return lines
    .filter((line) => line !== '')
    .slice(-MOST_LINES)
    .map((line) => shortVisible(line, LONGEST_LINE))
}

/** None in a database that is older than recovery; a broken record is left out. */
function recoveriesOf(database: Look, incident: string): Partial<RecoveryResult>[] {
  if (!database.get("SELECT 1 FROM sqlite_schema WHERE name = 'recoveries'")) return []
  const sql = 'SELECT record FROM recoveries WHERE incident = ? ORDER BY at'
  return database.all<{ record: string }>(sql, incident).flatMap(({ record }) => {
    try {
      return [JSON.parse(record) as Partial<RecoveryResult>]
    } catch {
      return []
    }
  })
}

/** The lines of the repair journal from its time: one repair at a time, so all of them belong to it. */
function repairLines(file: string, { openedAt, closedAt }: Incident): string[] {
  let whole: string
  try {
    whole = readTextIfThere(file) ?? ''
  } catch {
    return []
  }
  return whole.split('\n').filter((line) => {
    const at = /"at":"([^"]{20,30})"/.exec(line)?.[1]
    return at !== undefined && at >= openedAt && (closedAt === null || at <= closedAt)
  })
}
