/**
 * The one gate that every model call goes through. Promises: no call without a key where one is needed; no call whose worst case would break a limit, calls
 * that are still running included; a place in the lane of its provider by priority and in fairness; patience with a provider in trouble, and another model
 * after it where the settings name one; one usage line for every attempt that was made.
 */
import { text } from '../shared/messages/text.ts'
import type { Spender } from './budget.ts'
import type { Account } from './budgetPurse.ts'
import { excessWords } from './budgetWords.ts'
import { needsKey, type Resolved, type Target } from './gateCatalog.ts'
import { askModel } from './gateModel.ts'
import { buildParts, type GateDependencies, type GateParts } from './gateParts.ts'
import { createTally, type Tally } from './gateTally.ts'
import type { Priority } from './lanes.ts'
import {
  type CallControl,
  type FailureKind,
  type ModelFailure,
  type ModelRequest,
  NO_USAGE,
  type ProviderResult,
} from './modelCall.ts'
import { worstCase } from './prices.ts'
import { mayFallBack, type Route, routesOf, type Task } from './routing.ts'

export { needsKey } from './gateCatalog.ts'

/** What is asked: of a model by name, of that of a task class, or (with neither) of the model of the settings. */
export type GateRequest = Omit<ModelRequest, 'model' | 'maxTokens'> & {
  /** `provider/model`, or the model's own name. */
  readonly model?: string
  readonly task?: Task
  /** Longest answer, in tokens; default: that of the settings. */
  readonly maxTokens?: number
}

/** Who asks, how it is followed and stopped. */
export type GateControl = CallControl &
  Spender & {
    /** Default `person`. */
    readonly priority?: Priority
    /** Told, in the words of a person, what the call waits for and about how long in milliseconds (0: nobody knows). */
    readonly onWait?: (why: string, ms: number) => void
  }

/** An answer with what it cost, or why there is none. `usage` and `costUsd` are of all attempts, `latencyMs` of the last one. */
export type GateResult = ProviderResult & {
  /** The model that was asked last, as its provider calls it. */
  readonly model: string
  readonly provider: string
  /** Why this model. */
  readonly why: string
  readonly costUsd: number
  /** False where the model has no price: `costUsd` is 0 and means nothing. */
  readonly isPriced: boolean
  readonly latencyMs: number
  readonly waitedMs: number
  readonly attempts: number
  /** A limit is nearly used up; told once for each limit, in the words of a person. */
  readonly warning?: string
}

/** What stands in the way of a call before it is made. `bad-answer`: there is no such model. */
export type Obstacle = { readonly kind: 'no-key' | 'budget' | 'bad-answer'; readonly reason: string }

export type Gate = {
  /** Would this call be let through now? Undefined when it would. */
  readonly check: (request: GateRequest, who: Spender) => Obstacle | undefined
  /** Asks the model; never throws for what a provider does. */
  readonly ask: (request: GateRequest, control: GateControl) => Promise<GateResult>
  /** Whom this request would be put to. */
  readonly plan: (request: GateRequest) => { readonly provider: string; readonly model: string; readonly why: string }
}

/** Builds the gate. */
export function createGate(dependencies: GateDependencies): Gate {
  const parts = buildParts(dependencies)
  const choose = (request: GateRequest) => {
    const [route = { name: undefined, why: '' }] = routesOf(request, parts.settings.model)
    return { route, found: parts.catalog.resolve(route.name) }
  }
  return {
    check: (request, who) => {
      const { found } = choose(request)
      const obstacle = obstacleOf(found)
      if (!found.ok || obstacle) return obstacle
      const worst = worstCase(requestFor(request, found, parts), found.prices, found.wire)
      const excess = parts.purse.check(who, worst)
      return excess && { kind: 'budget', reason: excessWords(parts.language, excess) }
    },
    ask: async (request, control) => {
      const account = parts.purse.open(control)
      try {
        return await askInTurn({ parts, request, control, account, tally: createTally() })
      } finally {
        account.close()
      }
    },
    plan: (request) => {
      const { route, found } = choose(request)
      if (!found.ok) return { provider: '', model: route.name ?? '', why: found.reason }
      return { provider: found.provider, model: found.model, why: route.why }
    },
  }
}

