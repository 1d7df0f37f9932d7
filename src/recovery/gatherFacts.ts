/** Looks at an installation, locally and shortly, and changes nothing. A probe that cannot look leaves its fact unknown; none of them throws. */
import { freemem, totalmem } from 'node:os'
import { readSafeMode } from '../repair/actions/enterSafeMode.ts'
import { readHold } from '../repair/holdFile.ts'
import { type UnfinishedRun, unfinishedRuns } from '../repair/unfinishedRuns.ts'
import { type LedgerRecord, readBoots } from '../shared/bootledger.ts'
import { bootId, now } from '../shared/clock.ts'
import type { Settings } from '../shared/config/schema.ts'
import { heapLimitMb, highestHeapMb, usableMemoryMb } from '../shared/heapLimit.ts'
import { parkedAs, readParked } from '../shared/parked.ts'
import type { HomePaths } from '../shared/paths.ts'
import { readLiving } from '../shared/runtimeFile.ts'
import type { Facts } from './facts.ts'
import { attempt, attemptWithin } from './gather/attempt.ts'
import { changeFacts, fileFacts } from './gather/files.ts'
import { clockStepMs, lifeEndsOf, startsLastMinute } from './gather/lives.ts'
import { databaseFact, dependencyFact, settingsFact } from './gather/packages.ts'
import { providerFact } from './gather/provider.ts'
import { answers, descriptorsOf, orphanFacts, portFact } from './gather/ring.ts'

/** Where to look, and what the watchdog said. */
export type GatherInput = {
  readonly paths: HomePaths
  readonly appRoot: string
  readonly environment: NodeJS.ProcessEnv
  readonly symptom: string | null
  readonly fault: string | null
}

/** How long one probe may take, in milliseconds. A database that is locked is waited for a second. */
const PROBE_MS = 4_000
const MIB = 1_048_576
const NO_SETTINGS = { state: 'unknown', settings: undefined } as const

/** Gathers all facts. An ordinary home takes some 100 ms, most of it for loading the settings' packages. */
export async function gatherFacts(input: GatherInput): Promise<Facts> {
  const { paths, appRoot, environment, symptom, fault } = input
  const records = attempt(() => readBoots(paths.boots), [])
  const agent = attempt(() => readLiving(paths, 'agent'), undefined)
  const asked = answersOf(paths)
  // Before the databases: whoever opens one leaves files beside it for a moment.
  const files = fileFacts(paths, process.getuid?.() ?? 0)
  const dependencies = await attemptWithin(PROBE_MS, () => dependencyFact(appRoot), 'unknown')
  const { state, settings } = await attemptWithin(PROBE_MS, () => settingsFact(paths, environment), NO_SETTINGS)
  const databases = await databaseFacts(paths, dependencies === 'ok')
  const ports = await attemptWithin(PROBE_MS, () => portFacts(paths, settings), [])
  // A locked one would only be waited for once more.
  const runs = databases.agent === 'ok' ? await attemptWithin(PROBE_MS, () => unfinishedRuns(paths), []) : []
  return {
    symptom,
    fault,
    isAgentAlive: agent !== undefined,
    answers: await asked,
    ...ledgerFacts(paths, records),
    isHeld: attempt(() => readHold(paths, now().monoMs, appRoot) !== undefined, false),
    ports,
    ...files,
    memory: memoryFact(paths, settings),
    descriptors: agent ? descriptorsOf(agent.pid) : null,
    settings: state,
    databases,
    dependencies,
    unfinishedRuns: attempt(() => notParked(paths, runs), []),
    ...changeFacts(paths, appRoot, Date.parse(now().at)),
    maySafeMode: settings?.guardian.safeMode ?? true,
    safeMode: attempt(() => readSafeMode(paths) !== undefined, false),
    provider: providerFact(paths, Date.parse(now().at)),
  }
}

async function answersOf(paths: HomePaths): Promise<Facts['answers']> {
  const [agent, dashboard] = await Promise.all(
    (['agent', 'dashboard'] as const).map((app) => attemptWithin(PROBE_MS, () => answers(paths, app), null)),
  )
  return { agent: agent ?? null, dashboard: dashboard ?? null }
}

function ledgerFacts(paths: HomePaths, records: readonly LedgerRecord[]) {
  const instant = now()
  const boot = bootId()
  return {
    lifeEnds: attempt(() => lifeEndsOf(records, boot, instant.monoMs), []),
    startsLastMinute: startsLastMinute(records, boot, instant.monoMs),
    clockStepMs: attempt(() => clockStepMs(records, boot, instant), null),
    ...orphanFacts(paths, records, { boot, nowMonoMs: instant.monoMs }),
  }
}

async function databaseFacts(paths: HomePaths, canLook: boolean): Promise<Facts['databases']> {
  if (!canLook) return { agent: 'unknown', watchdog: 'unknown' }
  const look = (name: 'agent' | 'watchdog') => {
    const isInUse = attempt(() => readLiving(paths, name) !== undefined, false)
    return attemptWithin(PROBE_MS, () => databaseFact(paths, name, isInUse), 'unknown')
  }
  const [agent, watchdog] = await Promise.all([look('agent'), look('watchdog')])
  return { agent, watchdog }
}

async function portFacts(paths: HomePaths, settings: Settings | undefined): Promise<Facts['ports']> {
  if (!settings) return []
  const { agent, dashboard } = settings
  const facts = await Promise.all([
    portFact(paths, { app: 'agent', port: agent.port, host: agent.host }),
    portFact(paths, { app: 'dashboard', port: dashboard.port, host: dashboard.host }),
  ])
  return facts.flat()
}

function memoryFact(paths: HomePaths, settings: Settings | undefined): Facts['memory'] {
  const configuredMb = settings?.agent.maxHeapMb ?? null
  return {
    totalMb: Math.floor(totalmem() / MIB),
    freeMb: Math.floor(freemem() / MIB),
    agentHeapLimitMb: configuredMb === null ? null : heapLimitMb(paths, configuredMb),
    highestHeapMb: configuredMb === null ? null : highestHeapMb(configuredMb, usableMemoryMb()),
  }
}

/** What is set aside already takes nobody down any more. */
function notParked(paths: HomePaths, runs: readonly UnfinishedRun[]): UnfinishedRun[] {
  const parked = readParked(paths)
  return runs.filter((one) => parkedAs(parked, one) === undefined)
}
