/** What of the journal is known to be on the disk: some commits of the write-ahead log are not synced at once. */
import { open } from 'node:fs/promises'
import type { RunEvent } from './event.ts'

/** The two numbers, and the way to make them one. */
export type Settling = {
  /** Notes what a commit stored, and whether it was synced; a synced one takes all before it along. */
  readonly stored: (events: readonly RunEvent[], isSynced: boolean) => void
  /** Highest number that is known to be on the disk. */
  readonly seq: () => number
  /** Has what waits stored, and syncs the log where something is not on the disk. */
  readonly settle: (storeWaiting: () => void) => Promise<void>
}

/** For the database in `file`, whose highest number is `lastSeq`. */
export function createSettling(file: string, lastSeq: number): Settling {
  let last = lastSeq
  let settled = lastSeq
  return {
    stored: (events, isSynced) => {
      last = events.at(-1)?.seq ?? last
      if (isSynced) settled = last
    },
    seq: () => settled,
    settle: async (storeWaiting) => {
      storeWaiting()
      const upTo = last
      if (settled >= upTo) return
      await syncLog(`${file}-wal`)
      settled = Math.max(settled, upTo)
    },
  }
}

/** SQLite locks the database and its shared memory, never the log: another descriptor of it takes no lock away when it is closed. */
async function syncLog(log: string): Promise<void> {
  const file = await open(log, 'r')
  try {
    await file.datasync()
  } finally {
    await file.close()
  }
}
