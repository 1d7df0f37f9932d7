/** Free ports for rings that run beside each other. */
import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/**
 * Below the range from which Linux takes the near end of outgoing connections (32768 to 60999, `ip_local_port_range`): a port out of that range
 * may be taken by any client between the moment in which it was found free and the start of the ring.
 */
const RANGE = { from: 20_000, below: 32_000 } as const
const MOST_TRIES = 1_000

/** So many different ports of loopback that are free now, chosen by chance: two rings that ask at once hardly ever get the same one. */
export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>()
  for (let turn = 0; found.size < count; turn++) {
    if (turn === MOST_TRIES)
      throw new Error(`no free port among ${MOST_TRIES} tries between ${RANGE.from} and ${RANGE.below}`)
    const port = randomInt(RANGE.from, RANGE.below)
    if (await isFree(port)) found.add(port)
  }
  return [...found]
}

function isFree(port: number): Promise<boolean> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
