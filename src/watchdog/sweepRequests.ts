/** Removes old rows of the watchdog's database when a person asks for it. Nothing that is open goes. */
import type Database from 'better-sqlite3'
import { bootId } from '../shared/clock.ts'
import type { Logger } from '../shared/log.ts'
import type { HomePaths } from '../shared/paths.ts'
import { sweepWatchdog } from '../shared/retention/rows.ts'
import { answerSweep, takeSweep } from '../shared/retention/sweepRequest.ts'
import type { Beat } from './loop.ts'

type SweepParts = { readonly paths: HomePaths; readonly database: Database.Database; readonly log: Logger }

/** A look each second is soon enough for a person. */
const LOOK_EVERY_MS = 1_000

/** Makes the beat. */
export function createSweepRequests({ paths, database, log }: SweepParts): Beat {
  let lookAt = 0
  return (nowMono) => {
    if (nowMono < lookAt) return
    lookAt = nowMono + LOOK_EVERY_MS
    const request = takeSweep(paths, { bootId: bootId(), monoMs: nowMono })
    if (!request) return
    const { key, cutoffs } = request
    try {
      const removed = sweepWatchdog(database, cutoffs, true)
      log.info({ removed }, 'old rows were removed')
      answerSweep(paths, { key, removed })
    } catch (error) {
      answerSweep(paths, { key, reason: error instanceof Error ? error.message : String(error) })
    }
  }
}
