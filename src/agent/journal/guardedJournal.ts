/** The journal with its safeguard: a damaged database ends the process at once, so that the guardian can put a sound one in its place. */
import type { Database } from 'better-sqlite3'
import { appendBoot } from '../../shared/bootledger.ts'
import type { HealthCheck } from '../../shared/health.ts'
import type { HomePaths } from '../../shared/paths.ts'
import { isCorruption, isDiskFull, watchDatabaseFile } from './corruption.ts'
import type { Journal } from './journal.ts'
import { journalOver, openAgentDatabase } from './sqliteJournal.ts'
import { openWitness } from './witness.ts'

/** A journal that knows how it is. */
export type GuardedJournal = Journal & {
  readonly check: () => HealthCheck
  /** The open database, for tables that are derived from the journal. Never closed by whoever uses it. */
  readonly database: Database
}

/** Opens the journal of this home and guards it. The database is handed on to those who keep something derived from the journal in it. */
export function openGuardedJournal(paths: HomePaths): GuardedJournal {
  let trouble: string | undefined
  const guard = createGuard(
    (error) => {
      trouble = error === undefined ? undefined : troubleOf(error)
    },
    () => endProcess(paths),
  )
  const database = guard.now(() => openAgentDatabase(paths.agentDb))()
  const journal = journalOver(database)
  const stopWatching = watchDatabaseFile(paths.agentDb, () => endProcess(paths))
  const lastSeq = guard.now(journal.lastSeq)
  const witness = openWitness(paths.journalWitness)
  witness.note(lastSeq())
  // The witness is never ahead of what is synced.
  journal.onAppend(({ seq, type }) => {
    if (type !== 'model_asked') witness.note(seq)
  })
  return {
    ...guardAll(journal, guard),
    lastSeq,
    onAppend: journal.onAppend,
    database,
    check: () => checkOf(trouble, lastSeq),
    close: () => {
      stopWatching()
      journal.close()
      witness.close()
    },
  }
}

type Guard = ReturnType<typeof createGuard>

function guardAll(journal: Journal, { now, later }: Guard) {
  return {
    append: now(journal.append),
    take: later(journal.take),
    write: later(journal.write),
    claim: now(journal.claim),
    claimAll: now(journal.claimAll),
    renew: now(journal.renew),
    release: now(journal.release),
    owners: now(journal.owners),
    releaseAll: now(journal.releaseAll),
    eventsOfRun: now(journal.eventsOfRun),
    eventsOfSession: now(journal.eventsOfSession),
    exchanges: now(journal.exchanges),
    eventsAfter: now(journal.eventsAfter),
    unfinishedRuns: now(journal.unfinishedRuns),
    treeOf: now(journal.treeOf),
    spent: now(journal.spent),
    totals: now(journal.totals),
  }
}

/** Notes how each call went (undefined: well), and ends the process when one says that the file is damaged. */
function createGuard(note: (error: unknown) => void, endDamaged: () => void) {
  const failed = (error: unknown): never => {
    note(error)
    if (isCorruption(error)) endDamaged()
    throw error
  }
  return {
    now:
      <Args extends readonly unknown[], Result>(call: (...args: Args) => Result) =>
      (...args: Args): Result => {
        try {
          const result = call(...args)
          note(undefined)
          return result
        } catch (error) {
          return failed(error)
        }
      },
    later:
      <Args extends readonly unknown[], Result>(call: (...args: Args) => Promise<Result>) =>
      (...args: Args): Promise<Result> =>
        call(...args).then((result) => {
          note(undefined)
          return result
        }, failed),
  }
}

/** A full disk is no trouble of the journal: the check of the disk tells of it, and it is over by itself. */
function troubleOf(error: unknown): string | undefined {
  if (isDiskFull(error)) return undefined
  return error instanceof Error ? error.message : String(error)
}

function checkOf(trouble: string | undefined, lastSeq: () => number): HealthCheck {
  if (trouble) return { status: 'fail', output: `the journal cannot be used: ${trouble}` }
  try {
    return { status: 'pass', observedValue: lastSeq() }
  } catch (error) {
    return { status: 'fail', output: `the journal cannot be read: ${error instanceof Error ? error.message : error}` }
  }
}

/** Ends by SIGKILL and closes nothing: closing would write the log of SQLite into the damaged file. */
function endProcess(paths: HomePaths): void {
  try {
    appendBoot(paths.boots, 'agent', { kind: 'end', code: null, reason: 'database-corrupt', planned: false })
  } finally {
    process.kill(process.pid, 'SIGKILL')
  }
}
