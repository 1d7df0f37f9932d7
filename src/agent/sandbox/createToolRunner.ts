/** Runs tools in sandboxes: finds out what this machine can do, keeps children, and turns what became of a call into words. */
import { setTimeout as sleep } from 'node:timers/promises'
import { monotonicMs } from '../../shared/clock.ts'
import type { SandboxSettings } from '../../shared/config/sandboxSection.ts'
import type { HomePaths } from '../../shared/paths.ts'
import { probeSandbox, type SandboxState } from '../../shared/sandbox/probe.ts'
import type { BrokerFetch, Tool, ToolSettings } from '../tools/tool.ts'
import { runCall } from './call.ts'
import { fillCompileCache } from './compileCache.ts'
import { runInAgent } from './inAgent.ts'
import { launchChild, type SandboxChild } from './launch.ts'
import { endLeftovers } from './leftovers.ts'
import { createPool, type Pool } from './pool.ts'
import { createSlots } from './slots.ts'
import type { ToolOrder, ToolReport, ToolRunner } from './toolRunner.ts'

/** What the runner is built from. */
export type ToolRunnerInput = {
  readonly paths: Pick<HomePaths, 'home' | 'workspace'>
  readonly settings: SandboxSettings
  /** What tools may know of the settings. */
  readonly toolSettings: ToolSettings
  readonly tools: readonly Tool[]
  /** Address (`file:` URL) of the module that exports the same tools as `TOOLS`: the child loads it. */
  readonly toolsModule: string
  /** Names this state of our code: what an earlier life kept compiled for the same one is good. Without it nothing is. */
  readonly codeKey?: string
  readonly fetch: (request: Parameters<BrokerFetch>[0], signal: AbortSignal) => ReturnType<BrokerFetch>
  /** The user that we run as. */
  readonly uid: number
  /** Default: that of this machine. */
  readonly platform?: NodeJS.Platform
  readonly log: {
    readonly warn: (facts: object, message: string) => void
    readonly info: (facts: object, message: string) => void
  }
}

/** A tool runner, and what the loop may further ask of it. */
export type SandboxRunner = ToolRunner & {
  /** Resolves when it is known how tools are held here. Until then no tool that needs a sandbox is offered. */
  readonly ready: Promise<SandboxState>
  readonly state: () => SandboxState
  /** Looks again: bubblewrap may have been installed. */
  readonly probeAgain: () => Promise<SandboxState>
  /** Starts a child ahead; called while the model thinks, the next tool call is a warm one. */
  readonly prepare: () => void
  /** Resolves when what Node makes of our code is kept for the children, or cannot be: from then on they start faster. */
  readonly codeKept: () => Promise<void>
}

/** Builds it; the look at the machine begins at once. */
export function createToolRunner(input: ToolRunnerInput): SandboxRunner {
  const holding = holdTools(input)
  const slots = createSlots(input.settings.parallel)
  const closing = new AbortController()
  let calls = 0
  const run = async (order: ToolOrder, signal: AbortSignal): Promise<Omit<ToolReport, 'tookMs'>> => {
    const tool = input.tools.find(({ name }) => name === order.tool)
    if (!tool) return refused(`There is no tool ${order.tool}.`)
    const either = AbortSignal.any([signal, closing.signal])
    if (tool.place === 'agent') return runInAgent(tool, order, input, either)
    await holding.ready
    const { state, pool } = holding.now()
    if (!isOffered(tool, state) || state.mode === 'none' || !pool)
      return refused(`${tool.name} is off: ${state.reason}.`)
    const leave = await slots.enter(either)
    if (!leave) return { ok: false, text: 'It was cancelled.', how: 'cancelled' }
    calls += 1
    const { workspace } = state.plan
    const call = { signal: either, id: calls, outputName: outputNameOf(order, calls), workspace }
    return runInChild({ input, pool, tool, order, ...call }).finally(leave)
  }
  return {
    ready: holding.ready,
    state: () => holding.now().state,
    probeAgain: holding.probe,
    prepare: () => holding.now().pool?.prepare(),
    codeKept: async () => holding.now().pool?.codeKept,
    available: () => input.tools.filter((tool) => isOffered(tool, holding.now().state)).map(({ name }) => name),
    run: async (order, signal) => {
      const startedAt = monotonicMs()
      const report = await run(order, signal)
      return { ...report, tookMs: Math.round(monotonicMs() - startedAt) }
    },
    close: async () => {
      closing.abort()
      await holding.ready
      await holding.now().pool?.close()
    },
  }
}

