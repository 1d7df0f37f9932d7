/** Row 24: 200 MB of log, in ten seconds instead of a minute; through the agent's own log, and past it on stderr. */
import { appendFileSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isAlive } from '../../shared/identity.ts'
import { appRoot } from '../../shared/paths.ts'
import { type Drill, expectThat, type Measured, type Stage } from '../drill.ts'
import { FAULT_ENVIRONMENT, type Inspector, openInspector } from '../inspector.ts'
import type { Ring } from '../ring.ts'
import { waitFor } from '../waitFor.ts'
import { expectNobodyNeeded, expectOneOfEach, untilKnown } from './wholeAgain.ts'

const MIB = 1_048_576
const FLOOD_MB = 200
/** Small, so that a drill sees rotation; the defaults are larger. */
const MAX_FILE_MB = 2
const MAX_FILES = 3
const FLOOD_LIMIT_MS = 120_000
/** A process of ours may not grow by more than this while it is flooded, in MiB. */
const MAX_GROWTH_MB = 160
const PAGE_BYTES = 4_096

const OPTIONS = {
  ...FAULT_ENVIRONMENT,
  settings: { ...FAULT_ENVIRONMENT.settings, logs: { maxFileMb: MAX_FILE_MB, maxFiles: MAX_FILES } },
}

/** Finds the agent's own logger by the next line that it writes. */
const FIND_LOG = `(() => {
  const require = process.getBuiltinModule('node:module').createRequire(${JSON.stringify(join(appRoot, 'package.json'))})
  const prototype = Object.getPrototypeOf(require('pino/lib/proto')())
  const { writeSym } = require('pino').symbols
  const write = prototype[writeSym]
  prototype[writeSym] = function (...words) {
    globalThis.ottugiDrillLog = this
    prototype[writeSym] = write
    return write.apply(this, words)
  }
})(); 0`

/** Calls `say(text)` with 4 kB each time, 400 kB each 20 ms, until 200 MB are said. */
function flooding(say: string): string {
  return `(() => {
    const text = 'flood '.repeat(666)
    let left = globalThis.ottugiDrillLeft = ${FLOOD_MB * 250}
    const timer = setInterval(() => {
      for (let n = 0; n < 100 && left > 0; n++, left--) ${say}
      if (left === 0) clearInterval(timer)
      globalThis.ottugiDrillLeft = left
    }, 20)
  })(); 0`
}

type Flood = {
  readonly begin: (ring: Ring, inspector: Inspector) => Promise<unknown>
  /** What all files of it may hold together, in MiB. */
  readonly maxMb: number
  readonly isOurs: (file: string) => boolean
  /** What shows that lines were dropped, and said to be. */
  readonly proof: (ring: Ring) => string
}

/** No request fails, nothing is restarted, and neither disk nor memory grows with the flood. */
async function flooded(stage: Stage, flood: Flood): Promise<Measured> {
  const { ring, client } = stage
  await untilKnown(ring)
  const inspector = await openInspector(ring)
  try {
    const failedBefore = client.report().failed
    const startedAt = performance.now()
    await flood.begin(ring, inspector)
    const largest = await untilOver(ring, inspector, flood)
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0)
    await expectUnmoved(stage, flood)
    const failed = client.report().failed - failedBefore
    expectThat(failed === 0, `every request to be answered, ${failed} failed`)
    expectThat(
      largest.memory <= MAX_GROWTH_MB * MIB,
      `at most ${MAX_GROWTH_MB} MiB more memory, got ${mib(largest.memory)}`,
    )
    const note = `${FLOOD_MB} MB in ${seconds} s: at most ${mib(largest.disk)} MiB on disk and ${mib(largest.memory)} MiB more memory, ${flood.proof(ring)}`
    return { healedMs: null, note }
  } finally {
    inspector.close()
  }
}

/** What the flood came to at its largest: bytes of its files, and by how much the process of ours grew that grew most. */
async function untilOver(ring: Ring, inspector: Inspector, { isOurs }: Flood) {
  const before = memoryOf(ring)
  const largest = { disk: 0, memory: 0 }
  const look = async () => {
    largest.disk = Math.max(largest.disk, sizeOf(ring, isOurs))
    for (const [pid, bytes] of memoryOf(ring))
      largest.memory = Math.max(largest.memory, bytes - (before.get(pid) ?? bytes))
    return (await inspector.run('ottugiDrillLeft')) === 0 ? true : undefined
  }
  await waitFor('the end of the flood', FLOOD_LIMIT_MS, look, 250)
  return largest
}

