/**
 * PURE. Folds events of the journal into steps. Each event either adds a step or completes an earlier one of the same run; an event that fits nowhere
 * is still shown, so that nothing that happened is left out. Fields of another kind than expected count as missing.
 */
import { callsIn, numberIn, type RecordedEvent, textIn } from '../../../../../src/shared/sessions/recorded.ts'
import type { ModelStep, Place, Step, ToolStep, Verdict } from './step.ts'

/** Puts more events to those that are known: each once, in the order of the journal. */
export function mergeEvents(known: readonly RecordedEvent[], more: readonly RecordedEvent[]): readonly RecordedEvent[] {
  const last = known.at(-1)?.seq ?? 0
  if (more.length === 0) return known
  if (more.every(({ seq }, at) => seq > (more[at - 1]?.seq ?? last))) return [...known, ...more]
  const bySeq = new Map([...known, ...more].map((event) => [event.seq, event]))
  return [...bySeq.values()].toSorted((a, b) => a.seq - b.seq)
}

/** The steps of events that lie in the order of the journal. */
export function foldSteps(events: readonly RecordedEvent[]): readonly Step[] {
  const folded: Folded = { steps: [], calls: new Map(), asking: new Map() }
  for (const event of events) (FOLDERS.get(event.type) ?? addOther)(folded, event)
  return folded.steps
}

/** `calls`: where the step of a tool call stands, by run and call. `asking`: where the open model call of a run stands. */
type Folded = {
  readonly steps: Step[]
  readonly calls: Map<string, number>
  readonly asking: Map<string, number>
}

type Folder = (folded: Folded, event: RecordedEvent) => void

const FOLDERS: ReadonlyMap<string, Folder> = new Map<string, Folder>([
  ['message_in', addQuestion],
  ['steered', (folded, event) => addSaid(folded, event, 'steered')],
  ['hinted', (folded, event) => addSaid(folded, event, 'hinted')],
  ['model_asked', addAsking],
  ['model_answered', completeModel],
  ['gate_decided', addVerdict],
  ['tool_started', (folded, event) => changeTool(folded, event, { state: 'running' })],
  ['tool_ended', endTool],
  ['run_ended', addEnd],
])

function placeOf({ seq, at }: RecordedEvent): Place {
  return { seq, lastSeq: seq, at }
}

function addQuestion({ steps }: Folded, event: RecordedEvent): void {
  const { data } = event
  const rerun = data['rerunOf']
  const rerunOf = typeof rerun === 'object' && rerun !== null ? textIn(rerun as RecordedEvent['data'], 'run') : ''
  const by = textIn(data, 'by') || 'person'
  steps.push({ ...placeOf(event), kind: 'asked', text: textIn(data), by, model: textIn(data, 'model'), rerunOf })
}

function addSaid({ steps }: Folded, event: RecordedEvent, kind: 'steered' | 'hinted'): void {
  steps.push({ ...placeOf(event), kind, text: textIn(event.data) })
}

function addAsking({ steps, asking }: Folded, event: RecordedEvent): void {
  asking.set(event.run, steps.length)
  steps.push(openModel(event))
}

function openModel(event: RecordedEvent): ModelStep {
  return {
    ...placeOf(event),
    kind: 'model',
    state: 'asking',
    model: modelIn(event.data),
    why: textIn(event.data, 'why'),
    ...{ text: '', warning: '', stopReason: '' },
    ...{ inputTokens: null, cachedTokens: null, outputTokens: null, costUsd: null, latencyMs: null },
  }
}

function modelIn(data: RecordedEvent['data']): string {
  const provider = textIn(data, 'provider')
  return provider === '' ? textIn(data, 'model') : `${provider}/${textIn(data, 'model')}`
}

function completeModel(folded: Folded, event: RecordedEvent): void {
  const { steps, asking } = folded
  const { data, seq } = event
  const at = asking.get(event.run) ?? steps.length
  const open = steps[at]
  asking.delete(event.run)
  const base = open?.kind === 'model' ? open : openModel(event)
  const answered = typeof data['text'] === 'string'
  steps[at] = {
    ...base,
    lastSeq: seq,
    state: answered ? 'answered' : 'failed',
    model: modelIn(data) || base.model,
    text: textIn(data),
    warning: textIn(data, 'warning'),
    stopReason: textIn(data, 'stopReason'),
    ...tokensIn(data),
    costUsd: data['isPriced'] === false ? null : knownNumber(data, 'costUsd'),
    latencyMs: knownNumber(data, 'latencyMs'),
  }
  for (const { id, name, input, broken } of callsIn(data)) {
    toolAt(folded, event, { call: String(id), tool: String(name), input: broken ?? printed(input) })
  }
}

