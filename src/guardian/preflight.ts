/**
 * TIER 3, before every start of the agent: known faults are looked for in a fixed order, mended by the one pair of hands, and looked at
 * again, once. The answer is a value: go (and with which settings, port, shortcomings), or refuse (and why).
 *
 * Statically this imports node: built-ins and what needs no more: when packages are missing it still says so. Settings and databases are
 * loaded only once the packages are known to be there.
 */
import { mkdirSync } from 'node:fs'
import { finishInterrupted } from '../repair/execute.ts'
import { lookAt } from '../repair/fileState.ts'
import { readHold } from '../repair/holdFile.ts'
import { folderPath, OWN_FOLDERS } from '../repair/ownFiles.ts'
import { setReserveAside } from '../repair/reserve.ts'
import { settingsTextOf } from '../repair/settingsText.ts'
import { appendBoot } from '../shared/bootledger.ts'
import { monotonicMs } from '../shared/clock.ts'
import type { Settings } from '../shared/config/schema.ts'
import { type DiskRoom, readDiskRoom } from '../shared/diskRoom.ts'
import type { Identity } from '../shared/identity.ts'
import { appRoot, type HomePaths } from '../shared/paths.ts'
import { commandAnywhere } from '../shared/printedCommand.ts'
import { isSupervised } from '../shared/processRole.ts'
import { type Bench, degradedOf, lookAndMend, mend, type RepairRecord } from './bench.ts'
import type { Check, Finding } from './check.ts'
import { clock } from './checks/clock.ts'
import { commands } from './checks/commands.ts'
import { dependencies } from './checks/dependencies.ts'
import { disk } from './checks/disk.ts'
import { folders } from './checks/folders.ts'
import { locks } from './checks/locks.ts'
import { modes } from './checks/modes.ts'
import { nodeVersion } from './checks/nodeVersion.ts'
import { answers, findOther } from './predecessor.ts'
import { guessLanguage, say } from './say.ts'

/** What a preflight is asked for. `root` and `readRoom` have defaults: the program's own folder, the real disk. */
export type PreflightInput = {
  readonly paths: HomePaths
  readonly environment: NodeJS.ProcessEnv
  readonly app: 'agent'
  readonly root?: string
  readonly readRoom?: (path: string) => DiskRoom
}

/** The answer. `degraded` names, by check, what is bearable and must be shown; `predecessor` is the living agent to take over from. */
export type PreflightResult =
  | {
      readonly verdict: 'go'
      readonly settings: Settings
      readonly secrets: ReadonlyMap<string, string>
      readonly settingsHash: string
      readonly port: { readonly agent: number; readonly note?: string }
      readonly degraded: Readonly<Record<string, string>>
      readonly safeMode: { readonly reason: string; readonly since: string } | null
      readonly repairs: readonly RepairRecord[]
      readonly predecessor?: Identity
    }
  | {
      readonly verdict: 'refuse'
      readonly fault: string
      readonly reason: string
      readonly untilMonoMs: number | null
      readonly repairs: readonly RepairRecord[]
    }

/** Installing packages takes minutes: the longer version does it, while nobody waits for a beat of this process. */
const packagesThere: Check = {
  ...dependencies,
  look: async (ctx) => (await dependencies.look(ctx)).map(({ repair: _, ...finding }) => finding),
}

/** What needs no packages, a cause before its consequences. */
const EARLY: readonly Check[] = [disk, folders, modes, packagesThere, nodeVersion, locks]

/** How long to wait before the next look when somebody else repairs, in milliseconds. */
const REPAIR_PATIENCE_MS = 1_000

/** Looks, mends, and answers whether the agent may start. */
export async function preflight(input: PreflightInput): Promise<PreflightResult> {
  const bench = createBench(input)
  try {
    return await look(bench, input)
  } catch (error) {
    // Not even the reserve was left: nothing can be recorded, so nothing may be done.
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    return refuse(bench, 'disk-full', say(bench.ctx.language, 'guardian.disk.human', { home: input.paths.home }))
  }
}

