/** How many may be inside at once; the others wait in their order. */
export type Slots = {
  /** Resolves with how to leave; undefined when the signal came first. */
  readonly enter: (signal: AbortSignal) => Promise<(() => void) | undefined>
}

/** Builds so many slots. */
export function createSlots(count: number): Slots {
  let free = count
  const queue: (() => void)[] = []
  const leave = () => {
    const next = queue.shift()
    if (next) next()
    else free += 1
  }
  const once = () => {
    let hasLeft = false
    return () => {
      if (!hasLeft) leave()
      hasLeft = true
    }
  }
  return {
    enter: async (signal) => {
      if (signal.aborted) return undefined
      if (free > 0) {
        free -= 1
        return once()
      }
      return new Promise((resolve) => {
        const go = () => {
          signal.removeEventListener('abort', giveUp)
          resolve(once())
        }
        const giveUp = () => {
          queue.splice(queue.indexOf(go), 1)
          resolve(undefined)
        }
        queue.push(go)
        signal.addEventListener('abort', giveUp, { once: true })
      })
    },
  }
}
