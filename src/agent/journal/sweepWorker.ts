/** Removes old rows of the journal in a thread of its own, in small steps: the agent writes between them. */
import { parentPort, workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { type Cutoffs, sweepJournal } from '../../shared/retention/rows.ts'

/** What is removed from which file. */
export type SweepOrder = { readonly file: string; readonly cutoffs: Cutoffs }

/** A step waits so long for the agent's own write, in milliseconds. */
const BUSY_MS = 5_000

const { file, cutoffs } = workerData as SweepOrder
const database = new Database(file, { fileMustExist: true, timeout: BUSY_MS })
try {
  // What is removed twice after a power cut is removed all the same.
  database.pragma('synchronous = NORMAL')
  const counts = sweepJournal(database, cutoffs, true)
  parentPort?.postMessage(counts)
} finally {
  database.close()
}
