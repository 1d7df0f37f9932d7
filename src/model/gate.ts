/**
 * The one gate that every model call goes through. Promises: no call without a key where one is needed; no call whose worst case
 * would break the day's budget, calls that are still running included; one usage line for every call that was made.
 */
import { monotonicMs } from '../shared/clock.ts'
import { isLoopbackHost } from '../shared/config/loopback.ts'
import {
  type CallControl,
  type ModelFailure,
  type ModelRequest,
  NO_USAGE,
  type Provider,
  type ProviderAccess,
  type Usage,
} from './modelCall.ts'
import { costUsd, type Prices, worstCaseUsd } from './prices.ts'
import type { UsageLine } from './usageLog.ts'

/** What the gate needs to know of the settings. */
export type GateSettings = {
  readonly access: Omit<ProviderAccess, 'key'>
  readonly prices: Prices
  readonly keyVariable: string
  readonly dayUsd: number
}

/** What the gate is given; all of it is asked anew for each call. */
export type GateDependencies = {
  readonly settings: GateSettings
  readonly provider: Provider
  readonly readKey: () => string | undefined
  readonly spentTodayUsd: () => number
  readonly logUsage: (line: UsageLine) => void
}

/** An answer with what it cost, or why there is none. */
export type GateResult =
  | {
      readonly ok: true
      readonly text: string
      readonly toolInput?: unknown
      readonly usage: Usage
      readonly stopReason: string
      readonly costUsd: number
      readonly latencyMs: number
    }
  | (ModelFailure & { readonly costUsd: number; readonly latencyMs: number })

/** What stands in the way of a call before it is made. */
export type Obstacle = { readonly kind: 'no-key' | 'budget'; readonly reason: string }

export type Gate = {
  /** Would this call be let through now? Undefined when it would. */
  readonly check: (request: ModelRequest) => Obstacle | undefined
  /** Asks the model; never throws for what a provider does. */
  readonly ask: (request: ModelRequest, control: CallControl & { readonly run: string }) => Promise<GateResult>
}

/** Builds the gate. */
export function createGate({ settings, provider, readKey, spentTodayUsd, logUsage }: GateDependencies): Gate {
  let reservedUsd = 0
  const check = (request: ModelRequest): Obstacle | undefined => {
    if (!readKey() && needsKey(settings.access.baseUrl)) {
      return { kind: 'no-key', reason: `${settings.keyVariable} is not set` }
    }
    const worstUsd = worstCaseUsd(request, settings.prices)
    const spentUsd = spentTodayUsd() + reservedUsd
    if (spentUsd + worstUsd <= settings.dayUsd) return undefined
    return { kind: 'budget', reason: budgetReason(spentUsd, worstUsd, settings.dayUsd) }
  }
  const ask: Gate['ask'] = async (request, control) => {
    const obstacle = check(request)
    if (obstacle) return { ok: false, ...obstacle, usage: NO_USAGE, costUsd: 0, latencyMs: 0 }
    const worstUsd = worstCaseUsd(request, settings.prices)
    reservedUsd += worstUsd
    const startedMonoMs = monotonicMs()
    try {
      const result = await provider({ ...settings.access, key: readKey() }, request, control)
      const cost = costUsd(result.usage, settings.prices)
      const latencyMs = Math.round(monotonicMs() - startedMonoMs)
      const outcome = result.ok ? 'ok' : result.kind
      logUsage({ run: control.run, model: request.model, ...result.usage, costUsd: cost, latencyMs, result: outcome })
      return { ...result, costUsd: cost, latencyMs }
    } finally {
      reservedUsd -= worstUsd
    }
  }
  return { check, ask }
}

/** False for a server on this machine: it gets no key unless one is set. */
export function needsKey(baseUrl: string): boolean {
  const host = URL.parse(baseUrl)?.hostname.replace(/^\[|\]$/g, '')
  return host === undefined || !isLoopbackHost(host)
}

function budgetReason(spentUsd: number, worstUsd: number, dayUsd: number): string {
  return `spent today $${spentUsd.toFixed(4)}, this call may cost $${worstUsd.toFixed(4)}, limit $${dayUsd.toFixed(2)}`
}
