/** The same two faults under the supervisors that others use, measured in the same minutes as ours. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { runDrill } from '../../src/drill/drill.ts'
import { DRILLS } from '../../src/drill/drills.ts'
import { freePorts } from '../../src/drill/freePorts.ts'
import { waitFor } from '../../src/drill/waitFor.ts'
import { endProcessesOf } from './benchFolder.ts'
import { round } from './drillBench.ts'
import type { Bench, Figure, Results } from './measurement.ts'
import { isInstalled, PEERS, type Peer, type Program, searchPath } from './peerList.ts'
import { quantileOf } from './statistics.ts'

const LIMIT_MS = 60_000
const LIMIT_NOTE = `never: not within ${LIMIT_MS / 1_000} s`
/** Every one of them waits a second or so when a life was short: spaced faults meet it at rest. */
const PAUSE_MS = 2_500
/** One that does not notice in a minute does not notice in ten: the rest of the runs would only wait. */
const ENOUGH_MISSES = 2
/** A stopped process is noticed by few, and after half a minute: so often at most. */
const MOST_STOPS = 10
/** Where our own start was not measured yet. */
const USUAL_START_MS = 200

/** Answers with its pid once it is as slow to start as our agent is. */
const PROGRAM = `
const { createServer } = require('node:http')
const { writeFileSync } = require('node:fs')
const [port, startMs, pidFile] = process.argv.slice(2)
writeFileSync(pidFile, String(process.pid))
const server = createServer((request, response) => response.end(String(process.pid)))
setTimeout(() => server.listen(Number(port), '127.0.0.1'), Number(startMs))
`

/** `--rows peers`. */
export const PEER_BENCH: Bench = {
  id: 'peers',
  groups: [],
  title: 'the same faults under other supervisors',
  async run({ times, results }) {
    const startMs = ownStartMs(results)
    const figures: Record<string, Figure> = { ...(await ownFigures(times)) }
    const notRun: string[] = []
    for (const peer of PEERS) {
      process.stderr.write(`${peer.id} `)
      const found = await tryPeer(peer, startMs, times)
      if (typeof found === 'string') notRun.push(`${peer.title}: ${found}`)
      else Object.assign(figures, found)
    }
    return { figures, notRun }
  },
}

/** The figures of one of them, or why there are none. */
async function tryPeer(peer: Peer, startMs: number, times: number): Promise<Record<string, Figure> | string> {
  if (!isInstalled(peer)) return `${peer.binary} is not installed`
  try {
    return await peerFigures(peer, startMs, times)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function ownStartMs({ benches }: Results): number {
  return Math.round(quantileOf(benches['restart']?.figures['ownStart']?.values ?? [], 0.5) ?? USUAL_START_MS)
}

async function ownFigures(times: number): Promise<Record<string, Figure>> {
  const series = async (id: string) => {
    const drill = DRILLS.find((one) => one.id === id)
    const values: (number | null)[] = []
    for (let turn = 0; drill && turn < times; turn++) {
      const { ok, healedMs } = await runDrill(drill)
      values.push(ok && healedMs !== null ? round(healedMs) : null)
    }
    return values
  }
  const killed = await series('sigkill')
  const stopped = await series('sigstop-again')
  return {
    ottugiKilled: { title: 'Ottugi: SIGKILL → ready', unit: 'ms', values: killed },
    ottugiStopped: { title: 'Ottugi: SIGSTOP that SIGCONT does not help → ready', unit: 'ms', values: stopped },
  }
}

async function peerFigures(peer: Peer, startMs: number, times: number): Promise<Record<string, Figure>> {
  const folder = mkdtempSync(join(tmpdir(), `ottugi-peer-`))
  const [port = 0] = await freePorts(1)
  const script = join(folder, 'program.cjs')
  const pidFile = join(folder, 'program.pid')
  writeFileSync(script, PROGRAM)
  const program = { words: [process.execPath, script, String(port), String(startMs), pidFile], port, pidFile }
  const child = start(peer, folder, program)
  try {
    await waitFor(`${peer.title} to start its program`, LIMIT_MS, () => answeringPid(port))
    const note = `a program that listens ${startMs} ms after its start`
    const killed = await series(port, 'SIGKILL', times)
    const stopped = await series(port, 'SIGSTOP', Math.min(times, MOST_STOPS))
    return {
      [`${peer.id}Killed`]: { title: `${peer.title}: SIGKILL → answers`, unit: 'ms', values: killed, note },
      [`${peer.id}Stopped`]: {
        title: `${peer.title}: SIGSTOP → answers`,
        unit: 'ms',
        values: stopped,
        note: LIMIT_NOTE,
      },
    }
  } finally {
    child.kill('SIGKILL')
    await endProcessesOf(folder)
  }
}

function start(peer: Peer, folder: string, program: Program): ChildProcess {
  const { command, args, env } = peer.launch(folder, program)
  const base = { PATH: `${searchPath()}:${dirname(process.execPath)}`, HOME: folder, LANG: 'C.UTF-8' }
  const child = spawn(command, [...args], { cwd: folder, env: { ...base, ...env }, stdio: 'ignore' })
  child.on('error', (error) => process.stderr.write(`${peer.id}: ${error.message}\n`))
  return child
}

async function series(port: number, signal: NodeJS.Signals, times: number): Promise<(number | null)[]> {
  const values: (number | null)[] = []
  const misses = () => values.filter((value) => value === null).length
  while (values.length < times && misses() < ENOUGH_MISSES) {
    await delay(PAUSE_MS)
    values.push(await signalOnce(port, signal))
  }
  return values
}

/** From the signal to the first answer of another process; null when there is none within the limit. */
async function signalOnce(port: number, signal: NodeJS.Signals): Promise<number | null> {
  const pid = await waitFor('a program to signal', LIMIT_MS, () => answeringPid(port))
  const startedAt = performance.now()
  process.kill(pid, signal)
  const another = async () => {
    const found = await answeringPid(port)
    return found !== undefined && found !== pid ? true : undefined
  }
  try {
    await waitFor('another process', LIMIT_MS, another)
    return round(performance.now() - startedAt)
  } catch {
    // It hangs for ever: we end it, so that the next turn finds a fresh one.
    process.kill(pid, 'SIGKILL')
    return null
  }
}

const ANSWER_LIMIT_MS = 200

async function answeringPid(port: number): Promise<number | undefined> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) })
    return Number(await response.text())
  } catch {
    return undefined
  }
}