const UNKNOWN: SandboxState = { mode: 'none', reason: 'the sandbox was not looked at yet', notes: [] }

/** Keeps what is known of this machine, and the children that are started accordingly. */
function holdTools(input: ToolRunnerInput) {
  let now: { readonly state: SandboxState; readonly pool: FilledPool | undefined } = { state: UNKNOWN, pool: undefined }
  const probe = async () => {
    const state = await probeSandbox(input, input.platform)
    const { pool: old } = now
    const isSame = state.mode === now.state.mode
    now = { state, pool: isSame ? old : poolFor(state, input) }
    if (!isSame) await old?.close()
    const { mode, reason, notes } = state
    if (reason === '' && notes.length === 0) input.log.info({ mode }, 'the sandbox holds')
    else input.log.warn({ mode, reason, notes }, 'the sandbox is not what it could be')
    return state
  }
  return { probe, ready: probe(), now: () => now }
}

/** What each way of holding tools allows. */
function isOffered(tool: Tool, { mode }: SandboxState): boolean {
  if (tool.place === 'agent') return true
  if (mode === 'none') return false
  return mode !== 'strict' || !tool.runsPrograms
}

function refused(text: string): Omit<ToolReport, 'tookMs'> {
  return { ok: false, text, how: 'done' }
}

/** Children load our code by this entry. */
const CHILD = `${import.meta.dirname}/child.ts`

type FilledPool = Pool & { readonly codeKept: Promise<void> | undefined }

function poolFor(state: SandboxState, input: ToolRunnerInput): FilledPool | undefined {
  if (state.mode === 'none') return undefined
  const { paths, settings, toolsModule, codeKey } = input
  const { mode, plan } = state
  const command = [process.execPath, `--max-old-space-size=${settings.memoryMb}`, CHILD, toolsModule]
  const whole = { ...plan, command }
  const cache = mode === 'bubblewrap' ? fillCompileCache(paths, whole, codeKey) : undefined
  const pool = createPool({
    launch: () => launchChild(mode, cache ? cache.added(whole) : whole),
    idleMs: settings.idleMs,
    maxIdle: settings.parallel,
  })
  const close = async () => void (await Promise.all([pool.close(), cache?.close()]))
  return { ...pool, codeKept: cache?.filled, close }
}

type InChild = {
  readonly input: ToolRunnerInput
  readonly pool: Pool
  readonly tool: Tool
  readonly order: ToolOrder
  readonly signal: AbortSignal
  readonly id: number
  readonly outputName: string
  readonly workspace: string
}

async function runInChild({ input, pool, tool, order, ...rest }: InChild): Promise<Omit<ToolReport, 'tookMs'>> {
  const { settings, toolSettings, fetch } = input
  const owner = { session: order.session, programs: tool.runsPrograms === true }
  const taken = await takeInTime(pool, owner)
  if ('failure' in taken)
    return { ok: false, text: `The sandbox could not be started: ${taken.failure}.`, how: 'killed' }
  const limits = { memoryMb: settings.memoryMb, writeMb: settings.writeMb, workspace: rest.workspace }
  const { isGood, ...report } = await runCall({
    child: taken.child,
    tool,
    order,
    limits,
    settings: toolSettings,
    fetch,
    ...rest,
  })
  // A program may leave others behind; a child that cannot be cleared of them serves nobody any more.
  const isClean = isGood && (!tool.runsPrograms || (await endLeftovers(taken.child)))
  if (isGood && !isClean) await taken.child.kill()
  pool.giveBack(taken.child, owner, isClean)
  return report
}

/** Longest wait for a child, in milliseconds: a machine under load starts slowly, but a run must not wait for ever. */
const START_MS = 30_000

async function takeInTime(
  pool: Pool,
  owner: Parameters<Pool['take']>[0],
): Promise<{ child: SandboxChild } | { failure: string }> {
  const late = new AbortController()
  const taking = pool.take(owner)
  const first = await Promise.race([
    taking,
    sleep(START_MS, undefined, { signal: late.signal, ref: false }).catch(() => undefined),
  ])
  late.abort()
  if (first) return first
  void taking.then((taken) => 'child' in taken && pool.giveBack(taken.child, owner, false))
  return { failure: `it took longer than ${START_MS / 1_000} s` }
}

/** A name for the whole output of a call, out of letters that are safe in a path. */
function outputNameOf({ run }: ToolOrder, count: number): string {
  return `${run.replace(/[^\w-]/g, '_').slice(0, 60)}-${count}`
}
