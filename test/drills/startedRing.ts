/** Rings of a drill, and whatever else ends with its test. */
import { afterEach } from 'vitest'
import { createRing, type Ring } from '../../src/drill/ring.ts'

const endings: (() => unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end()
})

/** Has this done when the test is over, the latest first. */
export function atEnd(end: () => unknown): void {
  endings.push(end)
}

/** A ring that runs, and ends with its test. */
export async function startedRing(): Promise<Ring> {
  const ring = await createRing()
  atEnd(() => ring.destroy())
  await ring.start()
  return ring
}
