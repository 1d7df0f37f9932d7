/** What is done with the calls of a model: judged, asked about, run, and answered. Every step is written down before the next one. */
import type { RunEventBody, ToolEnded } from '../journal/event.ts'
import { keyOf } from './callKey.ts'
import type { CallState, Run } from './fold.ts'
import type { LiveRun } from './liveRun.ts'
import { nextOfCall } from './next.ts'
import type { AskedCall, LoopTool, RunsDependencies } from './ports.ts'

/** Longest piece of broken arguments that a model is shown again, in characters. */
const MAX_BROKEN = 300

const UNKNOWN = `The outcome of this call is unknown: it had begun when the agent was ended, and it may have had its effect. \
It was not begun again. Look whether it had its effect before you decide what to do.`

/** Judges calls, and answers at once those that are never run. */
export async function decideCalls(live: LiveRun, states: readonly CallState[], parts: RunsDependencies): Promise<void> {
  await parts.gates.ready?.()
  await live.tape.write(...states.flatMap((state) => decide(live.tape.run(), state, parts)))
}

function decide(run: Run, { call }: CallState, parts: RunsDependencies): RunEventBody[] {
  const checked = checkCall(call, parts)
  if (!checked.ok) return [endedBy(call, { ok: false, how: 'invalid', text: checked.reason })]
  const { tool, input } = checked
  if (run.message.dryRun && (tool.safety !== 'pure' || tool.risk > 0)) {
    const text = `Dry run: this was not done. It would have been: ${call.name} ${JSON.stringify(input)}`
    return [endedBy(call, { ok: true, how: 'dry', text })]
  }
  const attended = isAttended(run)
  const { verdict, rule, reason, plan } = parts.gates.judge({
    tool: call.name,
    input,
    session: run.session,
    job: run.message.job,
    approve: run.message.approve,
    attended,
  })
  const facts = { call: call.id, tool: call.name, rule }
  if (verdict !== 'ask') return [{ type: 'gate_decided', data: { ...facts, verdict, reason } }]
  if (!attended) {
    const nobody = `${reason}; nobody is there who could be asked`
    return [{ type: 'gate_decided', data: { ...facts, verdict: 'deny', reason: nobody } }]
  }
  const asked = parts.approvals.ask({ ...deedOf(run, call.id, { tool, input }), plan, reason })
  return asked.ok
    ? [{ type: 'gate_decided', data: { ...facts, verdict: 'ask', reason, plan, approval: asked.id } }]
    : [
        {
          type: 'gate_decided',
          data: { ...facts, verdict: 'deny', reason: `it cannot be asked about: ${asked.reason}` },
        },
      ]
}

/** A job has nobody in front of it, and neither has a run that was told beforehand what needs no asking. */
function isAttended({ message: { attended, by, approve } }: Run): boolean {
  return approve === undefined && (attended ?? by !== 'job')
}

/** Works on calls at once, each until it has ended or nothing more can be done now. */
export async function workOnCalls(live: LiveRun, states: readonly CallState[], parts: RunsDependencies): Promise<void> {
  const results = await Promise.allSettled(states.map((state) => workOnCall(live, state, parts)))
  const failed = results.find((result) => result.status === 'rejected')
  if (failed) throw failed.reason
}

async function workOnCall(live: LiveRun, state: CallState, parts: RunsDependencies): Promise<void> {
  const { call, decision } = state
  switch (nextOfCall(state)) {
    case 'unknown':
      return live.tape.write(endedBy(call, { ok: false, how: 'unknown', text: UNKNOWN }))
    case 'refuse':
      return live.tape.write(refusal(state, decision?.reason ?? 'nobody allowed it'))
    case 'wait':
      return waitForPerson(live, state, parts)
    case 'run':
      return runCall(live, state, parts)
  }
}

