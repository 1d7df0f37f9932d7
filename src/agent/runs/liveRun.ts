import type { Run } from './fold.ts'

/** Why a run came to no end here. It goes on after the next start. */
export type Unsettled = { readonly ok: false; readonly why: 'leaving' | 'storage'; readonly reason: string }

/** What a run came to. */
export type Settled = { readonly ok: true; readonly run: Run } | Unsettled

/** A run that is being worked on in this process. Any number of clients may follow it. */
export type LiveRun = {
  readonly run: string
  readonly session: string
  readonly settled: Promise<Settled>
  /** The signal that ends its model call. */
  readonly signal: AbortSignal
  /** `cancelled` is a person's wish and ends the run; `leaving` leaves it to the successor. */
  readonly abort: (why: 'cancelled' | 'leaving') => void
  /** Hands over each piece of text, beginning with what has come already. Returns how to stop that. */
  readonly follow: (listener: (delta: string) => void) => () => void
  readonly push: (delta: string) => void
}

/** Begins a live run; `work` does it, and its result settles it. */
export function createLiveRun(run: string, session: string, work: (live: LiveRun) => Promise<Settled>): LiveRun {
  const controller = new AbortController()
  const listeners = new Set<(delta: string) => void>()
  const { promise, resolve } = Promise.withResolvers<Settled>()
  let soFar = ''
  const live: LiveRun = {
    run,
    session,
    settled: promise,
    signal: controller.signal,
    abort: (why) => controller.abort(why),
    follow: (listener) => {
      if (soFar) listener(soFar)
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    push: (delta) => {
      soFar += delta
      for (const listener of listeners) listener(delta)
    },
  }
  resolve(work(live))
  return live
}
