/** A run with the journal under it: what is written is folded, so that nothing is read twice. */
import type { RunEvent, RunEventBody } from '../journal/event.ts'
import type { Journal, Lease } from '../journal/journal.ts'
import { foldEvent, foldRun, type Run } from './fold.ts'

/** Thrown by a write when somebody else has claimed the run meanwhile: whoever works on it here stops at once. */
export class LostLease extends Error {
  override readonly name = 'LostLease'
}

export type Tape = {
  readonly run: () => Run
  /** Everything that is stored, in order. */
  readonly events: () => readonly RunEvent[]
  /** Stores events, all or none; durable when it resolves. Rejects with {@link LostLease}, or with what the storage says. */
  readonly write: (...bodies: readonly RunEventBody[]) => Promise<void>
  /** Resolves when nothing waits to be written; undefined when nothing does. */
  readonly pending: () => Promise<unknown> | undefined
  /** True from the moment in which the end was handed over. */
  readonly isClosed: () => boolean
}

/** Opens the tape of a run that is in the journal; undefined when it is not. `known`: all its events, where they were just stored. */
export function openTape(
  journal: Pick<Journal, 'eventsOfRun' | 'write'>,
  lease: Lease,
  known?: readonly RunEvent[],
): Tape | undefined {
  const events = known ? [...known] : journal.eventsOfRun(lease.run)
  let run = foldRun(events)
  if (!run) return undefined
  const { session } = run
  const folded = (): Run => run as Run
  let last: Promise<unknown> | undefined
  let isClosed = run.end !== null

  const store = async (bodies: readonly RunEventBody[]) => {
    const written = await journal.write({ lease, session, bodies })
    if (!written.ok) throw new LostLease(`another process works on the run ${lease.run}`)
    for (const event of written.events) {
      events.push(event)
      run = foldEvent(run, event)
    }
  }
  return {
    run: folded,
    events: () => events,
    write: (...bodies) => {
      if (bodies.some(({ type }) => type === 'run_ended')) isClosed = true
      const writing = store(bodies)
      const settled = writing.catch(() => {})
      last = settled
      void settled.then(() => {
        if (last === settled) last = undefined
      })
      return writing
    },
    pending: () => last,
    isClosed: () => isClosed,
  }
}
