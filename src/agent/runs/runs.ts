/**
 * Takes questions and works on runs: what a kill has cut off is finished after the restart.
 * The journal is the only memory: a run that was accepted is finished by this process or by its successor.
 */
import { setImmediate as oneTurn } from 'node:timers/promises'
import { type Parked, parkedAs } from '../../shared/parked.ts'
import type { MessageIn } from '../journal/event.ts'
import type { TakenMessage } from '../journal/journal.ts'
import { type Divergence, divergence } from './divergence.ts'
import { foldRun, type Run } from './fold.ts'
import { type Accepted, createIntake, obstacleOf } from './intake.ts'
import type { LiveRun } from './liveRun.ts'
import { createLivingRuns, type LivingRuns } from './livingRuns.ts'
import { next } from './next.ts'
import type { Question, RunsDependencies } from './ports.ts'
import { pastOf } from './rerun.ts'
import { LostLease } from './tape.ts'
import { rulesOf } from './work.ts'

/** So many runs are claimed in one transaction: between two of them others have their turn. */
const CLAIMED_AT_ONCE = 50
/** So many claimed runs are kept in memory at most. */
const MOST_CLAIMED = 1_000

/** How a run is repeated: from an event on, on another model, without effects. */
export type RerunWish = {
  readonly run: string
  readonly fromSeq?: number
  readonly model?: string
  readonly dryRun?: boolean
}

export type Runs = {
  /** Takes a question, durably; one that was taken before (same id) leads to the same run. Rejects only for what the journal throws. */
  readonly accept: (question: Question) => Promise<Accepted>
  /** Repeats the run `of` as a new one, in a branch of its session; undefined when there is no such run. */
  readonly rerun: (of: string, wish: RerunWish) => Promise<Accepted | undefined>
  readonly find: (run: string) => Run | undefined
  /** Does a run over again on paper: what the loop of today would have done otherwise. Undefined when there is no such run. */
  readonly replay: (run: string) => readonly Divergence[] | undefined
  /** The run while it is being worked on here. */
  readonly live: (run: string) => LiveRun | undefined
  /**
   * Ends a run on a person's wish, also one that nobody works on now; false when it is not there, has ended, or another process works on it.
   * What it acknowledges is written down. Rejects only for what the journal throws.
   */
  readonly cancel: (run: string) => Promise<boolean>
  /** Adds a word to a run that is going on; false when it is not. The same id adds it once. */
  readonly steer: (run: string, text: string, id?: string) => Promise<boolean>
  /** Goes on with runs that a kill has cut off, a few at a time; those that are parked, or that the gate would not let through, stay for later. */
  readonly resumeUnfinished: () => Promise<void>
  /** Takes no more, begins nothing more, and resolves when nothing is being worked on. */
  readonly drain: () => Promise<void>
  /** Lets go of everything: runs that have not ended are the successor's. */
  readonly letGo: () => void
  readonly liveCount: () => number
}

/** Builds it. */
export function createRuns(parts: RunsDependencies): Runs {
  const living = createLivingRuns(parts)
  const { take, find, close, isClosed } = createIntake(parts, living)
  return {
    accept: async (question) => {
      const { run, session, ...data } = question
      const steered = find(run) ? undefined : await steerInstead(question, living, parts)
      return steered ?? take({ run, session, data })
    },
    rerun: async (of, wish) => {
      const repeated = repeatedBy(of, wish, parts)
      return repeated && take(repeated)
    },
    find,
    replay: (run) => {
      const events = parts.journal.eventsOfRun(run)
      return events.length === 0 ? undefined : divergence(events, rulesOf(parts))
    },
    live: living.get,
    cancel: async (run) => {
      const working = living.get(run)
      const known = working ? undefined : find(run)
      const live = working ?? (known && !known.end ? living.claim(run) : undefined)
      return live !== undefined && (await cancel(live))
    },
    steer: (run, text, id) => steer(living.get(run), text, id),
    resumeUnfinished: async () => {
      const claim = (some: readonly string[]) => {
        const parked = parts.readParked()
        return isClosed() ? [] : living.claimAll(some, (run) => mayGoOn(run, parked, parts))
      }
      await resume(parts.journal.unfinishedRuns(), claim)
    },
    drain: async () => {
      await close()
      for (const live of living.all()) live.pause()
      await Promise.all(living.all().map(({ settled }) => settled))
    },
    letGo: () => {
      void close()
      for (const live of living.all()) live.abort('leaving')
    },
    liveCount: () => living.all().length,
  }
}

