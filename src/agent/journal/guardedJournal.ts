/** The journal with its safeguard: a damaged database ends the process at once, so that the guardian can put a sound one in its place. */
import { appendBoot } from '../../shared/bootledger.ts'
import type { HealthCheck } from '../../shared/health.ts'
import type { HomePaths } from '../../shared/paths.ts'
import { isCorruption, isDiskFull, watchDatabaseFile } from './corruption.ts'
import type { Journal } from './journal.ts'
import { openSqliteJournal } from './sqliteJournal.ts'
import { openWitness } from './witness.ts'

/** A journal that knows how it is. */
export type GuardedJournal = Journal & { readonly check: () => HealthCheck }

/** Opens the journal of this home and guards it. */
export function openGuardedJournal(paths: HomePaths): GuardedJournal {
  const endDamaged = () => endProcess(paths)
  let trouble: string | undefined
  const guard = <Args extends readonly unknown[], Result>(call: (...args: Args) => Result) => {
    return (...args: Args): Result => {
      try {
        const result = call(...args)
        trouble = undefined
        return result
      } catch (error) {
        trouble = troubleOf(error)
        if (isCorruption(error)) endDamaged()
        throw error
      }
    }
  }
  const journal = guard(() => openSqliteJournal(paths.agentDb))()
  const stopWatching = watchDatabaseFile(paths.agentDb, endDamaged)
  const lastSeq = guard(journal.lastSeq)
  const witness = openWitness(paths.journalWitness)
  witness.note(lastSeq())
  journal.onAppend(({ seq }) => witness.note(seq))
  return {
    append: guard(journal.append),
    eventsOfRun: guard(journal.eventsOfRun),
    exchanges: guard(journal.exchanges),
    eventsAfter: guard(journal.eventsAfter),
    unfinishedRuns: guard(journal.unfinishedRuns),
    spentUsdSince: guard(journal.spentUsdSince),
    totals: guard(journal.totals),
    lastSeq,
    onAppend: journal.onAppend,
    check: () => checkOf(trouble, lastSeq),
    close: () => {
      stopWatching()
      witness.close()
      journal.close()
    },
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
