import type { Tick } from './scheduler.ts'
import type { ScheduleStore } from './store.ts'

/** Longest sleep, in milliseconds: a clock that was set or a machine that slept is noticed within it. */
const LONGEST_SLEEP_MS = 60_000
/** Pause after a beat that failed, in milliseconds. */
const AFTER_FAILURE_MS = 5_000

/** What the loop works with. */
export type LoopParts = {
  readonly tick: Tick
  readonly store: Pick<ScheduleStore, 'soonestMs'>
  /** Looks for events once a beat. */
  readonly look: (nowMs: number) => void
  /** Wall clock in milliseconds. */
  readonly nowMs: () => number
  /** Told of a beat that failed; the next one tries again. */
  readonly onError: (error: unknown) => void
}

/** A loop that runs until it is stopped. */
export type ScheduleLoop = {
  /** Beats soon: something was added, or a run has ended. */
  readonly wake: () => void
  /** Resolves when the beat that is going on is over; none follows. */
  readonly stop: () => Promise<void>
}

/** Starts the loop: a beat, then sleep until the next due moment. Beats follow at once while they find something to do. */
export function startScheduleLoop({ tick, store, look, nowMs, onError }: LoopParts): ScheduleLoop {
  let isStopped = false
  let isWoken = false
  let wakeUp = () => {}
  const sleep = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      timer.unref()
      wakeUp = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  const beat = async (): Promise<number> => {
    try {
      look(nowMs())
      if (await tick(nowMs())) return 0
      const soonestMs = store.soonestMs(nowMs()) ?? Number.POSITIVE_INFINITY
      return Math.min(LONGEST_SLEEP_MS, Math.max(0, soonestMs - nowMs()))
    } catch (error) {
      onError(error)
      return AFTER_FAILURE_MS
    }
  }
  const work = async () => {
    while (!isStopped) {
      isWoken = false
      const pauseMs = await beat()
      if (!isStopped && !isWoken) await sleep(pauseMs)
    }
  }
  const done = work()
  return {
    wake: () => {
      isWoken = true
      wakeUp()
    },
    stop: () => {
      isStopped = true
      wakeUp()
      return done
    },
  }
}
