/** How often somebody may try to sign in. Elapsed time decides; a clock that jumps frees nobody. */

/** Says for each try whether it is still allowed. */
export type LoginLimit = (address: string, nowMonoMs: number) => boolean

const TRIES = 10
const WINDOW_MS = 60_000
/** From many addresses together: a password of 256 bits needs no more, and the list stays short. */
const TRIES_OF_ALL = 100

/** {@link TRIES} in a minute for each address, {@link TRIES_OF_ALL} for all of them. */
export function createLoginLimit(): LoginLimit {
  let tries: { readonly address: string; readonly atMonoMs: number }[] = []
  return (address, nowMonoMs) => {
    tries = tries.filter(({ atMonoMs }) => nowMonoMs - atMonoMs < WINDOW_MS)
    const own = tries.filter((one) => one.address === address).length
    if (own >= TRIES || tries.length >= TRIES_OF_ALL) return false
    tries.push({ address, atMonoMs: nowMonoMs })
    return true
  }
}
