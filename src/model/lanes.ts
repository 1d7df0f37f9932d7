/**
 * The lane of a provider: so many calls at once. Who waits is let in by this order: a person before a program before a job; then the session that has
 * the fewest calls running; then the one that was let in longest ago; then who came first. A job never takes the last place of a lane.
 */
import type { GateClock } from './gateClock.ts'

/** Who waits for a model: a person, a program over HTTP, or a scheduled job. */
export type Priority = 'person' | 'program' | 'job'

/** One call that wants in. `patienceMs`: how long it would wait for a provider that asked for a pause. */
export type Comer = {
  readonly session: string
  readonly priority: Priority
  readonly signal: AbortSignal
  readonly patienceMs: number
}

/** Room, with how to leave (more than once is once); or why there is none. */
export type Entry =
  | { readonly ok: true; readonly leave: () => void }
  | { readonly ok: false; readonly why: 'cancelled' | 'held' }

export type Lane = {
  /** Resolves when there is room, when the signal fires, or when the pause is longer than the patience. */
  readonly enter: (comer: Comer) => Promise<Entry>
  /** Lets nobody in until then, on the monotonic clock; never shortens an earlier wish. */
  readonly holdUntil: (monoMs: number) => void
  /** How long nobody is let in, in milliseconds. */
  readonly heldMs: () => number
  /** True when a call that comes now would wait. */
  readonly isBusy: (priority: Priority) => boolean
}

const RANK: Readonly<Record<Priority, number>> = { person: 0, program: 1, job: 2 }
/** So many sessions are remembered at most although none of their calls waits. */
const MAX_REMEMBERED = 1_000

type Waiting = Comer & { readonly settle: (entry: Entry) => void }

/** Builds a lane for `places` calls at once. */
export function createLane(places: number, clock: GateClock): Lane {
  const waiting: Waiting[] = []
  const seats = createSeats()
  let heldUntilMonoMs = 0

  const heldMs = () => Math.max(0, heldUntilMonoMs - clock.monoMs())
  const hasRoom = (priority: Priority) => heldMs() === 0 && seats.taken() < placesFor(priority, places)
  const remove = (one: Waiting, entry: Entry) => {
    waiting.splice(waiting.indexOf(one), 1)
    one.settle(entry)
  }
  const admit = (session: string): Entry => {
    const stand = seats.sit(session)
    return { ok: true, leave: () => stand() && pump() }
  }
  const pump = () => {
    let next = seats.nextOf(waiting)
    while (next && hasRoom(next.priority)) {
      remove(next, admit(next.session))
      next = seats.nextOf(waiting)
    }
  }
  const wait = (comer: Comer) =>
    new Promise<Entry>((resolve) => {
      const giveUp = () => remove(one, { ok: false, why: 'cancelled' })
      const settle = (entry: Entry) => {
        comer.signal.removeEventListener('abort', giveUp)
        resolve(entry)
      }
      const one: Waiting = { ...comer, settle }
      comer.signal.addEventListener('abort', giveUp, { once: true })
      waiting.push(one)
    })

  return {
    enter: async (comer) => {
      if (comer.signal.aborted) return { ok: false, why: 'cancelled' }
      if (heldMs() > comer.patienceMs) return { ok: false, why: 'held' }
      return waiting.length === 0 && hasRoom(comer.priority) ? admit(comer.session) : wait(comer)
    },
    holdUntil: (monoMs) => {
      if (monoMs <= heldUntilMonoMs) return
      heldUntilMonoMs = monoMs
      for (const one of waiting.filter(({ patienceMs }) => heldMs() > patienceMs))
        remove(one, { ok: false, why: 'held' })
      void clock.sleep(heldMs(), NEVER).then(pump)
    },
    heldMs,
    isBusy: (priority) => waiting.length > 0 || !hasRoom(priority),
  }
}

const NEVER = new AbortController().signal

/** Who is in, and whose turn was when. */
function createSeats() {
  const running = new Map<string, number>()
  const lastTurn = new Map<string, number>()
  let taken = 0
  let turn = 0

  const sit = (session: string): (() => boolean) => {
    taken++
    running.set(session, (running.get(session) ?? 0) + 1)
    // Set anew, so that the order of the map is the order of the turns.
    lastTurn.delete(session)
    lastTurn.set(session, ++turn)
    const [oldest] = lastTurn.keys()
    if (lastTurn.size > MAX_REMEMBERED && oldest !== undefined) lastTurn.delete(oldest)
    let isIn = true
    return () => {
      if (!isIn) return false
      isIn = false
      taken--
      const left = (running.get(session) ?? 1) - 1
      if (left > 0) running.set(session, left)
      else running.delete(session)
      return true
    }
  }
  const orderOf = ({ priority, session }: Waiting) =>
    [RANK[priority], running.get(session) ?? 0, lastTurn.get(session) ?? 0] as const
  const nextOf = (waiting: readonly Waiting[]) =>
    waiting.reduce<Waiting | undefined>(
      (best, one) => (best && !isBefore(orderOf(one), orderOf(best)) ? best : one),
      undefined,
    )
  return { sit, nextOf, taken: () => taken }
}

function isBefore(one: readonly number[], other: readonly number[]): boolean {
  const at = one.findIndex((value, index) => value !== other[index])
  return at >= 0 && (one[at] ?? 0) < (other[at] ?? 0)
}

/** The last place of a lane is kept free of jobs, so that a person need not wait for the end of one. */
function placesFor(priority: Priority, places: number): number {
  return priority === 'job' ? Math.max(1, places - 1) : places
}
