/**
 * TIER 4: one run of recovery, from the facts to an action that held, or to a person.
 *
 *   finish what was interrupted → facts and evidence → what a person said yes to → runbook → learned rules → model → a question to a person → a person
 *
 * Who names an action decides nothing: every proposal passes the same judge and the same hands. What is done is proved or undone by the hands; whether
 * it helped is seen by the watchdog.
 */
import { canonicalJson } from '../shared/canonicalJson.ts'
import { judgeIn, type Run, record, tryOne } from './attempt.ts'
import type { Ending, Recovered, RecoveryPorts } from './ports.ts'
import type { Order, Proposal } from './proposal.ts'
import { type Candidate, candidatesOf } from './propose/candidates.ts'

/** Most calls of a model in one run; the second one only after a choice that was refused or failed. */
const MAX_CALLS = 2
/** What "none" stands for in the record. */
const NOTHING = { action: 'none', args: {} }

/** Runs it. Never throws for what a damaged installation can cause. */
export async function recover(order: Order, ports: RecoveryPorts): Promise<Recovered> {
  const nothing = { evidence: null, proposals: [], modelCalls: [] }
  const [broken] = ports.brokenExamples()
  if (broken !== undefined) return { ...nothing, ending: { how: 'broken', reason: broken } }
  const finished = await ports.finishInterrupted()
  if (!finished.ok) return { ...nothing, ending: { how: 'busy' } }
  const evidence = await ports.observe()
  const run: Run = { order, ports, evidence, proposals: [], modelCalls: [], questions: [], told: [] }
  const ending = isHealthy(run) ? { how: 'well' as const } : await tryAll(run)
  // What a kill had interrupted and was now completed is a repair like any other.
  const isMended = finished.finished?.ok === true && ending.how === 'exhausted'
  return {
    ending: isMended ? { how: 'done' } : ending,
    evidence: run.evidence,
    proposals: run.proposals,
    modelCalls: run.modelCalls,
  }
}

/** Nobody complains and the agent lives: nothing is repaired, whoever asks. */
function isHealthy({ order, evidence }: Run): boolean {
  return order.fault === null && order.symptom === null && evidence.facts.isAgentAlive
}

async function tryAll(run: Run): Promise<Ending> {
  const { ports, order } = run
  const named =
    (await tryEach(run, ports.approvals.approved(order.incident))) ??
    (await tryEach(run, ports.consultRunbook(run.evidence))) ??
    (await tryEach(run, ports.consultLearned(run.evidence)))
  if (named && named.how !== 'alert') return named
  // A question that waits is answered by a person, not by another guess.
  const model = named ?? (run.questions.length > 0 ? undefined : await askModel(run))
  return askPerson(run) ?? model ?? { how: 'exhausted', model: 'unasked' }
}

async function tryEach(run: Run, proposals: readonly Proposal[]): Promise<Ending | undefined> {
  for (const proposal of proposals) {
    const ending = await tryOne(run, proposal)
    if (ending) return ending
  }
  return undefined
}

/** At most two short calls; the second is told what became of the first choice, in closed words. */
async function askModel(run: Run): Promise<Ending> {
  const { choose, noModel } = run.ports
  if (!choose) return { how: 'exhausted', model: noModel }
  const chosen = new Set<string>()
  for (let call = 0; call < MAX_CALLS; call++) {
    const ending = await oneCall(run, choose, chosen)
    if (ending) return ending
    // It named what only a person may allow: that is an answer too.
    if (run.questions.length > 0) break
  }
  return { how: 'exhausted', model: 'in-vain' }
}

type Choose = Exclude<RecoveryPorts['choose'], null>

/** Undefined where its choice did not hold, so that it may be asked once more. */
async function oneCall(run: Run, choose: Choose, chosen: Set<string>): Promise<Ending | undefined> {
  const { signal } = run.ports
  if (signal.aborted) return { how: 'late' }
  const candidates = candidatesIn(run).filter((candidate) => !chosen.has(nameOf(candidate)))
  if (candidates.length === 0) return { how: 'exhausted', model: chosen.size === 0 ? 'no-choice' : 'in-vain' }
  const answer = await choose({ shown: run.evidence.shown, candidates, told: run.told, signal })
  if (answer.record) run.modelCalls.push(answer.record)
  if (!answer.ok) return { how: 'exhausted', model: answer.kind }
  const { candidate, reason } = answer
  const { action, args } = candidate ?? NOTHING
  const proposal: Proposal = { by: 'model', rule: null, action, args, reason }
  if (candidate) {
    chosen.add(nameOf(candidate))
    return tryOne(run, proposal)
  }
  record(run, proposal, { verdict: 'allowed', ok: true })
  return { how: 'exhausted', model: 'chose-none' }
}

function nameOf({ action, args }: Pick<Candidate, 'action' | 'args'>): string {
  return `${action} ${canonicalJson(args)}`
}

function candidatesIn(run: Run) {
  return candidatesOf(run.evidence.facts, run.ports.actions, (action, args) => judgeIn(run, action, args))
}

/** The first thing that only a person may allow; one question at a time is enough. */
function askPerson({ questions, ports, order }: Run): Ending | undefined {
  for (const { proposal, args, plan } of questions) {
    const asked = ports.approvals.ask(proposal, args, { plan, incident: order.incident })
    if (asked.ok) return { how: 'waiting', approval: asked.id, plan }
  }
  return undefined
}
