/** One model call of a run, with its two events. */
import type { AssistantTurn, Native, ToolCall } from '../../model/modelCall.ts'
import type { ModelAnswer, RunEnd, RunEventBody } from '../journal/event.ts'
import { foldEvent, type Run } from './fold.ts'
import type { LiveRun } from './liveRun.ts'
import { type LoopRules, next } from './next.ts'
import type { Caller, LoopAnswer, LoopRequest, RunsDependencies } from './ports.ts'

/** For whom the calls of a run are made. */
export function callerOf({ run, session, message: { job, limits } }: Pick<Run, 'run' | 'session' | 'message'>): Caller {
  return {
    run,
    session,
    ...(job === undefined ? {} : { job }),
    ...(limits === undefined ? {} : { limits }),
  }
}

/** Which model a run wishes for. */
export function wishOf({ message: { model, task } }: Pick<Run, 'message'>): Pick<LoopRequest, 'model' | 'task'> {
  return { ...(model === undefined ? {} : { model }), ...(task === undefined ? {} : { task }) }
}

/**
 * Asks the model and writes down what came. Where the run ends with it, its end is stored in the same transaction.
 * A call that was cut off because this process leaves is no end: the successor asks again.
 */
export async function askModel(live: LiveRun, rules: LoopRules, { gate, assemble }: RunsDependencies): Promise<void> {
  const { tape } = live
  const run = tape.run()
  const request = { ...(await assemble(run, tape.events())), ...wishOf(run) }
  // That may have taken its time: whoever stopped the run meanwhile pays for no call.
  if (live.signal.aborted) return
  const { provider, model, why } = gate.plan(request)
  const { task } = run.message
  const asked = tape.write({
    type: 'model_asked',
    data: { model, provider, turns: request.turns.length, why, ...(task === undefined ? {} : { task }) },
  })
  // Nothing depends on this event: it is waited for together with the answer.
  asked.catch(() => {})
  live.beginAnswer()
  const result = await gate.ask(request, {
    ...callerOf(run),
    priority: run.message.by ?? 'person',
    signal: live.signal,
    onText: live.push,
  })
  await asked
  const answered: RunEventBody = { type: 'model_answered', data: answerOf(result, tape.run()) }
  const end = result.ok ? endAfter(tape.run(), answered, rules) : endOf(result, live.signal)
  const isSteeredMeanwhile = tape.pending() !== undefined
  await tape.write(answered, ...(end && !isSteeredMeanwhile ? [{ type: 'run_ended' as const, data: end }] : []))
  // The failure of a call ends the run, whatever was added to it meanwhile.
  if (end && isSteeredMeanwhile && !result.ok) await tape.write({ type: 'run_ended', data: end })
}

/** Does the run end with this answer? */
function endAfter(run: Run, answered: RunEventBody, rules: LoopRules): RunEnd | undefined {
  const after = foldEvent(run, { ...answered, seq: 0, run: run.run, session: run.session, at: '' })
  const step = after && next(after, rules)
  return step?.do === 'end' ? step.end : undefined
}

function endOf(result: Extract<LoopAnswer, { ok: false }>, signal: AbortSignal): RunEnd | undefined {
  const { kind, reason } = result
  if (kind === 'cancelled') return signal.reason === 'leaving' ? undefined : { finish: 'cancelled' }
  return kind === 'budget' ? { finish: 'budget', reason } : { finish: 'failed', kind, reason }
}

function answerOf(result: LoopAnswer, run: Run): ModelAnswer {
  const { usage, costUsd, latencyMs, model, provider, isPriced, warning } = result
  const common = {
    ...{ model, provider, usage, costUsd, latencyMs },
    ...(isPriced === false ? { isPriced } : {}),
    ...(warning ? { warning } : {}),
  }
  if (!result.ok) return { ...common, text: null, stopReason: result.kind }
  const { text, stop, stopReason } = result
  const { calls, native } = withOwnIds(result, run)
  return {
    ...common,
    text,
    ...(calls.length > 0 ? { calls } : {}),
    ...(native ? { native } : {}),
    stop,
    stopReason,
  }
}

type Called = { readonly calls: readonly ToolCall[]; readonly native?: AssistantTurn['native'] }

/**
 * Ids of calls are the provider's, and some providers count from zero in every answer. Within a run they must differ, because a finished call is known by its id:
 * where they do not, they get ids of ours, and what the provider wrote itself is not sent back, since it has the others.
 */
function withOwnIds(
  { calls, native }: Called,
  { callIds, rounds }: Run,
): { calls: readonly ToolCall[]; native?: Native } {
  const ids = calls.map(({ id }) => id)
  const areOwn = new Set(ids).size === ids.length && ids.every((id) => id !== '' && !callIds.has(id))
  if (areOwn) return native ? { calls, native } : { calls }
  return { calls: calls.map((call, index) => ({ ...call, id: `call_${rounds + 1}_${index + 1}` })) }
}
