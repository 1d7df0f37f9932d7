/** Places of which so many are taken at once; who waits for one is let in in the order of coming. */

/** Leaves a place. */
export type LeavePlace = () => void

/** Resolves when there is a place, or without one as soon as the wish for it is gone. */
export type EnterPlace = (gone: Promise<unknown>) => Promise<LeavePlace>

/** Builds them. */
export function createPlaces(count: number): EnterPlace {
  const waiting = new Set<() => void>()
  let free = count
  const leave = () => {
    const [next] = waiting
    if (!next) return void free++
    waiting.delete(next)
    next()
  }
  return async (gone) => {
    if (free > 0) {
      free--
      return leave
    }
    const { promise, resolve } = Promise.withResolvers<void>()
    waiting.add(resolve)
    await Promise.race([promise, gone])
    // Who is still in the queue was not let in.
    return waiting.delete(resolve) ? () => {} : leave
  }
}
