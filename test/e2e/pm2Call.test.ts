/** A call of PM2 whose daemon or caller dies before it is answered: a real PM2 in a home of its own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createRing, type Ring } from '../../src/drill/ring.ts'
import { waitFor } from '../../src/drill/waitFor.ts'
import { isAlive } from '../../src/shared/identity.ts'
import { listPids, readStat } from '../../src/shared/procfs.ts'
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

/** A process that asks PM2 for the agent and waits for the answer. */
function startCaller(): { readonly pid: number; readonly ended: Promise<unknown> } {
  const program = join(import.meta.dirname, 'pm2Caller.ts')
  const child = spawn(process.execPath, [program, ring.paths.home], { stdio: 'ignore' })
  return { pid: child.pid ?? 0, ended: once(child, 'exit') }
}

function childOf(parent: number) {
  return listPids()
    .map(readStat)
    .find((stat) => stat?.parentPid === parent)
}

/** A PM2 that takes connections and answers nothing. */
async function stopDaemon() {
  const daemon = await waitFor('PM2', LIMIT_MS, () => createPm2(ring.paths, {}).find())
  process.kill(daemon.pid, 'SIGSTOP')
  return { daemon, before: connections() }
}

async function askTheDying(): Promise<SupervisorResult> {
  const { daemon, before } = await stopDaemon()
  const asked = createPm2(ring.paths, { PATH: process.env['PATH'] }).start(['agent'])
  await waitFor('the call to be connected', LIMIT_MS, () => connections() > before || undefined)
  process.kill(daemon.pid, 'SIGKILL')
  return asked
}

it.runIf(process.platform === 'linux')(
  'ends when its caller has ended as well, which would have ended it',
  async () => {
    // As below: not every call has come so far that nobody answers it.
    for (let tries = 0; tries < 3; tries++) {
      const { daemon, before } = await stopDaemon()
      const caller = startCaller()
      const call = await waitFor('the call to be made', LIMIT_MS, () => childOf(caller.pid))
      await waitFor('the call to be connected', LIMIT_MS, () => connections() > before || undefined)
      process.kill(caller.pid, 'SIGKILL')
      process.kill(daemon.pid, 'SIGKILL')
      await caller.ended
      await waitFor('the call to end', LIMIT_MS, () => !isAlive(call) || undefined)
    }
  },
)

it.runIf(process.platform === 'linux')('ends when the PM2 that was asked has ended, and says so', async () => {
  // A call that has only looked whether there is a PM2 starts another one, and is answered by that: then once more.
  let result = await askTheDying()
  for (let tries = 1; result.ok && tries < 5; tries++) result = await askTheDying()
  if (!result.ok) expect(result.reason).toContain('the PM2 that was asked has ended')
})
