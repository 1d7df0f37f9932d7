/**
 * The model step: one short call that chooses a candidate, or nothing. Its answer is a number in our own list; its prose is kept, masked and short, and
 * nothing is ever done because of it. A refusal, an empty answer, a lie, garbage, silence and a late answer are normal, and end with a person.
 */
import type { Gate, GateResult } from '../model/gate.ts'
import type { FailureKind, ModelRequest } from '../model/modelCall.ts'
import type { Action } from '../repair/action.ts'
import type { Instant } from '../shared/clock.ts'
import type { ModelCallRecord } from '../shared/recoveryResult.ts'
import { shortVisible } from '../shared/visibleText.ts'
import { beginCall, callsLastHour, endCall, type PaidCall, readCalls } from './budget.ts'
import type { Candidate } from './propose/candidates.ts'
import { isChoice, NO_CHOICE, questionOf, SYSTEM, type Told, toolFor } from './propose/prompt.ts'

/** Why there is no choice. Words of the gate, and: `calls` (too many this hour), `ledger` (the purse cannot be read or written). */
export type NoAnswer = FailureKind | 'calls' | 'ledger'

/** What the model said. `record` is null where it was not called. */
export type ModelAnswer = { readonly record: ModelCallRecord | null } & (
  | { readonly ok: true; readonly candidate: Candidate | null; readonly reason: string }
  | { readonly ok: false; readonly kind: NoAnswer; readonly reason: string }
)

/** What a call is made with. */
export type ModelStep = {
  readonly gate: (calls: readonly PaidCall[]) => Gate
  readonly model: string
  readonly maxTokens: number
  readonly callsPerHour: number
  /** The ledger of the calls. */
  readonly file: string
  readonly actions: ReadonlyMap<string, Action>
  readonly redact: (text: string) => string
  readonly worstUsd: (request: ModelRequest) => number
  readonly now: () => Instant
  readonly bootId: string
}

/** What is asked. */
export type ModelQuestion = {
  readonly shown: string
  readonly candidates: readonly Candidate[]
  readonly told: readonly Told[]
  /** Fires when the time of this recovery is over. */
  readonly signal: AbortSignal
}

/** How the calls of recovery are named in the ledgers. */
const WHO = { run: 'recovery', session: 'recovery' }
/** Longest sentence that is kept of a model, in characters. */
const MAX_REASON = 300
/** Calls that were turned away, or answered by a whole refusal. */
const NEVER_BEGUN: ReadonlySet<FailureKind> = new Set(['unauthorized', 'rate-limited', 'overloaded', 'refused'])

/** Asks once. Never throws for what a provider, a disk or a model does. */
export async function choose(step: ModelStep, question: ModelQuestion): Promise<ModelAnswer> {
  const { candidates, signal } = question
  const request = requestFor(step, question)
  const begun = begin(step, request)
  if (!begun.ok) return { ...begun, record: null }
  const asked = await begun.gate.ask(request, { ...WHO, signal, onText: () => {} })
  // The whole answer must be here in time: one that comes later is none.
  const result: GateResult = signal.aborted
    ? { ...asked, ok: false, kind: 'timeout', reason: 'the time was over' }
    : asked
  endCall(step.file, begun.id, countedUsd(result, begun.worstUsd), step.now())
  const record = recordOf(step, result)
  if (!result.ok) return { ok: false, kind: result.kind, reason: kept(step, result.reason), record }
  if (!isChoice(result.toolInput)) return { ok: false, kind: 'bad-answer', reason: 'the answer is no choice', record }
  const { choice, reason } = result.toolInput
  const candidate = candidates.find(({ id }) => id === choice)
  if (!candidate && choice !== NO_CHOICE)
    return { ok: false, kind: 'bad-answer', reason: 'the choice is not in the list', record }
  return { ok: true, candidate: candidate ?? null, reason: kept(step, reason), record }
}

function requestFor(
  { model, maxTokens, actions, redact }: ModelStep,
  { shown, candidates, told }: ModelQuestion,
): ModelRequest {
  const text = redact(questionOf(shown, candidates, { actions, told }))
  return { model, maxTokens, system: SYSTEM, turns: [{ role: 'user', text }], tool: toolFor(candidates) }
}

type Begun =
  | { readonly ok: true; readonly id: string; readonly gate: Gate; readonly worstUsd: number }
  | { readonly ok: false; readonly kind: NoAnswer; readonly reason: string }

/** Every reason not to call, before anything is sent. */
function begin(step: ModelStep, request: ModelRequest): Begun {
  const read = readCalls(step.file)
  if (!read.ok) return { ok: false, kind: 'ledger', reason: read.reason }
  const gate = step.gate(read.calls)
  const obstacle = gate.check(request, WHO)
  if (obstacle) return { ok: false, ...obstacle }
  const now = step.now()
  const calls = callsLastHour(read.calls, now, step.bootId)
  if (calls >= step.callsPerHour) return { ok: false, kind: 'calls', reason: `${calls} calls within one hour` }
  const worstUsd = step.worstUsd(request)
  try {
    return { ok: true, id: beginCall(step.file, worstUsd, now), gate, worstUsd }
  } catch (error) {
    return { ok: false, kind: 'ledger', reason: error instanceof Error ? error.message : String(error) }
  }
}

/** What a provider did not begin to answer is free; what it did not end may have cost everything. */
function countedUsd(result: GateResult, worstUsd: number): number {
  if (result.ok || NEVER_BEGUN.has(result.kind)) return result.costUsd
  return Math.max(worstUsd, result.costUsd)
}

function recordOf({ model, now }: ModelStep, result: GateResult): ModelCallRecord {
  const { usage, costUsd, latencyMs } = result
  const outcome = result.ok ? 'ok' : result.kind
  return {
    at: now().at,
    model,
    outcome,
    inputTokens: usage.inputTokens,
    outputTokens: usage.outputTokens,
    costUsd,
    latencyMs,
  }
}

/** Masked first: cutting first could leave half of a secret that no mask knows. */
function kept({ redact }: ModelStep, text: string): string {
  return shortVisible(redact(text), MAX_REASON)
}
