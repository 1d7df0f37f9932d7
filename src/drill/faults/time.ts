/** Row 17: the wall clock jumps, and the machine sleeps. Nothing was wrong, so nothing may be done. */
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { APPS } from '../../shared/paths.ts'
import { type Drill, expectThat, type Measured, type Stage } from '../drill.ts'
import { waitFor } from '../waitFor.ts'

/** libfaketime, from Debian's package `faketime`: moves the wall clock of a process and leaves its monotonic clock alone. */
const LIBRARY = ['x86_64', 'aarch64']
  .map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketime.so.1`)
  .find(existsSync)
/** Where the library reads the offset; there while a clock drill runs. */
const OFFSET_FILE = join(tmpdir(), `ottugi-clock-${process.pid}`)
/** Long enough for every limit of the watchdog to run out, had it believed the wall clock. */
const WATCH_MS = 8_000
const SLEEP_MS = 60_000
const JUMP_SEEN_MS = 3_000_000

/** Nobody was restarted, nothing was opened, everybody is who they were. */
async function expectUntouched({ ring }: Stage, pids: readonly (number | undefined)[]): Promise<Measured> {
  await waitFor(
    'the watch to be healthy',
    10_000,
    async () => (await ring.status()).state === 'healthy' || undefined,
    200,
  )
  const now = APPS.map((app) => ring.living(app)?.pid)
  const incidents = await ring.incidents()
  const falseRestarts = now.filter((pid, index) => pid !== pids[index]).length
  expectThat(falseRestarts === 0, `no restart, got ${falseRestarts}: ${JSON.stringify(incidents)}`)
  expectThat(incidents.length === 0, `no incident, got ${JSON.stringify(incidents)}`)
  return { healedMs: null, downMs: null, failedRequests: 0, falseRestarts, note: 'nothing was done, as it should be' }
}

function clockJump(id: string, offset: string): Drill {
  return {
    id,
    row: 17,
    title: `the wall clock jumps by ${offset}`,
    missing: () => (LIBRARY ? undefined : "needs libfaketime: install Debian's package faketime"),
    get options() {
      writeFileSync(OFFSET_FILE, '+0')
      return {
        settings: {
          supervisor: {
            passEnv: ['LD_PRELOAD', 'FAKETIME_TIMESTAMP_FILE', 'FAKETIME_NO_CACHE', 'FAKETIME_DONT_FAKE_MONOTONIC'],
          },
        },
        environment: {
          LD_PRELOAD: LIBRARY ?? '',
          FAKETIME_TIMESTAMP_FILE: OFFSET_FILE,
          FAKETIME_NO_CACHE: '1',
          FAKETIME_DONT_FAKE_MONOTONIC: '1',
        },
      }
    },
    async run(stage) {
      const pids = APPS.map((app) => stage.ring.living(app)?.pid)
      const before = await agentClock(stage)
      writeFileSync(OFFSET_FILE, offset)
      try {
        // Node keeps the Date header for a second.
        await waitFor("the agent's own clock to jump by an hour", 5_000, async () => {
          return Math.abs((await agentClock(stage)) - before) > JUMP_SEEN_MS || undefined
        })
        // Absence can only be seen by looking for a while.
        await delay(WATCH_MS)
        return await expectUntouched(stage, pids)
      } finally {
        rmSync(OFFSET_FILE, { force: true })
      }
    },
  }
}

/** The agent's wall clock, from the Date header of its answer: the proof that the jump was real. */
async function agentClock({ ring }: Stage): Promise<number> {
  const response = await fetch(`${ring.agentUrl}/livez`)
  await response.arrayBuffer()
  return Date.parse(response.headers.get('date') ?? '')
}

const suspend: Drill = {
  id: 'suspend',
  row: 17,
  title: `everything sleeps for ${SLEEP_MS / 1_000} s and wakes together`,
  async run(stage) {
    const { ring, client } = stage
    await client.stop()
    const pids = APPS.map((app) => ring.living(app)?.pid)
    const all = ring.processes()
    for (const pid of all) process.kill(pid, 'SIGSTOP')
    await delay(SLEEP_MS)
    for (const pid of all) process.kill(pid, 'SIGCONT')
    await delay(WATCH_MS)
    return expectUntouched(stage, pids)
  },
}

/** Row 17. */
export const TIME_DRILLS: readonly Drill[] = [
  clockJump('clock-forward', '+3600s'),
  clockJump('clock-back', '-3600s'),
  suspend,
]
