/** What becomes of an update that was cut off: whoever starts next asks this first. */
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isAlive } from '../../shared/identity.ts'
import { endMaintenance } from '../../shared/maintenance.ts'
import type { HomePaths } from '../../shared/paths.ts'
import { DATABASE_FILES, withCompanions } from '../backup/contents.ts'
import { incomingFolder, readSwap, swapHome } from '../homeSwap.ts'
import { renewRescue, setCurrent } from './releases.ts'
import { readUpdate, type UpdateRecord, writeUpdate } from './updateRecord.ts'

/** `finished`: the new version stays. `undone`: the one from before is in force again. */
export type UpdateSettled = 'nothing' | 'finished' | 'undone'

/**
 * PURE. The new version was ready once: it stays. It was not, and nothing runs: the old one is put back. While something runs that nobody watches any
 * more, nothing is exchanged below it.
 */
export function judgeCutOff(state: UpdateRecord['state'], isRunning: boolean): UpdateSettled {
  if (state === 'holding') return 'finished'
  if (state !== 'switching' && state !== 'back') return 'nothing'
  return isRunning ? 'nothing' : 'undone'
}

/** Settles it; an update whose process lives is left alone. The caller holds the start lock. */
export function settleUpdate(paths: HomePaths, isRunning: boolean): UpdateSettled {
  const record = readUpdate(paths)
  if (!record || isAlive(record.updater)) return 'nothing'
  const settled = judgeCutOff(record.state, isRunning)
  if (settled !== 'nothing' && record.endsMaintenance) endMaintenance(paths)
  if (settled === 'finished') writeUpdate(paths, { ...record, state: 'done' })
  if (settled === 'undone') undoUpdate(paths, record)
  if (settled !== 'nothing') renewRescue(paths, record.at)
  return settled
}

/**
 * Puts the version from before in force again, and its databases where the new one may have changed their form. Nothing of the home runs. May be
 * cut off and begun anew.
 */
export function undoUpdate(paths: HomePaths, record: UpdateRecord): void {
  writeUpdate(paths, { ...record, state: 'back' })
  setCurrent(paths.home, record.from)
  putDatabasesBack(paths, record)
  writeUpdate(paths, { ...record, state: 'undone' })
}

/** The copies from before the switch come in; what was written since stays in the folder of the exchange. */
function putDatabasesBack(paths: HomePaths, { id, at, changesForm }: UpdateRecord): void {
  const last = readSwap(paths)
  if (!changesForm || (last?.id === id && last.state === 'done')) return
  const copied = Object.values(DATABASE_FILES).filter((file) => existsSync(join(incomingFolder(paths, id), file)))
  if (copied.length === 0) return
  const swapped = swapHome(paths, { id, why: 'update', at, names: copied.flatMap(withCompanions) })
  if (!swapped.ok) throw new Error(`the databases from before the update were not put back: ${swapped.reason}`)
  // It speaks of events that went out with the newer database.
  rmSync(paths.journalWitness, { force: true })
}
