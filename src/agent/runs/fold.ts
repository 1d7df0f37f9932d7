/** PURE. A run is what its events say. Folding the same events gives the same run, one at a time or all at once. */
import type { ToolCall } from '../../model/modelCall.ts'
import type {
  GateDecision,
  MessageIn,
  ModelAnswer,
  RunEnd,
  RunEvent,
  ToolEnded,
  ToolStarted,
} from '../journal/event.ts'

/** A call of the last answer, as far as it has come. */
export type CallState = {
  readonly call: ToolCall
  /** The newest verdict. */
  readonly decision: GateDecision | null
  /** The newest attempt. */
  readonly started: ToolStarted | null
  readonly ended: ToolEnded | null
}

/** A run as far as it has come. */
export type Run = {
  readonly run: string
  readonly session: string
  readonly startedAt: string
  readonly message: MessageIn
  readonly question: string
  /** The last answer of the model, once there is one. */
  readonly answer: (ModelAnswer & { readonly text: string }) | null
  /** What a person reads as the answer: the last one, with the parts before it where it was cut and went on. */
  readonly text: string | null
  /** The calls of the last answer, in its order. */
  readonly calls: readonly CallState[]
  /** Answers of the model so far. */
  readonly rounds: number
  /** Ids of all calls so far. */
  readonly callIds: ReadonlySet<string>
  /** How often each call (by {@link signatureOf}) was made since another one changed something. */
  readonly repeats: ReadonlyMap<string, number>
  /** Failures of tools in a row that the model was not told to think about. */
  readonly failuresInRow: number
  /** The model was told once to go on after its answer was cut. */
  readonly isNudged: boolean
  /** Something was said to the model that it has not heard yet, beside the ends of its calls. */
  readonly isUnheard: boolean
  /** Ids of what was added to the run. */
  readonly steered: readonly string[]
  /** A person wishes it to stop. */
  readonly isCancelled: boolean
  readonly end: RunEnd | null
  /** Of all its model calls, failed ones too. */
  readonly costUsd: number
}

/** How a call that failed on its own account ended. A refusal, a wish to stop and an unknown end are no failures to think about. */
const FAILURES: readonly ToolEnded['how'][] = ['done', 'deadline', 'killed', 'invalid']

/** Folds the events of one run; undefined when there are none. */
export function foldRun(events: readonly RunEvent[]): Run | undefined {
  return events.reduce<Run | undefined>(foldEvent, undefined)
}

/** A run after one more event. What comes before the message, or after the end, changes nothing. */
export function foldEvent(run: Run | undefined, event: RunEvent): Run | undefined {
  if (!run) return event.type === 'message_in' ? begun(event.data, event) : undefined
  if (run.end) return run
  switch (event.type) {
    case 'steered': {
      const { id } = event.data
      return { ...run, isUnheard: true, steered: id === undefined ? run.steered : [...run.steered, id] }
    }
    case 'hinted':
      return event.data.kind === 'nudge'
        ? { ...run, isUnheard: true, isNudged: true }
        : { ...run, isUnheard: true, failuresInRow: 0 }
    case 'model_asked':
      // What comes while the model answers is heard with the next call.
      return { ...run, isUnheard: false }
    case 'model_answered':
      return answered(run, event.data)
    case 'gate_decided':
      return withCall(run, event.data.call, { decision: event.data })
    case 'tool_started':
      return withCall(run, event.data.call, { started: event.data })
    case 'tool_ended':
      return ended(run, event.data)
    case 'cancel_asked':
      return { ...run, isCancelled: true }
    case 'run_ended':
      return { ...run, end: event.data }
    default:
      return run
  }
}

/** Names what a call does: two calls with the same name and arguments have the same. */
export function signatureOf({ name, input, broken }: ToolCall): string {
  return `${name} ${broken ?? JSON.stringify(input ?? null)}`
}

function begun(message: MessageIn, { run, session, at }: RunEvent): Run {
  return {
    run,
    session,
    startedAt: at,
    message,
    question: message.text,
    answer: null,
    text: null,
    calls: [],
    rounds: 0,
    callIds: new Set(),
    repeats: new Map(),
    failuresInRow: 0,
    isNudged: false,
    isUnheard: false,
    steered: [],
    isCancelled: false,
    end: null,
    costUsd: 0,
  }
}

function answered(run: Run, answer: ModelAnswer): Run {
  const costUsd = run.costUsd + answer.costUsd
  const { text } = answer
  if (text === null) return { ...run, costUsd }
  const calls = answer.calls ?? []
  const repeats = new Map(run.repeats)
  for (const call of calls) repeats.set(signatureOf(call), (repeats.get(signatureOf(call)) ?? 0) + 1)
  const goesOn = run.answer?.stop === 'max-tokens' && run.calls.length === 0
  return {
    ...run,
    costUsd,
    answer: { ...answer, text },
    text: goesOn ? `${run.text ?? ''}${text}` : text,
    calls: calls.map((call) => ({ call, decision: null, started: null, ended: null })),
    rounds: run.rounds + 1,
    callIds: new Set([...run.callIds, ...calls.map(({ id }) => id)]),
    repeats,
  }
}

function withCall(run: Run, id: string, news: Partial<CallState>): Run {
  return { ...run, calls: run.calls.map((state) => (state.call.id === id ? { ...state, ...news } : state)) }
}

function ended(run: Run, end: ToolEnded): Run {
  const state = run.calls.find(({ call }) => call.id === end.call)
  if (!state || state.ended) return run
  const failed = !end.ok && FAILURES.includes(end.how)
  const failuresInRow = failed ? run.failuresInRow + 1 : end.ok ? 0 : run.failuresInRow
  const isChange = end.ok && state.started !== null && state.started.safety !== 'pure'
  const own = signatureOf(state.call)
  const repeats = isChange ? new Map([...run.repeats].filter(([name]) => name === own)) : run.repeats
  return { ...withCall(run, end.call, { ended: end }), failuresInRow, repeats }
}
