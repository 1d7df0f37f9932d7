/**
 * One call at one model: waits for a place, holds the money, asks, and asks again while the provider is in trouble. Nothing is asked twice once a word was
 * handed over, and nothing waits longer than the patience of the settings.
 */
import { backoffDelayMs } from '../shared/backoff.ts'
import { text } from '../shared/messages/text.ts'
import { blockedMs, ended, entered, signOf } from './breaker.ts'
import type { Account } from './budgetPurse.ts'
import { excessWords, nearlyWords } from './budgetWords.ts'
import type { GateControl } from './gate.ts'
import type { Target } from './gateCatalog.ts'
import { breakerOf, type GateParts } from './gateParts.ts'
import type { Tally } from './gateTally.ts'
import { type FailureKind, type ModelFailure, type ModelRequest, NO_USAGE, type ProviderResult } from './modelCall.ts'
import { costUsd, tokensOf, type WorstCase, worstCase } from './prices.ts'
import { isTrouble } from './routing.ts'

/** Everything that one call at one model is made of. */
export type ModelCall = {
  readonly parts: GateParts
  readonly target: Target
  readonly request: ModelRequest
  readonly control: GateControl
  readonly task: string
  readonly account: Account
  readonly tally: Tally
  /** Another model can stand in: a provider that is left alone is not waited for. */
  readonly hasNext: boolean
}

const FIRST_DELAY_MS = 500
const MAX_DELAY_MS = 30_000
/** A provider's wish to wait is believed up to here, in milliseconds. */
const MAX_HOLD_MS = 3_600_000
/** Waits are stretched by up to this share, so that calls that failed together do not come back together. */
const JITTER = 0.1
const NOTHING = { usd: 0, tokens: 0 }

/** Asks until there is an answer, or a reason to stop. */
export async function askModel(call: ModelCall): Promise<ProviderResult> {
  const { parts, request, target } = call
  const worst = worstCase(request, target.prices, target.wire)
  for (let tries = 1; ; tries++) {
    const passed = await pass(call, worst)
    if (!passed.ok) return passed.failure
    const result = await askOnce(call, worst, passed.leave)
    if (result.ok || !isTrouble(result.kind)) return result
    const delayMs = delayAfter(result, tries, parts.clock.random)
    if (result.kind === 'rate-limited') holdLane(call, delayMs)
    if (call.tally.hasSpoken || tries >= parts.settings.model.tries) return result
    if (!(await rest(call, result.kind, delayMs))) return result
  }
}

type Passed = { readonly ok: true; readonly leave: () => void } | { readonly ok: false; readonly failure: ModelFailure }

/** Waits until the provider may be asked and there is a place, and holds the money. */
async function pass(call: ModelCall, worst: WorstCase): Promise<Passed> {
  const { parts, target, control, account } = call
  for (;;) {
    const broken = await waitForBreaker(call)
    if (broken) return { ok: false, failure: broken }
    const entry = await enterLane(call)
    if (!entry.ok) return { ok: false, failure: entry.why === 'cancelled' ? cancelled() : limited(call) }
    const excess = account.hold(worst)
    if (excess) {
      entry.leave()
      return { ok: false, failure: fail('budget', excessWords(parts.language, excess)) }
    }
    const breaker = breakerOf(parts, target.provider)
    if (blockedMs(breaker, parts.clock.monoMs()) === 0 && !control.signal.aborted) {
      parts.breakers.set(target.provider, entered(breaker))
      return { ok: true, leave: entry.leave }
    }
    // It has opened while this call waited for its place.
    account.settle(worst, NOTHING)
    entry.leave()
    if (control.signal.aborted) return { ok: false, failure: cancelled() }
  }
}

/** Waits while the provider is left alone; a failure where that takes too long, or where another model can stand in. */
async function waitForBreaker(call: ModelCall): Promise<ModelFailure | undefined> {
  const { parts, target, control } = call
  const { clock, language } = parts
  for (;;) {
    const ms = blockedMs(breakerOf(parts, target.provider), clock.monoMs())
    if (ms === 0) return undefined
    if (call.hasNext || ms > patienceLeftMs(call)) {
      const reason = `${target.provider} failed again and again and is left alone for ${Math.ceil(ms / 1_000)} s`
      return { ...fail('overloaded', reason), retryAfterMs: Math.ceil(ms) }
    }
    await pause(call, ms, text(language, 'costs.waitBroken', { provider: target.provider }))
    if (control.signal.aborted) return cancelled()
  }
}