/** The same agent, well and without a miss, and files that are small again. */
async function expectUnmoved({ ring, agent }: Stage, { maxMb, isOurs }: Flood): Promise<void> {
  const isSmall = () => (sizeOf(ring, isOurs) <= maxMb * MIB ? true : undefined)
  await waitFor(`files of ${maxMb} MiB at most`, 30_000, isSmall, 250)
  expectThat(isAlive(agent), 'the same agent all the time')
  const incidents = await ring.incidents()
  expectThat(incidents.length === 0, `no incident, got ${incidents.map(({ fault }) => fault).join(', ')}`)
  const { degraded } = (await ring.status()).agent
  expectThat(degraded.length === 0, `nothing to be amiss, got ${degraded.join(' ')}`)
  await expectOneOfEach(ring)
  await expectNobodyNeeded(ring)
}

/** Resident bytes of every process of the ring, PM2 among them. */
function memoryOf(ring: Ring): Map<number, number> {
  const found = ring.processes().flatMap((pid) => {
    try {
      const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1])
      return [[pid, pages * PAGE_BYTES] as const]
    } catch {
      return []
    }
  })
  return new Map(found)
}

function sizeOf({ paths }: Ring, isOurs: (file: string) => boolean): number {
  const files = readdirSync(paths.logs).filter(isOurs)
  return files.reduce((sum, file) => sum + (statSync(join(paths.logs, file), { throwIfNoEntry: false })?.size ?? 0), 0)
}

function mib(bytes: number): number {
  return Math.round(bytes / MIB)
}

const missing = () => (process.platform === 'linux' ? undefined : 'reads the memory of processes from /proc')

/** The line that says how many were dropped is in one of the files. */
function droppedLines({ paths }: Ring): string {
  const text = readdirSync(paths.logs)
    .filter((file) => /^agent.*\.jsonl$/.test(file))
    .map((file) => readFileSync(join(paths.logs, file), 'utf8'))
    .join('\n')
  const dropped = [...text.matchAll(/"dropped":(\d+)/g)].map(([, lines]) => Number(lines))
  expectThat(dropped.length > 0, 'a line that says how many lines were dropped')
  return `${dropped.reduce((sum, lines) => sum + lines, 0)} lines said to be dropped`
}

const logFlood: Drill = {
  id: 'log-flood',
  row: 24,
  title: '200 MB of log lines in ten seconds',
  options: OPTIONS,
  missing,
  run: (stage) =>
    flooded(stage, {
      begin: async ({ paths }, inspector) => {
        await inspector.run(FIND_LOG)
        // The agent writes a line about every change of its secrets.
        appendFileSync(paths.env, '# a drill\n')
        const hasLog = async () => ((await inspector.run('typeof ottugiDrillLog')) === 'object' ? true : undefined)
        await waitFor('a line of the agent', 10_000, hasLog, 100)
        await inspector.run(flooding("ottugiDrillLog.info({ text }, 'flood')"))
      },
      maxMb: (MAX_FILES + 2) * MAX_FILE_MB,
      isOurs: (file) => /^agent.*\.jsonl$/.test(file),
      proof: droppedLines,
    }),
}

const stderrFlood: Drill = {
  id: 'stderr-flood',
  row: 24,
  title: '200 MB on stderr in ten seconds, past every log of ours',
  options: OPTIONS,
  missing,
  run: (stage) =>
    flooded(stage, {
      begin: (_, inspector) => inspector.run(flooding("process.stderr.write(text + '\\n')")),
      maxMb: MAX_FILE_MB,
      isOurs: (file) => file === 'agent.err.log',
      proof: ({ paths }) => readFileSync(paths.errorLogOf('agent'), 'utf8').split('\n')[0] ?? '',
    }),
}

/** Row 24. */
export const LOG_FLOOD_DRILLS: readonly Drill[] = [logFlood, stderrFlood]
