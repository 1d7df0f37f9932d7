/** What a drill is: a real fault against a real ring, and what was measured. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { Incident } from '../shared/incident.ts'
import { ALL_LOADED } from '../shared/log.ts'
import { readCommandLine } from '../shared/procfs.ts'
import type { RuntimeFile } from '../shared/runtimeFile.ts'
import { copyCheckout } from './checkoutCopy.ts'
import { type Client, type ClientReport, startClient } from './client.ts'
import { createRing, type Ring, type RingOptions } from './ring.ts'
import { noSmallDisk, onSmallDisk, type SmallDisk } from './smallDisk.ts'
import { waitFor } from './waitFor.ts'

/** One line of the table. */
export type DrillResult = {
  readonly id: string
  /** Row of the fault matrix. */
  readonly row: number
  readonly title: string
  readonly ok: boolean
  /** From the fault to its detection, by the watchdog. */
  readonly detectMs: number | null
  /** From the fault to ready again. */
  readonly healedMs: number | null
  /** A client's first failed request to its first good one. */
  readonly downMs: number | null
  readonly failedRequests: number
  readonly tier: string
  readonly outcome: string
  /** Calls of a model that the incident needed. */
  readonly modelCalls: number
  readonly falseRestarts: number
  /** Processes left behind after the stop. */
  readonly left: number
  /** What had been acknowledged, is gone, and was not said; undefined where nothing could be lost. */
  readonly dataLost?: number
  readonly note: string
  /** Why it was not run at all; null when it was. */
  readonly notRun: string | null
}

/** The measured part that a fault gives back. */
export type Measured = {
  readonly healedMs: number | null
  /** The incident that tells of it, if there is one. */
  readonly incident?: Incident | undefined
  readonly downMs?: number | null
  readonly failedRequests?: number
  readonly falseRestarts?: number
  readonly dataLost?: number
  readonly note?: string
}

/** What a fault gets to work with. */
export type Stage = { readonly ring: Ring; readonly agent: RuntimeFile; readonly client: Client }

export type Drill = {
  /** What is typed: `ottugi drill sigkill`. */
  readonly id: string
  readonly row: number
  readonly title: string
  readonly options?: RingOptions
  /** Where the home lies on a disk of its own. */
  readonly disk?: SmallDisk
  /** True where it damages the program itself: then the ring runs from a copy of it. */
  readonly ownCheckout?: boolean
  /** Why it cannot run here; undefined when it can. */
  readonly missing?: () => string | undefined
  /** Breaks it, waits until it is well again, checks what must hold (throws what does not) and measures. */
  readonly run: (stage: Stage) => Promise<Measured>
}

/** Runs one drill in a home of its own, and leaves nothing behind. */
export async function runDrill(drill: Drill): Promise<DrillResult> {
  const missing = drill.missing?.() ?? (drill.disk && noSmallDisk())
  if (missing) return notRun(drill, missing)
  return drill.disk ? (JSON.parse(await onSmallDisk(drill.id, drill.disk)) as DrillResult) : playDrill(drill)
}

/** Runs it here and now, with its home below `folder` (default: the temporary folder). */
export async function playDrill(drill: Drill, folder?: string): Promise<DrillResult> {
  const copy = drill.ownCheckout ? copyCheckout() : undefined
  try {
    const ring = await createRing(drill.options, {
      ...(folder ? { folder } : {}),
      ...(copy ? { root: copy.root } : {}),
    })
    const played = await play(drill, ring)
    const evidence = played.problem ? await evidenceOf(ring) : ''
    const left = await ring.destroy()
    return resultOf(drill, played, { evidence, left: left.length })
  } finally {
    copy?.remove()
  }
}

type Played = { readonly measured: Measured; readonly problem?: string; readonly seen?: ClientReport }

async function play(drill: Drill, ring: Ring): Promise<Played> {
  let client: Client | undefined
  try {
    await ring.start()
    const agent = await ring.nextAgent(undefined)
    await waitFor(
      'the watch to be healthy',
      20_000,
      async () => (await ring.status()).state === 'healthy' || undefined,
      100,
    )
    await waitFor('the agent to have loaded everything', 20_000, () => hasLoaded(ring, agent), 100)
    client = startClient(() => ring.agentUrl)
    const measured = await drill.run({ ring, agent, client })
    return { measured, seen: await client.stop() }
  } catch (error) {
    await client?.stop()
    return { measured: { healedMs: null }, problem: error instanceof Error ? error.message : String(error) }
  }
}

/** While it loads, the agent has announced that it keeps its event loop: a drill is about an agent that works. */
function hasLoaded({ paths }: Ring, { pid }: RuntimeFile): true | undefined {
  const lines = existsSync(paths.logOf('agent')) ? readFileSync(paths.logOf('agent'), 'utf8').split('\n') : []
  return lines.some((line) => line.includes(`"pid":${pid},`) && line.includes(ALL_LOADED)) || undefined
}

function resultOf(
  drill: Drill,
  { measured, problem, seen }: Played,
  after: { evidence: string; left: number },
): DrillResult {
  const { id, row, title } = drill
  const { incident, healedMs, downMs, failedRequests, falseRestarts, dataLost, note } = measured
  return {
    ...{ id, row, title, healedMs },
    ok: problem === undefined && after.left === 0,
    detectMs: incident?.detectMs ?? null,
    downMs: downMs === undefined ? (seen?.downMs ?? null) : downMs,
    failedRequests: failedRequests ?? seen?.failed ?? 0,
    tier: incident?.tier ?? '–',
    outcome: incident?.outcome ?? '–',
    modelCalls: incident?.modelCalls ?? 0,
    falseRestarts: falseRestarts ?? 0,
    left: after.left,
    ...(dataLost === undefined ? {} : { dataLost }),
    note: problem === undefined ? (note ?? '') : `${problem}${after.evidence}`,
    notRun: null,
  }
}

function notRun({ id, row, title }: Drill, reason: string): DrillResult {
  const unknown = {
    detectMs: null,
    healedMs: null,
    downMs: null,
    failedRequests: 0,
    falseRestarts: 0,
    left: 0,
    modelCalls: 0,
  }
  return { id, row, title, ok: false, ...unknown, tier: '–', outcome: '–', note: reason, notRun: reason }
}

/** What the ring says of itself when a drill fails: the reader has no home left to look into. */
async function evidenceOf(ring: Ring): Promise<string> {
  const [status, incidents, logs] = await Promise.all([
    ring.ottugi('status'),
    ring.ottugi('incidents'),
    ring.ottugi('logs', '-n', '25'),
  ])
  const asCommandsSayIt = `--- status\n${status.out}${status.err}--- incidents\n${incidents.out}--- logs\n${logs.out}`
  // Where packages are what is broken, no command works.
  return `\n${asCommandsSayIt}${logs.code === 0 ? '' : rawEvidenceOf(ring)}`
}

function rawEvidenceOf({ paths, root, processes }: Ring): string {
  const tailOf = (path: string) =>
    existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(-20).join('\n') : '–'
  const running = processes().map((pid) => `${pid} ${readCommandLine(pid)}`)
  const parts = [
    readdirSync(root).join(' '),
    ...running,
    tailOf(paths.logOf('watchdog')),
    tailOf(paths.boots),
    tailOf(paths.repairsJournal),
  ]
  return `--- files\n${parts.join('\n')}\n`
}

/** Fails the drill when something that must hold does not. */
export function expectThat(isTrue: boolean, what: string): void {
  if (!isTrue) throw new Error(`expected ${what}`)
}
