/** A call of PM2 whose daemon or caller dies before it is answered: a real PM2 in a home of its own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { takeStartLock } from '../../src/cli/lifecycle/startLock.ts'
import { createRing, type Ring } from '../../src/drill/ring.ts'
import { waitFor } from '../../src/drill/waitFor.ts'
import { isAlive } from '../../src/shared/identity.ts'
import { listPids, readStat } from '../../src/shared/procfs.ts'
import { livingOnly } from '../../src/shared/supervisor/livingOnly.ts'
import { createPm2 } from '../../src/shared/supervisor/pm2.ts'
import type { SupervisorResult } from '../../src/shared/supervisor/supervisor.ts'

const LIMIT_MS = 20_000
let ring: Ring
let release = () => {}

beforeAll(async () => {
  ring = await createRing()
})
beforeEach(startAlone)
afterEach(() => release())
afterAll(async () => {
  expect(await ring.destroy()).toEqual([])
})

/** All of it runs, and nobody but us starts PM2 until we let go of the lock: the watchdog would as soon as it is gone. */
async function startAlone() {
  release()
  await ring.start()
  const lock = await takeStartLock(ring.paths, LIMIT_MS)
  if (!lock) throw new Error('the start lock is held by another one')
  release = lock
}

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

/** We look whether PM2 listens, PM2's command line looks again, and then it asks: the one that is stopped accepts and closes none of them. */
const CONNECTIONS_OF_A_CALL = 3

/** A PM2 that takes connections and answers nothing. */
async function stopDaemon() {
  const daemon = await waitFor('PM2', LIMIT_MS, () => createPm2(ring.paths, {}).find())
  process.kill(daemon.pid, 'SIGSTOP')
  // Those of calls before may still be going away.
  let fewest = connections()
  const hasAsked = () => {
    const count = connections()
    fewest = Math.min(fewest, count)
    return count >= fewest + CONNECTIONS_OF_A_CALL || undefined
  }
  return { daemon, asked: () => waitFor('the call to ask', LIMIT_MS, hasAsked) }
}

async function askTheDying(): Promise<SupervisorResult> {
  const { daemon, asked } = await stopDaemon()
  const answer = createPm2(ring.paths, { PATH: process.env['PATH'] }).start(['agent'])
  await asked()
  process.kill(daemon.pid, 'SIGKILL')
  return answer
}

it('is not made by who may not start one, while there is none', async () => {
  const pm2 = join(ring.paths.home, 'nobody')
  const supervisor = livingOnly(createPm2({ ...ring.paths, pm2 }, {}))
  expect(await supervisor.start(['agent'])).toMatchObject({ ok: false })
  expect(existsSync(pm2)).toBe(false)
})

it.runIf(process.platform === 'linux')('starts no second PM2 while one lives that does not listen yet', async () => {
  const supervisor = createPm2(ring.paths, { PATH: process.env['PATH'] })
  const daemon = await waitFor('PM2', LIMIT_MS, () => supervisor.find())
  process.kill(daemon.pid, 'SIGKILL')
  await waitFor('no PM2', LIMIT_MS, () => !isAlive(daemon) || undefined)
  const first = supervisor.start(['watchdog', 'dashboard'])
  const next = await waitFor('the next PM2', LIMIT_MS, () => supervisor.find(), 1)
  expect(await Promise.all([supervisor.start(['agent']), first])).toEqual([{ ok: true }, { ok: true }])
  expect(readFileSync(join(ring.paths.pm2, 'pm2.pid'), 'utf8')).toBe(String(next.pid))
})

it.runIf(process.platform === 'linux')(
  'finds a PM2 whose pid file was taken by another one that has ended',
  async () => {
    const supervisor = createPm2(ring.paths, {})
    const daemon = await waitFor('PM2', LIMIT_MS, () => supervisor.find())
    const other = spawn(process.execPath, ['--eval', ''], { stdio: 'ignore' })
    await once(other, 'exit')
    writeFileSync(join(ring.paths.pm2, 'pm2.pid'), String(other.pid))
    expect(createPm2(ring.paths, {}).find()).toMatchObject({ pid: daemon.pid, startTicks: daemon.startTicks })
    writeFileSync(join(ring.paths.pm2, 'pm2.pid'), String(daemon.pid))
  },
)

it.runIf(process.platform === 'linux')(
  'ends when its caller has ended as well, which would have ended it',
  async () => {
    const { daemon, asked } = await stopDaemon()
    const caller = startCaller()
    const call = await waitFor('the call to be made', LIMIT_MS, () => childOf(caller.pid))
    await asked()
    process.kill(caller.pid, 'SIGKILL')
    process.kill(daemon.pid, 'SIGKILL')
    await caller.ended
    await waitFor('the call to end', LIMIT_MS, () => !isAlive(call) || undefined)
  },
)

it.runIf(process.platform === 'linux')('ends when the PM2 that was asked has ended, and says so', async () => {
  // A call that is connected and has not asked yet asks the next PM2, and is answered: then once more.
  let result = await askTheDying()
  for (let tries = 1; result.ok && tries < 5; tries++) {
    await startAlone()
    result = await askTheDying()
  }
  const reason = expect.stringContaining('the PM2 that was asked has ended')
  expect(result).toEqual({ ok: false, reason })
})