async function look(bench: Bench, { paths, environment, app }: PreflightInput): Promise<PreflightResult> {
  const { language, appRoot: root } = bench.ctx
  // Before everything else: where starting is what does the harm, not even a repair is worth a try.
  const hold = readHold(paths, monotonicMs(), root)
  if (hold) {
    const command = commandAnywhere('restart agent', paths.home)
    return refuse(bench, 'held', say(language, 'guardian.held', { until: hold.until, command }), hold.untilMonoMs)
  }
  layOut(paths)
  const other = findOther(paths, app)
  if (other && !isSupervised(environment)) {
    const command = commandAnywhere('restart', paths.home)
    return refuse(bench, 'already-running', say(language, 'guardian.alreadyRunning', { pid: other.pid, command }))
  }
  const interrupted = await finishInterrupted(bench.hands)
  if (!interrupted.ok) {
    return refuse(bench, 'repair-open', say(language, 'guardian.repairOpen'), monotonicMs() + REPAIR_PATIENCE_MS)
  }
  if (interrupted.finished) bench.repairs.push({ ...interrupted.finished, isCure: true })
  const predecessor = other ? await judgePredecessor(bench, other) : undefined
  const early = await lookAndMend(bench, EARLY)
  const blocking = early.find(({ severity }) => severity === 'fail')
  if (blocking) return refuseFor(bench, blocking)
  return goOn({ ...bench, ctx: { ...bench.ctx, hasPredecessor: predecessor !== undefined } }, early, predecessor)
}

async function goOn(
  bench: Bench,
  early: readonly Finding[],
  predecessor: Identity | undefined,
): Promise<PreflightResult> {
  const [{ settle }, { settlePort }, { databases }] = await Promise.all([
    import('./settle.ts'),
    import('./settlePort.ts'),
    import('./checks/databases.ts'),
  ])
  const settled = await settle(bench)
  if (!settled.ok) return refuse(bench, settled.fault, settled.reason)
  const settledBench = { ...bench, ctx: { ...bench.ctx, settings: settled.settings } }
  const late = await lookAndMend(settledBench, [commands, clock, databases])
  const blocking = late.find(({ severity }) => severity === 'fail')
  if (blocking) return refuseFor(bench, blocking)
  const port = await settlePort(settledBench, settled.settings, predecessor)
  if (!port.ok) return refuse(bench, port.fault, port.reason)
  appendBoot(bench.ctx.paths.boots, 'agent', {
    kind: 'settings',
    settingsHash: settled.hash,
    safeMode: settled.safeMode !== null,
  })
  const { settings, secrets, hash, safeMode } = settled
  return {
    verdict: 'go',
    settings: port.host ? { ...settings, agent: { ...settings.agent, host: port.host } } : settings,
    secrets,
    settingsHash: hash,
    port: { agent: port.agent, ...(port.note === undefined ? {} : { note: port.note }) },
    degraded: { ...degradedOf([...early, ...late]), ...settled.degraded, ...(port.note ? { port: port.note } : {}) },
    safeMode,
    repairs: bench.repairs,
    ...(predecessor ? { predecessor } : {}),
  }
}

/** The living agent before us: it is followed where it answers, and ended where it does not. */
async function judgePredecessor(bench: Bench, other: Identity): Promise<Identity | undefined> {
  if (await answers(bench.ctx.paths, 'agent', other)) return other
  const isEnded = await mend(bench, { action: 'stop_own_orphan', args: { app: 'agent' } }, 'own-orphan')
  return isEnded ? undefined : other
}

function createBench({ paths, environment, root = appRoot, readRoom = readDiskRoom }: PreflightInput): Bench {
  return {
    ctx: {
      paths,
      appRoot: root,
      environment,
      language: guessLanguage(settingsTextOf(paths) ?? undefined, environment),
      uid: process.getuid?.() ?? 0,
      wallMs: Date.now(),
      deep: false,
      hasPredecessor: false,
      readRoom,
    },
    hands: { paths, environment, root, readRoom },
    repairs: [],
  }
}

/** A home that was never used gets its folders and its reserve without a word; one that lost them gets them by a repair. */
function layOut(paths: HomePaths): void {
  for (const path of [paths.data, paths.run]) mkdirSync(path, { recursive: true, mode: 0o700 })
  if (lookAt(paths.knownGood)) return
  for (const folder of OWN_FOLDERS) mkdirSync(folderPath(paths, folder), { recursive: true, mode: 0o700 })
  if (!lookAt(paths.reserve) && !readDiskRoom(paths.home).isLow) setReserveAside(paths)
}

function refuseFor(bench: Bench, { fault, what, human }: Finding): PreflightResult {
  return refuse(bench, fault, human ? `${what} ${human}` : what)
}

function refuse(bench: Bench, fault: string, reason: string, untilMonoMs: number | null = null): PreflightResult {
  return { verdict: 'refuse', fault, reason, untilMonoMs, repairs: bench.repairs }
}
