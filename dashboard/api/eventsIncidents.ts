/** Which incidents were opened, changed or closed since the last look. */
import type { Look } from '../../src/shared/heldDatabase.ts'
import type { DashboardContext } from '../context.ts'

const WATCHED_INCIDENTS = 20

/** An incident as it is sent: its record on one line. */
type Changed = { readonly id: string; readonly record: string }

/** Gives those that changed since it was asked before; nothing at the first time. The open ones are watched, and the newest. */
export function createIncidentWatch({ watchdogDb }: Pick<DashboardContext, 'watchdogDb'>) {
  let version: string | undefined
  let known: ReadonlyMap<string, string> | undefined
  return (): Changed[] => {
    const current = watchdogDb.version()
    if (current !== '' && current === version) return []
    const found = watchdogDb.read(newestRecords)
    if (!found.ok) return []
    version = current
    const before = known
    known = new Map(found.value.map(({ id, record }) => [id, record]))
    return before ? found.value.filter(({ id, record }) => before.get(id) !== record).map(onOneLine) : []
  }
}

function newestRecords({ all }: Look): Changed[] {
  return all(
    `SELECT id, record FROM incidents WHERE json_valid(record)
      AND (closed_at IS NULL OR rowid IN (SELECT rowid FROM incidents ORDER BY opened_at DESC, rowid DESC LIMIT ?))
      ORDER BY opened_at`,
    WATCHED_INCIDENTS,
  )
}

/** A line break would end the event. */
function onOneLine({ id, record }: Changed): Changed {
  return { id, record: JSON.stringify(JSON.parse(record)) }
}
