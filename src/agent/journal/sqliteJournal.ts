import Database from 'better-sqlite3'
import type { RunEvent, RunEventBody } from './event.ts'
import { createGroupCommit } from './groupCommit.ts'
import type {
  Claim,
  Claimed,
  Journal,
  JournalTotals,
  Lease,
  Spending,
  SpendingScope,
  TakenMessage,
  Write,
} from './journal.ts'
import { migrate } from './schema.ts'
import { fits } from './spending.ts'
import { spendingOf } from './sqliteSpending.ts'
import { type EventRow, prepareStatements, type Statements } from './sqlStatements.ts'

/** How long a statement waits while another process writes (hand-over, backup), in milliseconds. */
const BUSY_MS = 2_000

/** Pages are kept up to so many KiB: the newest ends of a few indexes; the system's own cache has the rest. */
const CACHE_KIB = 2_048

/** What is handed over for the next transaction. */
type Work =
  | { readonly do: 'take'; readonly message: TakenMessage; readonly claim: Claim }
  | { readonly do: 'write'; readonly write: Write }
/** What became of it; undefined events were refused. */
type Done = { readonly lease?: Lease; readonly events: readonly RunEvent[] | undefined }

/** Opens (or makes) `agent.db` in its newest form. WAL with `synchronous=FULL`: an event that was acknowledged is on the disk. */
export function openAgentDatabase(file: string): Database.Database {
  const database = new Database(file, { timeout: BUSY_MS })
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.pragma(`cache_size = -${CACHE_KIB}`)
  migrate(database)
  return database
}

/** Opens the journal in a database file. */
export function openSqliteJournal(file: string): Journal {
  return journalOver(openAgentDatabase(file))
}

/** The journal in a database that is open and has its newest form; `close` closes the database. */
export function journalOver(database: Database.Database): Journal {
  const statements = prepareStatements(database)
  const store = createStore(statements)
  const listeners = new Set<(event: RunEvent) => void>()
  const tell = (events: readonly RunEvent[]) => {
    for (const event of events) for (const listener of listeners) listener(event)
  }
  const commit = database.transaction((works: readonly Work[]) => works.map((work) => store.perform(work)))
  const appendOne = database.transaction((run: string, session: string, body: RunEventBody) =>
    store.insert({ run, session }, body),
  )
  const group = createGroupCommit<Work, Done>((works) => {
    const done = works.every(isUnsynced) ? unsynced(database, () => commit.immediate(works)) : commit.immediate(works)
    tell(done.flatMap(({ events }) => events ?? []))
    return done
  })
  const { treeOf, spent } = spendingOf(database, statements)
  const claimAll = database.transaction(createClaimAll(statements))
  return {
    append: (run, session, body) => {
      group.flush()
      const event = appendOne.immediate(run, session, body)
      if (event) tell([event])
      return event
    },
    take: async (message, claim) => {
      const { lease, events } = await group.add({ do: 'take', message, claim })
      return lease && events?.[0] ? { ok: true, lease, event: events[0] } : { ok: false }
    },
    write: async (write) => {
      const { events } = await group.add({ do: 'write', write })
      return events ? { ok: true, events } : { ok: false, why: 'fenced' }
    },
    claim: (run, claim) => claimOne(statements, run, claim),
    // Not synced: whatever is written under a lease takes it along, and a power cut ends all who hold one.
    claimAll: (runs, claim, isWanted) => unsynced(database, () => claimAll.immediate(runs, claim, isWanted)),
    renew: ({ owner, leaseMs, nowMs }) => statements.renew.run(nowMs + leaseMs, owner).changes,
    release: ({ run, fence }) => unsynced(database, () => void statements.release.run(run, fence)),
    owners: () => statements.owners.all().map(({ owner }) => owner),
    releaseAll: (owner) => void statements.releaseAll.run(owner),
    ...readsOf(statements),
    treeOf,
    spent: (scope) => addTo(spent(scope), waitingCosts(group.waiting(), scope)),
    onAppend: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => {
      group.flush()
      database.close()
    },
  }
}

/** Nothing follows from these: after a kill they are there, after a power cut the model is simply asked again. The next synced commit takes them along. */
function isUnsynced(work: Work): boolean {
  return work.do === 'write' && work.write.bodies.every(({ type }) => type === 'model_asked')
}

function unsynced<Result>(database: Database.Database, store: () => Result): Result {
  database.pragma('synchronous = NORMAL')
  try {
    return store()
  } finally {
    database.pragma('synchronous = FULL')
  }
}

