/** A call of PM2 whose daemon dies before it has answered: a real PM2 in a home of its own. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createRing, type Ring } from '../../src/drill/ring.ts'
import { waitFor } from '../../src/drill/waitFor.ts'
import { createPm2 } from '../../src/shared/supervisor/pm2.ts'
import type { SupervisorResult } from '../../src/shared/supervisor/supervisor.ts'

const LIMIT_MS = 20_000
let ring: Ring

beforeAll(async () => {
  ring = await createRing()
  await ring.start()
})
afterAll(async () => {
  expect(await ring.destroy()).toEqual([])
})

/** Sockets of the kernel's table that belong to the one by which PM2 is asked. */
function connections(): number {
  const socket = join(ring.paths.pm2, 'rpc.sock')
  return readFileSync('/proc/net/unix', 'utf8')
    .split('\n')
    .filter((line) => line.endsWith(socket)).length
}

async function askTheDying(): Promise<SupervisorResult> {
  const supervisor = createPm2(ring.paths, { PATH: process.env['PATH'] })
  const daemon = await waitFor('PM2', LIMIT_MS, () => supervisor.find())
  process.kill(daemon.pid, 'SIGSTOP')
  const before = connections()
  const asked = supervisor.start(['agent'])
  await waitFor('the call to be connected', LIMIT_MS, () => connections() > before || undefined)
  process.kill(daemon.pid, 'SIGKILL')
  return asked
}

it.runIf(process.platform === 'linux')('ends when the PM2 that was asked has ended, and says so', async () => {
  // A call that has only looked whether there is a PM2 starts another one, and is answered by that: then once more.
  let result = await askTheDying()
  for (let tries = 1; result.ok && tries < 5; tries++) result = await askTheDying()
  if (!result.ok) expect(result.reason).toContain('the PM2 that was asked has ended')
})
