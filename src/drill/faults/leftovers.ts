/** Row 15: what a dead ring left behind, and a stranger that has got one of its process ids since. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { APPS, type AppName } from '../../shared/paths.ts'
import { readStat } from '../../shared/procfs.ts'
import type { RuntimeFile } from '../../shared/runtimeFile.ts'
import { type Drill, expectThat } from '../drill.ts'
import type { Ring } from '../ring.ts'
import { waitFor } from '../waitFor.ts'
import { expectNobodyNeeded, expectOneOfEach } from './wholeAgain.ts'

const LISTEN_AND_DIE = `require('node:net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`

function startStranger(): ChildProcess {
  return spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { env: {}, stdio: 'ignore' })
}

async function leaveDeadSocket(path: string): Promise<void> {
  const child = spawn(process.execPath, ['-e', LISTEN_AND_DIE, path], { env: {}, stdio: 'ignore' })
  await new Promise((resolve) => child.once('exit', resolve))
}

/** A process that nobody is: the stranger's id under another start time. */
function goneBy(pid: number) {
  return { pid, startTicks: 1, nonce: 'gone-long-ago' }
}

function runtimeFileOf(app: AppName, pid: number, url: string | null): RuntimeFile {
  return {
    ...goneBy(pid),
    app,
    url,
    version: '0.0.1',
    supervisorPid: pid,
    startedAt: '2026-01-01T00:00:00.000Z',
    notes: [],
  }
}

/** Where the supervisor keeps its process id: the one file of its folder that holds nothing else. */
function supervisorFileOf({ paths, supervisorPid }: Ring): string {
  const files = readdirSync(paths.pm2, { withFileTypes: true }).filter((entry) => entry.isFile())
  const found = files
    .map(({ name }) => join(paths.pm2, name))
    .find((path) => readFileSync(path, 'utf8').trim() === String(supervisorPid()))
  if (!found) throw new Error('expected a file with the process id of the supervisor')
  return found
}

async function leaveBehind({ paths, agentUrl }: Ring, pid: number, supervisorFile: string): Promise<void> {
  const write = (path: string, content: unknown) => writeFileSync(path, JSON.stringify(content), { mode: 0o600 })
  for (const app of APPS) write(paths.identityOf(app), runtimeFileOf(app, pid, app === 'agent' ? agentUrl : null))
  for (const lock of [paths.startLock, paths.repairLock, `${paths.env}.lock`]) write(lock, goneBy(pid))
  write(supervisorFile, pid)
  for (const socket of [paths.linkSocket, paths.watchdogSocket]) await leaveDeadSocket(socket)
}

/** Stops the ring, does something, and gives how long the next start took. */
async function startAfter(ring: Ring, prepare: () => Promise<void>): Promise<number> {
  const stop = await ring.ottugi('stop')
  expectThat(stop.code === 0, `the stop to work, got ${stop.code}: ${stop.err}`)
  await waitFor('nothing to be left', 10_000, () => ring.processes().length === 0 || undefined)
  await prepare()
  const startedAt = performance.now()
  await ring.start()
  return performance.now() - startedAt
}

const staleFiles: Drill = {
  id: 'stale-files',
  row: 15,
  title: 'stale identities, locks and sockets, with the process id of a living stranger',
  async run({ ring, client }) {
    await client.stop()
    const supervisorFile = supervisorFileOf(ring)
    const stranger = startStranger()
    const pid = stranger.pid ?? 0
    try {
      const plainMs = await startAfter(ring, async () => {})
      const healedMs = await startAfter(ring, () => leaveBehind(ring, pid, supervisorFile))
      await expectOneOfEach(ring)
      expectThat(stranger.exitCode === null && stranger.signalCode === null, 'the stranger to live')
      expectThat(readStat(pid)?.state !== 'T', 'the stranger not to be stopped')
      await expectNobodyNeeded(ring)
      const restarts = (await ring.status()).agent.restarts24h
      expectThat(restarts === 0, `every process to come at the first try, got ${restarts} restarts`)
      return { healedMs, downMs: null, failedRequests: 0, note: `without leftovers ${Math.round(plainMs)} ms` }
    } finally {
      stranger.kill('SIGKILL')
    }
  },
}

/** Row 15. */
export const LEFTOVER_DRILLS: readonly Drill[] = [staleFiles]