function claimOne(statements: Statements, run: string, { owner, leaseMs, nowMs }: Claim): Lease | undefined {
  const [row] = statements.claim.all(owner, nowMs + leaseMs, run, nowMs)
  return row && { run, fence: row.fence }
}

function createClaimAll(statements: Statements) {
  return (runs: readonly string[], claim: Claim, isWanted: (events: readonly RunEvent[]) => boolean): Claimed[] =>
    runs.flatMap((run) => {
      const events = statements.ofRun.all(run).map(toEvent)
      const lease = isWanted(events) ? claimOne(statements, run, claim) : undefined
      return lease ? [{ lease, events }] : []
    })
}

function readsOf(statements: Statements) {
  return {
    eventsOfRun: (run: string) => statements.ofRun.all(run).map(toEvent),
    eventsOfSession: (session: string, afterSeq: number, limit: number) =>
      statements.ofSession.all(session, afterSeq, limit).map(toEvent),
    exchanges: (session: string, limit: number, beforeSeq = Number.MAX_SAFE_INTEGER) =>
      statements.exchanges.all(session, beforeSeq, limit).toReversed(),
    eventsAfter: (seq: number, limit: number) => statements.after.all(seq, limit).map(toEvent),
    unfinishedRuns: () => statements.unfinished.all().map((row) => row.run),
    totals: () => totalsOf(statements),
    lastSeq: () => statements.lastSeq.get()?.seq ?? 0,
  }
}

/** What is done inside a transaction. */
function createStore(statements: Statements) {
  const insert = ({ run, session }: { run: string; session: string }, body: RunEventBody): RunEvent | undefined => {
    const at = new Date().toISOString()
    // `all` and not `get`: with RETURNING the row comes before the commit, and `get` ends there without a word when that fails (full disk).
    const [row] = statements.append.all(run, session, body.type, at, JSON.stringify(body.data))
    if (!row) return undefined
    if (body.type === 'model_answered') {
      const job = statements.jobOf.get(run)?.job ?? ''
      statements.addCost.run(row.seq, run, session, job, at, body.data.costUsd, tokensOf(body.data.usage))
    }
    if (body.type === 'run_ended') statements.endLease.run(run)
    return { seq: row.seq, run, session, at, ...body }
  }
  const take = ({ run, session, data, past = [] }: TakenMessage, { owner, leaseMs, nowMs }: Claim): Done => {
    const event = insert({ run, session }, { type: 'message_in', data })
    if (!event) return { events: undefined }
    statements.firstLease.run(run, owner, nowMs + leaseMs)
    const events = [event, ...past.flatMap((body) => insert({ run, session }, body) ?? [])]
    return { lease: { run, fence: 1 }, events }
  }
  const write = ({ lease, session, bodies }: Write): Done => {
    if (!statements.isHeld.get(lease.run, lease.fence)) return { events: undefined }
    return { events: bodies.flatMap((body) => insert({ run: lease.run, session }, body) ?? []) }
  }
  const perform = (work: Work): Done => (work.do === 'take' ? take(work.message, work.claim) : write(work.write))
  return { insert, perform }
}

function tokensOf(usage: {
  inputTokens: number
  outputTokens: number
  cacheReadTokens: number
  cacheWriteTokens: number
}) {
  return usage.inputTokens + usage.outputTokens + usage.cacheReadTokens + usage.cacheWriteTokens
}

/** What was handed over and is not stored yet. Its job is not known here, so it counts for every job: on the safe side. */
function waitingCosts(works: readonly Work[], { job: _job, tree: _tree, ...scope }: SpendingScope): Spending {
  const rows = works.flatMap((work) => {
    if (work.do !== 'write') return []
    const { lease, session, bodies } = work.write
    return bodies.flatMap((body) => {
      if (body.type !== 'model_answered') return []
      const { costUsd: usd, usage } = body.data
      return { run: lease.run, session, job: '', at: new Date().toISOString(), usd, tokens: tokensOf(usage) }
    })
  })
  return rows.filter((row) => fits(scope, row)).reduce(addTo, { usd: 0, tokens: 0 })
}

function addTo(a: Spending, b: Spending): Spending {
  return { usd: a.usd + b.usd, tokens: a.tokens + b.tokens }
}

function totalsOf(statements: Statements): JournalTotals {
  const calls = statements.calls.get()
  return {
    runs: Object.fromEntries(statements.ends.all().map(({ finish, count }) => [finish, count])),
    modelCalls: calls?.count ?? 0,
    costUsd: calls?.usd ?? 0,
  }
}

function toEvent(row: EventRow): RunEvent {
  const body = { type: row.type, data: JSON.parse(row.data) } as RunEventBody
  return { seq: row.seq, run: row.run, session: row.session, at: row.at, ...body }
}