type Asking = {
  readonly parts: GateParts
  readonly request: GateRequest
  readonly control: GateControl
  readonly account: Account
  readonly tally: Tally
}

type Asked = { readonly result: ProviderResult; readonly target: Target | undefined; readonly why: string }

/** Asks one model after the other, until one answers or none may stand in any more. */
async function askInTurn(asking: Asking): Promise<GateResult> {
  const { parts, request, control, tally } = asking
  await slowDown(asking)
  const [first, ...others] = candidatesOf(parts, routesOf(request, parts.settings.model))
  if (!first) throw new Error('there is always a model to ask first')
  let asked = await askOne(asking, first, others.length > 0)
  for (const [index, next] of others.entries()) {
    if (asked.result.ok || tally.hasSpoken || control.signal.aborted) break
    const { kind } = asked.result
    const isOther = next.found.ok && next.found.provider !== asked.target?.provider
    if (!mayFallBack(kind, isOther, parts.settings.model)) continue
    const why = `${asked.why}; ${nameOf(asked.target)} failed (${kind}), so ${next.route.name}`
    asked = await askOne(asking, { ...next, route: { ...next.route, why } }, index < others.length - 1)
  }
  return resultOf(asked, tally)
}

type Candidate = { readonly route: Route; readonly found: Resolved }

/** The models by their names; a fallback that is not known, or is one of those before it, is passed over. */
function candidatesOf({ catalog }: GateParts, routes: readonly Route[]): Candidate[] {
  const seen = new Set<string>()
  return routes
    .map((route) => ({ route, found: catalog.resolve(route.name) }))
    .filter(({ found }, index) => {
      const name = found.ok ? nameOf(found) : ''
      if (index > 0 && (!found.ok || seen.has(name))) return false
      seen.add(name)
      return true
    })
}

async function askOne(asking: Asking, { route, found }: Candidate, hasNext: boolean): Promise<Asked> {
  const { parts, request, control, account, tally } = asking
  const { why } = route
  const obstacle = obstacleOf(found)
  if (!found.ok || obstacle) {
    const { kind, reason } = obstacle ?? { kind: 'bad-answer', reason: '' }
    return { result: fail(kind, reason), target: found.ok ? found : undefined, why }
  }
  const call = { parts, control, account, tally, hasNext, target: found, task: request.task ?? 'default' }
  return { result: await askModel({ ...call, request: requestFor(request, found, parts) }), target: found, why }
}

function obstacleOf(found: Resolved): Obstacle | undefined {
  if (!found.ok) return { kind: 'bad-answer', reason: found.reason }
  const isFree = found.keyVariable === '' || !needsKey(found.access.baseUrl)
  if (found.access.key || isFree) return undefined
  return { kind: 'no-key', reason: `${found.keyVariable || `the key of ${found.provider}`} is not set` }
}

function requestFor({ task: _, ...request }: GateRequest, { model }: Target, { settings }: GateParts): ModelRequest {
  return { ...request, model, maxTokens: request.maxTokens ?? settings.model.maxTokens }
}

/** When the budget of all is short, what nobody waits for goes slowly. */
async function slowDown({ parts, control, tally }: Asking): Promise<void> {
  const { slowMs } = parts.settings.budget
  if (control.priority !== 'job' || slowMs === 0 || !parts.purse.isTight(control)) return
  control.onWait?.(text(parts.language, 'costs.waitTight'), slowMs)
  await parts.clock.sleep(slowMs, control.signal)
  tally.waitedMs += slowMs
}

function resultOf({ result, target, why }: Asked, tally: Tally): GateResult {
  const { usage, costUsd, latencyMs, attempts, warnings } = tally
  return {
    ...result,
    usage,
    model: target?.model ?? '',
    provider: target?.provider ?? '',
    why,
    costUsd,
    isPriced: target?.prices !== undefined,
    latencyMs,
    waitedMs: Math.round(tally.waitedMs),
    attempts,
    ...(warnings.length > 0 ? { warning: warnings.join(' ') } : {}),
  }
}

function nameOf(target: Target | undefined): string {
  return target ? `${target.provider}/${target.model}` : 'the model'
}

function fail(kind: FailureKind, reason: string): ModelFailure {
  return { ok: false, kind, reason, usage: NO_USAGE }
}