/** The message of a run that repeats another one; its session begins as a branch of the other one's, just before it. Undefined when there is no such run. */
function repeatedBy(of: string, wish: RerunWish, { journal }: RunsDependencies): TakenMessage | undefined {
  const events = journal.eventsOfRun(of)
  const old = foldRun(events)
  if (!old) return undefined
  const { run, fromSeq = 0 } = wish
  const session = run
  if (journal.eventsOfSession(session, 0, 1).length === 0) {
    const branch = { do: 'branch', from: old.session, seq: (events[0]?.seq ?? 1) - 1 } as const
    journal.append('', session, { type: 'session_changed', data: branch })
  }
  const { seq, bodies } = pastOf(events, fromSeq)
  return { run, session, data: rerunOf(old, seq, wish), past: bodies }
}

function rerunOf({ run, message }: Run, seq: number, { model, dryRun }: RerunWish): MessageIn {
  return {
    ...message,
    rerunOf: { run, seq },
    ...(model === undefined ? {} : { model }),
    ...(dryRun === undefined ? {} : { dryRun }),
  }
}

/** A message of a person to a session that is being worked on becomes a word to its run, where the settings say so. */
async function steerInstead(
  { run, session, text, by = 'person' }: Question,
  living: LivingRuns,
  { limits }: RunsDependencies,
): Promise<Accepted | undefined> {
  const live = living.lastOf(session)
  if (!live || by !== 'person' || limits.whileBusy !== 'steer') return undefined
  return (await steer(live, text, run)) ? { ok: true, live, steered: true } : undefined
}

/** Stops it at once; resolves when the wish is written down and outlives a kill. False when the run had come to its end before. */
async function cancel(live: LiveRun): Promise<boolean> {
  const { tape } = live
  if (tape.isClosed()) return false
  const writing = tape.run().isCancelled ? undefined : tape.write({ type: 'cancel_asked', data: {} })
  live.abort('cancelled')
  try {
    await writing
    return true
  } catch (error) {
    if (error instanceof LostLease) return false
    throw error
  }
}

async function steer(live: LiveRun | undefined, text: string, id: string | undefined): Promise<boolean> {
  if (!live || live.tape.isClosed()) return false
  if (id !== undefined && live.tape.run().steered.includes(id)) return true
  await live.tape.write({ type: 'steered', data: { text, ...(id === undefined ? {} : { id }) } })
  return true
}

/** What is set aside stays so, and so does what needs a model that cannot be asked now. */
function mayGoOn(run: Run, parked: Parked, parts: RunsDependencies): boolean {
  if (parkedAs(parked, run)) return false
  return next(run, rulesOf(parts)).do === 'end' || !obstacleOf(run, parts.gate)
}

/** Claims all of them, the oldest first. Resolves when each of them has settled, or waits for a person. */
async function resume(runs: readonly string[], claim: (some: readonly string[]) => readonly LiveRun[]): Promise<void> {
  const going = new Set<Promise<unknown>>()
  for (let from = 0; from < runs.length; from += CLAIMED_AT_ONCE) {
    while (going.size >= MOST_CLAIMED) await Promise.race(going)
    for (const { settled, waits } of claim(runs.slice(from, from + CLAIMED_AT_ONCE))) {
      const over = Promise.race([settled, waits]).then(() => void going.delete(over))
      going.add(over)
    }
    await oneTurn()
  }
  await Promise.all(going)
}
