/** A gate in a test: a clock that jumps to the next thing that waits, a ledger that is written as the agent writes its journal, and models by name. */
import type { BudgetLimits, Spender, SpentScope } from '../../src/model/budget.ts'
import { createGate, type Gate, type GateControl, type GateRequest, type GateResult } from '../../src/model/gate.ts'
import type { Target } from '../../src/model/gateCatalog.ts'
import type { GateClock } from '../../src/model/gateClock.ts'
import type { GateSettings } from '../../src/model/gateParts.ts'
import type { ModelFailure, Provider, ProviderResult, Usage } from '../../src/model/modelCall.ts'
import { NO_USAGE } from '../../src/model/modelCall.ts'
import { tokensOf } from '../../src/model/prices.ts'
import type { UsageLine } from '../../src/model/usageLog.ts'

/** Noon of some day, in the zone of the machine. */
export const NOON_MS: number = new Date(2026, 10, 21, 12).getTime()

/** Nothing sleeps: the clock jumps to the earliest sleeper as soon as the event loop has nothing else to do. */
export type TestClock = GateClock & { readonly slept: number[] }

export function createTestClock(random: () => number = () => 0): TestClock {
  let nowMs = 1_000
  const timers = new Set<{ readonly atMs: number; readonly wake: () => void }>()
  const slept: number[] = []
  const jump = () => {
    const [next] = [...timers].toSorted((a, b) => a.atMs - b.atMs)
    if (!next) return
    nowMs = Math.max(nowMs, next.atMs)
    next.wake()
    setImmediate(jump)
  }
  return {
    slept,
    monoMs: () => nowMs,
    wallMs: () => NOON_MS + nowMs,
    random,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        slept.push(ms)
        const timer = {
          atMs: nowMs + ms,
          wake: () => {
            timers.delete(timer)
            resolve()
          },
        }
        timers.add(timer)
        signal.addEventListener('abort', timer.wake, { once: true })
        if (signal.aborted) timer.wake()
        setImmediate(jump)
      }),
  }
}

export const PRICES = { inputUsdPerMTok: 3, outputUsdPerMTok: 15 }
export const USAGE: Usage = { inputTokens: 100, outputTokens: 1_000, cacheReadTokens: 0, cacheWriteTokens: 0 }

export const NO_LIMITS: BudgetLimits = {
  dayUsd: 1_000,
  monthUsd: 0,
  runUsd: 0,
  sessionUsd: 0,
  jobUsd: 0,
  dayTokens: 0,
  monthTokens: 0,
  runTokens: 0,
  sessionTokens: 0,
  jobTokens: 0,
  warnPercent: 80,
  slowPercent: 90,
  slowMs: 30_000,
}

export const PATIENT: GateSettings['model'] = {
  quick: '',
  deep: '',
  fallbacks: [],
  fallbackWhenRefused: false,
  maxTokens: 1_000,
  callsAtOnce: 16,
  tries: 4,
  patienceMs: 60_000,
  breakAfter: 5,
  breakMs: 30_000,
}

/** A model at a provider of its own name; `name` is `provider/model`. */
export function target(name: string, changes: Partial<Target> = {}): Target {
  const [provider = '', model = ''] = name.split('/')
  const access = { baseUrl: `https://${provider}.example`, key: 'k', timeoutMs: 5_000 }
  return { provider, wire: 'anthropic', model, access, prices: PRICES, contextTokens: undefined, ...changes }
}

export function said(text = 'x', usage: Usage = USAGE): ProviderResult {
  return { ok: true, text, calls: [], usage, stop: 'end', stopReason: 'end_turn' }
}

export function failed(kind: ModelFailure['kind'], more: Partial<ModelFailure> = {}): ModelFailure {
  return { ok: false, kind, reason: 'it is so', usage: NO_USAGE, ...more }
}

/** What was spent on whom, when. */
export type Paid = Spender & { readonly usd: number; readonly tokens: number; readonly at: string }

export type Rig = {
  readonly gate: Gate
  readonly clock: TestClock
  readonly lines: UsageLine[]
  readonly paid: Paid[]
  readonly spent: (scope: SpentScope) => { readonly usd: number; readonly tokens: number }
  /** Asks, and writes the figures down in the same turn, as a run does. */
  readonly ask: (request?: Partial<GateRequest>, control?: Partial<GateControl>) => Promise<GateResult>
  /** What calls were told that they wait for. */
  readonly waits: [string, number][]
}

export type RigOptions = {
  readonly budget?: Partial<BudgetLimits>
  readonly model?: Partial<GateSettings['model']>
  /** The first one is the model of the settings. */
  readonly targets?: readonly Target[]
  readonly provider?: Provider
  readonly random?: () => number
}

export const REQUEST: GateRequest = { system: '', turns: [{ role: 'user', text: 'hi' }] }

export function rig(options: RigOptions = {}): Rig {
  const { targets = [target('one/m')], provider = async () => said() } = options
  const clock = createTestClock(options.random)
  const lines: UsageLine[] = []
  const paid: Paid[] = []
  const waits: [string, number][] = []
  const spent: Rig['spent'] = (scope) =>
    paid
      .filter((one) => isOf(one, scope))
      .reduce((all, { usd, tokens }) => ({ usd: all.usd + usd, tokens: all.tokens + tokens }), { usd: 0, tokens: 0 })
  const gate = createGate({
    settings: { model: { ...PATIENT, ...options.model }, budget: { ...NO_LIMITS, ...options.budget } },
    catalog: {
      resolve: (name) => {
        const found = name === undefined ? targets[0] : targets.find((one) => `${one.provider}/${one.model}` === name)
        return found ? { ok: true, ...found } : { ok: false, reason: `there is no model ${name}` }
      },
    },
    providerOf: () => provider,
    spent,
    logUsage: (line) => void lines.push(line),
    clock,
  })
  const ask: Rig['ask'] = async (request = {}, control = {}) => {
    const who: GateControl = {
      run: 'r',
      session: 's',
      signal: new AbortController().signal,
      onText: () => {},
      onWait: (why, ms) => void waits.push([why, ms]),
      ...control,
    }
    const result = await gate.ask({ ...REQUEST, ...request }, who)
    paid.push({
      ...who,
      usd: result.costUsd,
      tokens: tokensOf(result.usage),
      at: new Date(clock.wallMs()).toISOString(),
    })
    return result
  }
  return { gate, clock, lines, paid, spent, ask, waits }
}

function isOf(one: Paid, { run, session, tree, job, sinceAt }: SpentScope): boolean {
  return (
    (run === undefined || one.run === run) &&
    (session === undefined || one.session === session) &&
    (tree === undefined || (one.tree ?? one.session) === tree) &&
    (job === undefined || one.job === job) &&
    (sinceAt === undefined || one.at >= sinceAt)
  )
}
