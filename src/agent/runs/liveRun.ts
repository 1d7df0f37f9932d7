import type { Run } from './fold.ts'
import type { Tape } from './tape.ts'

/** Why a run came to no end here. It goes on after the next start. */
export type Unsettled = { readonly ok: false; readonly why: 'leaving' | 'storage'; readonly reason: string }

/** What a run came to. */
export type Settled = { readonly ok: true; readonly run: Run } | Unsettled

/** A run that is being worked on in this process. Any number of clients may follow it. */
export type LiveRun = {
  readonly run: string
  readonly session: string
  readonly tape: Tape
  readonly settled: Promise<Settled>
  /** Resolves when the run waits for a person for the first time. */
  readonly waits: Promise<void>
  /** The signal that ends its model call and its tools. */
  readonly signal: AbortSignal
  /** Aborted when nothing new is to be begun: what is going on may finish, a person is not waited for. */
  readonly pausing: AbortSignal
  /** `cancelled` is a person's wish and ends the run; `leaving` leaves it to the successor. */
  readonly abort: (why: 'cancelled' | 'leaving') => void
  readonly pause: () => void
  /** Hands over each piece of text, beginning with what has come already of the answer that is being given. Returns how to stop that. */
  readonly follow: (listener: (delta: string) => void) => () => void
  readonly push: (delta: string) => void
  /** Another answer begins. */
  readonly beginAnswer: () => void
  readonly noteWaiting: () => void
}

/** Begins a live run; `work` does it, and its result settles it. */
export function createLiveRun(run: string, tape: Tape, work: (live: LiveRun) => Promise<Settled>): LiveRun {
  const controller = new AbortController()
  const pausing = new AbortController()
  const listeners = new Set<(delta: string) => void>()
  const { promise, resolve } = Promise.withResolvers<Settled>()
  const waits = Promise.withResolvers<void>()
  let soFar = ''
  const live: LiveRun = {
    run,
    session: tape.run().session,
    tape,
    settled: promise,
    waits: waits.promise,
    signal: controller.signal,
    pausing: pausing.signal,
    abort: (why) => controller.abort(why),
    pause: () => pausing.abort(),
    follow: (listener) => {
      if (soFar) listener(soFar)
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    push: (delta) => {
      soFar += delta
      for (const listener of listeners) listener(delta)
    },
    beginAnswer: () => {
      soFar = ''
    },
    noteWaiting: waits.resolve,
  }
  resolve(work(live))
  return live
}