async function enterLane(call: ModelCall) {
  const { parts, target, control, tally } = call
  const { clock, language } = parts
  const { session, signal, priority = 'person' } = control
  const lane = parts.laneOf(target.provider)
  const heldMs = lane.heldMs()
  const patienceMs = patienceLeftMs(call)
  if (heldMs > 0 && heldMs <= patienceMs) {
    tally.troubleMs += heldMs
    control.onWait?.(text(language, 'costs.waitLimited', { provider: target.provider }), Math.ceil(heldMs))
  } else if (lane.isBusy(priority)) control.onWait?.(text(language, 'costs.waitBusy'), 0)
  const fromMonoMs = clock.monoMs()
  const entry = await lane.enter({ session, priority, signal, patienceMs })
  tally.waitedMs += clock.monoMs() - fromMonoMs
  return entry
}

/** One attempt. It is paid for, noted and written down whatever it comes to. */
async function askOnce(call: ModelCall, worst: WorstCase, leave: () => void): Promise<ProviderResult> {
  const { parts, target, request, control, account, tally } = call
  const { clock, settings, breakers } = parts
  const fromMonoMs = clock.monoMs()
  const onText = (delta: string) => {
    tally.hasSpoken = true
    control.onText(delta)
  }
  let outcome: 'ok' | FailureKind = 'cancelled'
  let cost = NOTHING
  try {
    const ask = parts.providerOf(target.wire)
    // One place tries again, and it is this one.
    const access = { ...target.access, maxRetries: 0 }
    const result = await ask(access, request, { signal: control.signal, onText })
    outcome = result.ok ? 'ok' : result.kind
    cost = { usd: costUsd(result.usage, target.prices), tokens: tokensOf(result.usage) }
    note(call, result, { outcome, usd: cost.usd, latencyMs: Math.round(clock.monoMs() - fromMonoMs) })
    return result
  } finally {
    const warning = nearlyWords(parts.language, account.settle(worst, cost))
    if (warning) tally.warnings.push(warning)
    const breaker = breakerOf(parts, target.provider)
    breakers.set(target.provider, ended(breaker, signOf(outcome), clock.monoMs(), settings.model))
    leave()
  }
}

type Noted = { readonly outcome: 'ok' | FailureKind; readonly usd: number; readonly latencyMs: number }

function note(call: ModelCall, { usage }: ProviderResult, { outcome, usd, latencyMs }: Noted): void {
  const { parts, target, control, task, tally } = call
  const { provider, model } = target
  tally.add({ usage, usd, latencyMs })
  parts.logUsage({
    run: control.run,
    session: control.session,
    ...(control.job === undefined ? {} : { job: control.job }),
    task,
    provider,
    model,
    ...usage,
    costUsd: usd,
    isPriced: target.prices !== undefined,
    latencyMs,
    result: outcome,
  })
}

/** What the provider wished, or a doubling wait of which a half is left to chance. */
function delayAfter({ retryAfterMs }: ModelFailure, tries: number, random: () => number): number {
  if (retryAfterMs !== undefined) return Math.round(retryAfterMs * (1 + JITTER * random()))
  const fullMs = backoffDelayMs(tries - 1, FIRST_DELAY_MS, MAX_DELAY_MS)
  return Math.round((fullMs * (1 + random())) / 2)
}

function holdLane({ parts, target }: ModelCall, delayMs: number): void {
  parts.laneOf(target.provider).holdUntil(parts.clock.monoMs() + Math.min(delayMs, MAX_HOLD_MS))
}

/** Waits before the next try; false where that would be too long. A limited provider is waited for in its lane, with all others. */
async function rest(call: ModelCall, kind: FailureKind, delayMs: number): Promise<boolean> {
  if (delayMs > patienceLeftMs(call)) return false
  if (kind === 'rate-limited') return true
  const { language } = call.parts
  await pause(call, delayMs, text(language, 'costs.waitTrouble', { provider: call.target.provider, kind }))
  return true
}

async function pause({ parts, control, tally }: ModelCall, ms: number, why: string): Promise<void> {
  control.onWait?.(why, Math.ceil(ms))
  const fromMonoMs = parts.clock.monoMs()
  await parts.clock.sleep(ms, control.signal)
  tally.waitedMs += parts.clock.monoMs() - fromMonoMs
  tally.troubleMs += ms
}

function patienceLeftMs({ parts, tally }: ModelCall): number {
  return parts.settings.model.patienceMs - tally.troubleMs
}

function limited({ parts, target }: ModelCall): ModelFailure {
  const heldMs = Math.ceil(parts.laneOf(target.provider).heldMs())
  const reason = `${target.provider} asked for a pause of ${Math.ceil(heldMs / 1_000)} s`
  return { ...fail('rate-limited', reason), retryAfterMs: heldMs }
}

function cancelled(): ModelFailure {
  return fail('cancelled', 'the call was cancelled')
}

function fail(kind: FailureKind, reason: string): ModelFailure {
  return { ok: false, kind, reason, usage: NO_USAGE }
}