function tokensIn(data: RecordedEvent['data']): Pick<ModelStep, 'inputTokens' | 'cachedTokens' | 'outputTokens'> {
  const given = data['usage']
  if (typeof given !== 'object' || given === null) return { inputTokens: null, cachedTokens: null, outputTokens: null }
  const usage = given as RecordedEvent['data']
  const cachedTokens = numberIn(usage, 'cacheReadTokens')
  const inputTokens = numberIn(usage, 'inputTokens') + cachedTokens + numberIn(usage, 'cacheWriteTokens')
  return { inputTokens, cachedTokens, outputTokens: numberIn(usage, 'outputTokens') }
}

function knownNumber(data: RecordedEvent['data'], field: string): number | null {
  return typeof data[field] === 'number' ? numberIn(data, field) : null
}

/** Arguments as they would be written: one text stands for itself, everything else is JSON. */
function printed(input: unknown): string {
  return typeof input === 'string' ? input : (JSON.stringify(input, null, 2) ?? '')
}

/** Where the step of a call stands; made where there is none yet. */
function toolAt(
  { steps, calls }: Folded,
  event: RecordedEvent,
  { call, tool, input }: Pick<ToolStep, 'call' | 'tool' | 'input'>,
): number {
  const key = JSON.stringify([event.run, call])
  const known = calls.get(key)
  if (known !== undefined) return known
  const unknown = { output: '', rest: '', ok: null, how: '', tookMs: null }
  calls.set(key, steps.length)
  steps.push({ ...placeOf(event), kind: 'tool', state: 'wished', call, tool, input, verdicts: [], ...unknown })
  return steps.length - 1
}

function changeTool(folded: Folded, event: RecordedEvent, change: Partial<ToolStep>): void {
  const { data, seq } = event
  const at = toolAt(folded, event, { call: textIn(data, 'call'), tool: textIn(data, 'tool'), input: '' })
  const step = folded.steps[at]
  if (step?.kind === 'tool') folded.steps[at] = { ...step, ...change, lastSeq: seq }
}

function addVerdict(folded: Folded, event: RecordedEvent): void {
  const { data } = event
  const at = toolAt(folded, event, { call: textIn(data, 'call'), tool: textIn(data, 'tool'), input: '' })
  const step = folded.steps[at]
  const verdict: Verdict = {
    verdict: textIn(data, 'verdict'),
    rule: textIn(data, 'rule'),
    reason: textIn(data, 'reason'),
    plan: textIn(data, 'plan'),
    approval: textIn(data, 'approval'),
  }
  const verdicts = [...(step?.kind === 'tool' ? step.verdicts : []), verdict]
  changeTool(folded, event, { verdicts, state: verdict.verdict === 'ask' ? 'waiting' : 'wished' })
}

function endTool(folded: Folded, event: RecordedEvent): void {
  const { data } = event
  changeTool(folded, event, {
    state: 'ended',
    output: textIn(data),
    rest: textIn(data, 'rest'),
    ok: typeof data['ok'] === 'boolean' ? data['ok'] : null,
    how: textIn(data, 'how'),
    tookMs: knownNumber(data, 'tookMs'),
  })
}

function addEnd({ steps }: Folded, event: RecordedEvent): void {
  const { data } = event
  steps.push({ ...placeOf(event), kind: 'ended', finish: textIn(data, 'finish'), reason: textIn(data, 'reason') })
}

function addOther({ steps }: Folded, event: RecordedEvent): void {
  const { data, type } = event
  const text = type === 'session_changed' ? (printedChange(data) ?? printed(data)) : printed(data)
  steps.push({ ...placeOf(event), kind: 'other', type, text })
}

/** What a change of the session says beside its kind. */
function printedChange(data: RecordedEvent['data']): string | undefined {
  const shown = textIn(data, 'name') || textIn(data, 'summary') || textIn(data, 'from')
  return shown === '' ? undefined : shown
}