async function waitForPerson(live: LiveRun, state: CallState, parts: RunsDependencies): Promise<void> {
  const { call, decision } = state
  const id = decision?.approval ?? ''
  live.noteWaiting()
  const said = await parts.approvals.wait(id, AbortSignal.any([live.signal, live.pausing]))
  if (said === 'withdrawn') return
  const facts = { call: call.id, tool: call.name, rule: decision?.rule ?? '', approval: id }
  const allowed =
    said === 'approved' ? useYes(live.tape.run(), state, parts) : { ok: false as const, reason: WORDS[said] }
  if (allowed.ok) {
    await live.tape.write({ type: 'gate_decided', data: { ...facts, verdict: 'allow', reason: 'a person allowed it' } })
    return runCall(live, state, parts)
  }
  const { reason } = allowed
  await live.tape.write({ type: 'gate_decided', data: { ...facts, verdict: 'deny', reason } }, refusal(state, reason))
}

const WORDS = { denied: 'a person said no', expired: 'nobody answered in time' } as const

function useYes(run: Run, { call, decision }: CallState, parts: RunsDependencies) {
  const checked = checkCall(call, parts)
  if (!checked.ok) return checked
  const asked = { ...deedOf(run, call.id, checked), plan: '', reason: '' }
  return parts.approvals.use(decision?.approval ?? '', asked)
}

async function runCall(live: LiveRun, { call }: CallState, parts: RunsDependencies): Promise<void> {
  const { tape } = live
  const checked = checkCall(call, parts)
  if (!checked.ok) return tape.write(endedBy(call, { ok: false, how: 'invalid', text: checked.reason }))
  const { tool, input } = checked
  const { run, session } = tape.run()
  const key = keyOf(run, call.id)
  const started = tape.write({
    type: 'tool_started',
    data: { call: call.id, tool: call.name, safety: tool.safety, key },
  })
  // What changes something is on record before it begins; for what only looks the record may come a moment later.
  if (tool.safety === 'pure') started.catch(() => {})
  else await started
  const report = await parts.runner.run(
    { tool: call.name, input, key, run, session, attended: isAttended(tape.run()) },
    live.signal,
  )
  await started
  // Cut off because this process leaves: the successor decides by what the tool says of itself.
  if (live.signal.reason === 'leaving' && report.how !== 'done') return
  const { ok, text, rest, how, tookMs } = report
  return tape.write(endedBy(call, { ok, text, how, tookMs, ...(rest === undefined ? {} : { rest }) }))
}

type Checked =
  | { readonly ok: true; readonly tool: LoopTool; readonly input: unknown }
  | { readonly ok: false; readonly reason: string }

/** May this be run at all? The reason is for the model, so that it can mend its call. */
function checkCall({ name, input, broken }: CallState['call'], { tools, runner }: RunsDependencies): Checked {
  const available = runner.available()
  const tool = available.includes(name) ? tools().get(name) : undefined
  if (!tool) return { ok: false, reason: `There is no tool ${name}. There are: ${available.join(', ') || 'none'}.` }
  if (broken !== undefined) {
    const shown = broken.length > MAX_BROKEN ? `${broken.slice(0, MAX_BROKEN)}…` : broken
    return { ok: false, reason: `Nothing was done: the arguments are no JSON object. They began: ${shown}` }
  }
  const parsed = tool.schema.safeParse(input)
  if (parsed.success) return { ok: true, tool, input: parsed.data }
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'arguments'}: ${message}`)
  return { ok: false, reason: `Nothing was done: the arguments do not fit. ${problems.join('; ')}` }
}

function deedOf(
  { run }: Run,
  call: string,
  { tool, input }: { tool: LoopTool; input: unknown },
): Omit<AskedCall, 'plan' | 'reason'> {
  return { run, call, tool: tool.name, input, sourceHash: tool.sourceHash }
}

function refusal({ call }: CallState, reason: string): RunEventBody {
  const text = `This was not allowed: ${reason}. Do not try it in another way; do without it, or say what you would need.`
  return endedBy(call, { ok: false, how: 'refused', text })
}

function endedBy(
  { id, name }: CallState['call'],
  end: Pick<ToolEnded, 'ok' | 'how' | 'text'> & Partial<Pick<ToolEnded, 'rest' | 'tookMs'>>,
): RunEventBody {
  return { type: 'tool_ended', data: { call: id, tool: name, tookMs: 0, ...end } }
}
