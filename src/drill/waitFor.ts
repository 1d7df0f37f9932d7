import { setTimeout as delay } from 'node:timers/promises'

/** Waits until `look` gives something, at most `limitMs`; then it fails and says what it waited for. */
export async function waitFor<T>(
  what: string,
  limitMs: number,
  look: () => T | undefined | Promise<T | undefined>,
  everyMs = 10,
): Promise<T> {
  const deadline = performance.now() + limitMs
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (performance.now() >= deadline) throw new Error(`waited ${limitMs / 1_000} s for ${what}, in vain`)
    await delay(everyMs)
  }
}
