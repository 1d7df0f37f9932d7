/** Opens our databases to count or remove rows, and gives the room back to the disk. Removing is for when nothing of the home runs. */
import { existsSync, statSync } from 'node:fs'
import Database from 'better-sqlite3'
import type { RetentionSettings } from '../../shared/config/retentionSection.ts'
import { readDiskRoom } from '../../shared/diskRoom.ts'
import type { HomePaths } from '../../shared/paths.ts'
import { type Cutoffs, type RowCounts, sweepJournal, sweepWatchdog } from '../../shared/retention/rows.ts'
import type { FileLimits } from './files.ts'

const MS_A_DAY = 86_400_000
/** A statement waits so long for a writer, in milliseconds. */
const BUSY_MS = 5_000

/** PURE. What retention keeps, as moments and limits; `nowMs` is the wall clock. */
export function limitsOf(
  retention: RetentionSettings,
  nowMs: number,
): { readonly rows: Cutoffs; readonly files: FileLimits } {
  const { sessionsDays, costsDays, incidentsDays, logsDays, asideDays, backupsKeep } = retention
  const before = (days: number) => new Date(nowMs - days * MS_A_DAY).toISOString()
  const sinceIncidents = before(incidentsDays)
  return {
    rows: {
      costs: before(costsDays),
      ...(sessionsDays > 0 ? { sessions: before(sessionsDays) } : {}),
      ...(incidentsDays > 0 ? { incidents: sinceIncidents, alerts: sinceIncidents } : {}),
    },
    files: {
      backupsKeep,
      ...(logsDays > 0 ? { logsMs: logsDays * MS_A_DAY } : {}),
      ...(asideDays > 0 ? { asideMs: asideDays * MS_A_DAY } : {}),
    },
  }
}

/** Counts rows that would go, while everything runs. A database that cannot be read is thrown. */
export function countRows(paths: HomePaths, cutoffs: Cutoffs): RowCounts {
  return {
    ...inDatabase(paths.agentDb, false, (db) => sweepJournal(db, cutoffs, false)),
    ...inDatabase(paths.watchdogDb, false, (db) => sweepWatchdog(db, cutoffs, false)),
  }
}

/** Removes them and rebuilds what has become smaller. `isPacked` is false where the disk has no room for that: the room stays in the files for new rows. */
export function removeRows(
  paths: HomePaths,
  cutoffs: Cutoffs,
): { readonly counts: RowCounts; readonly isPacked: boolean } {
  const agent = inDatabase(paths.agentDb, true, (db) => sweepJournal(db, cutoffs, true))
  const watchdog = inDatabase(paths.watchdogDb, true, (db) => sweepWatchdog(db, cutoffs, true))
  const packed = [pack(paths.agentDb, agent), pack(paths.watchdogDb, watchdog)]
  return { counts: { ...agent, ...watchdog }, isPacked: packed.every(Boolean) }
}

function inDatabase(file: string, isToWrite: boolean, work: (db: Database.Database) => RowCounts): RowCounts {
  if (!existsSync(file)) return {}
  const db = new Database(file, { readonly: !isToWrite, fileMustExist: true, timeout: BUSY_MS })
  try {
    if (isToWrite) db.pragma('synchronous = FULL')
    return work(db)
  } finally {
    db.close()
  }
}

/** A database is written anew beside itself: twice its size must be free, and some more. */
function pack(file: string, counts: RowCounts): boolean {
  if (!Object.values(counts).some((count) => count > 0)) return true
  const room = readDiskRoom(file)
  if (room.isLow || room.freeBytes < 2 * statSync(file).size) return false
  const db = new Database(file, { fileMustExist: true, timeout: BUSY_MS })
  try {
    db.prepare('VACUUM').run()
    db.pragma('wal_checkpoint(TRUNCATE)')
    return true
  } finally {
    db.close()
  }
}
