/** The runs that this process works on: each under its lease, those of one session one after another. */
import type { RunEvent } from '../journal/event.ts'
import type { Claim, Lease } from '../journal/journal.ts'
import { foldRun, type Run } from './fold.ts'
import { createLiveRun, type LiveRun, type Settled } from './liveRun.ts'
import { createPlaces, type EnterPlace } from './places.ts'
import type { RunsDependencies } from './ports.ts'
import { openTape } from './tape.ts'
import { work } from './work.ts'

/** A lease is renewed so often within its time. */
const RENEWALS = 3
/** So many of the runs that are resumed are worked on at once; one that waits for a person does not count. */
const RESUMED_AT_ONCE = 16

export type LivingRuns = {
  readonly get: (run: string) => LiveRun | undefined
  /** The last run of a session that is being worked on or waits for its turn. */
  readonly lastOf: (session: string) => LiveRun | undefined
  readonly all: () => readonly LiveRun[]
  /** Works on a run under a lease. `known`: all its events, where they were just stored. */
  readonly begin: (lease: Lease, known?: readonly RunEvent[]) => LiveRun
  /** Takes the lease of an unfinished run and works on it; undefined when another living process holds it, or it has ended. */
  readonly claim: (run: string) => LiveRun | undefined
  /** The same for those of several runs that are wanted, at once. They are worked on one after the other, a few at a time. */
  readonly claimAll: (runs: readonly string[], isWanted: (run: Run) => boolean) => readonly LiveRun[]
  /** The claim of this process at this moment. */
  readonly ownClaim: () => Claim
}

/** Builds it. */
export function createLivingRuns(parts: RunsDependencies): LivingRuns {
  const { journal, owner, limits, nowMs } = parts
  const lives = new Map<string, LiveRun>()
  const lastOfSession = new Map<string, LiveRun>()
  let renewing: NodeJS.Timeout | undefined

  const ownClaim = (): Claim => ({ owner, leaseMs: limits.leaseMs, nowMs: nowMs() })
  const renew = () => {
    try {
      journal.renew(ownClaim())
    } catch (error) {
      parts.onStorageError(error)
    }
  }
  const forget = (live: LiveRun, lease: Lease, settled: Settled) => {
    lives.delete(live.run)
    if (lastOfSession.get(live.session) === live) lastOfSession.delete(live.session)
    if (lives.size === 0) {
      clearInterval(renewing)
      renewing = undefined
    }
    if (!settled.ok) giveBack(lease, parts)
  }
  const enter = createPlaces(RESUMED_AT_ONCE)
  const begin = (lease: Lease, known?: readonly RunEvent[], place?: EnterPlace): LiveRun => {
    const tape = openTape(journal, lease, known)
    if (!tape) throw new Error(`the journal has no run ${lease.run}`)
    const before = lastOfSession.get(tape.run().session)
    const live = createLiveRun(lease.run, tape, (self) => inTurn(self, { before, place }, parts))
    lives.set(live.run, live)
    lastOfSession.set(live.session, live)
    renewing ??= setInterval(renew, limits.leaseMs / RENEWALS).unref()
    void live.settled.then((settled) => forget(live, lease, settled))
    return live
  }
  return {
    get: (run) => lives.get(run),
    lastOf: (session) => lastOfSession.get(session),
    all: () => [...lives.values()],
    begin,
    claim: (run) => {
      takeFromTheDead(parts)
      const lease = journal.claim(run, ownClaim())
      return lease && begin(lease)
    },
    claimAll: (runs, isWanted) => {
      takeFromTheDead(parts)
      const others = runs.filter((run) => !lives.has(run))
      const isWantedRun = (events: readonly RunEvent[]) => {
        const run = foldRun(events)
        return run !== undefined && !run.end && isWanted(run)
      }
      const claimed = journal.claimAll(others, ownClaim(), isWantedRun)
      return claimed.map(({ lease, events }) => begin(lease, events, enter))
    },
    ownClaim,
  }
}

type Turn = { readonly before: LiveRun | undefined; readonly place: EnterPlace | undefined }

/** Waits for the run before it in its session, then for a place where it needs one; a wish to stop ends the waiting. */
async function inTurn(live: LiveRun, { before, place }: Turn, parts: RunsDependencies): Promise<Settled> {
  const stopped = Promise.withResolvers<void>()
  for (const signal of [live.signal, live.pausing]) signal.addEventListener('abort', () => stopped.resolve())
  if (before) await Promise.race([before.settled, stopped.promise])
  const leave = await place?.(stopped.promise)
  if (leave) void Promise.race([live.settled, live.waits]).then(leave)
  return work(live, parts)
}

function takeFromTheDead({ journal, owner, isDead }: RunsDependencies): void {
  for (const other of journal.owners()) {
    if (other !== owner && isDead(other)) journal.releaseAll(other)
  }
}

/** A lease that cannot be given back (full disk, closed journal) runs out by itself, or falls with this process. */
function giveBack(lease: Lease, { journal }: RunsDependencies): void {
  try {
    journal.release(lease)
  } catch {
    // As said above.
  }
}
