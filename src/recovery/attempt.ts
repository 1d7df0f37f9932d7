/** One proposal on its way: judged, asked about, carried out, written down. The same way for a rule, for what was learned and for a model. */
import type { JsonValue } from '../repair/journal.ts'
import type { ModelCallRecord, ProposalRecord } from '../shared/recoveryResult.ts'
import { isWord, type Judgement, judge } from './judge.ts'
import type { Deed, Ending, Executed, RecoveryPorts } from './ports.ts'
import { faultWord, type Order, type Proposal, type SeenEvidence } from './proposal.ts'
import type { Told } from './propose/prompt.ts'

/** One run on its way. Grows with every proposal. */
export type Run = {
  readonly order: Order
  readonly ports: RecoveryPorts
  evidence: SeenEvidence
  readonly proposals: ProposalRecord[]
  readonly modelCalls: ModelCallRecord[]
  /** What only a person may allow, in the order in which it was named. */
  readonly questions: { readonly proposal: Proposal; readonly args: JsonValue; readonly plan: string }[]
  /** What was named and did not hold, by action and arguments. */
  readonly told: Told[]
}

/** Judges one proposal and, where it may be, does it. Undefined where the next one should be tried. */
export async function tryOne(run: Run, proposal: Proposal): Promise<Ending | undefined> {
  if (run.ports.signal.aborted) return { how: 'late' }
  const judgement = judgeIn(run, proposal.action, proposal.args)
  if (judgement.verdict === 'refused') return refuse(run, proposal, judgement.reason)
  if (isWord(proposal.action)) {
    record(run, proposal, { verdict: 'allowed', ok: true })
    return { how: 'alert', rule: proposal.rule }
  }
  if (judgement.verdict === 'allowed') return carryOut(run, proposal, { judgement, approval: null })
  const answer = run.ports.approvals.answerTo(proposal, judgement.args, run.order.incident)
  if (answer.state === 'approved') return carryOut(run, proposal, { judgement, approval: answer.id })
  if (answer.state === 'denied') return refuse(run, proposal, `a person said no (${answer.id})`)
  const plan = judgement.action.plan(judgement.args)
  run.questions.push({ proposal, args: judgement.args, plan })
  record(run, proposal, { verdict: 'waiting', reason: judgement.reason })
  return undefined
}

/** Judges in the light of what is known now. */
export function judgeIn({ ports, evidence, order }: Run, action: string, args: unknown): Judgement {
  const { actions, autonomy, corroborates, triesAgainst } = ports
  const triedLately = triesAgainst(faultWord(evidence, order))
  return judge(
    { action, args },
    { actions, autonomy, corroborates, triedLately, facts: evidence.facts, isHealthy: false },
  )
}

function refuse(run: Run, proposal: Proposal, reason: string): undefined {
  record(run, proposal, { verdict: 'refused', reason })
  run.told.push({ action: proposal.action, why: 'refused' })
}

/** Writes one proposal down. */
export function record(
  run: Run,
  proposal: Proposal,
  facts: Partial<ProposalRecord> & Pick<ProposalRecord, 'verdict'>,
): void {
  const { by, rule, action, args, reason } = proposal
  run.proposals.push({ by, rule, action, args, reason, ok: false, undone: false, repairId: null, ...facts })
}

type Permitted = { readonly judgement: Exclude<Judgement, { verdict: 'refused' }>; readonly approval: string | null }

async function carryOut(run: Run, proposal: Proposal, { judgement, approval }: Permitted): Promise<Ending | undefined> {
  const { ports, order, evidence } = run
  const { args, action } = judgement
  if (approval !== null) {
    const used = ports.approvals.use(approval, proposal, args, order.incident)
    if (!used.ok) return refuse(run, proposal, used.reason)
  }
  const fault = faultWord(evidence, order)
  const riskLimit = approval !== null || ports.autonomy === 'full' ? 2 : 1
  const done = await ports.execute({
    action: action.id,
    args,
    by: proposal.by,
    fault,
    riskLimit: riskLimit > 1 ? 2 : 1,
  })
  if (done.ok) {
    record(run, proposal, { verdict: 'allowed', ok: true, repairId: done.repairId })
    await ports.noteDeed({ proposal, args, evidence, repairId: done.repairId, isApproved: approval !== null })
    return action.id === 'hold_restart' ? { how: 'held', untilMonoMs: ports.holdUntilMonoMs() } : { how: 'done' }
  }
  return afterFailure(run, { proposal, args, evidence }, done)
}

async function afterFailure(
  run: Run,
  deed: Omit<Deed, 'repairId' | 'isApproved'>,
  { kind, reason, undone, repairId }: Exclude<Executed, { ok: true }>,
): Promise<Ending | undefined> {
  const { proposal } = deed
  if (kind !== 'failed') {
    refuse(run, proposal, reason)
    return kind === 'busy' ? { how: 'busy' } : undefined
  }
  record(run, proposal, { verdict: 'allowed', reason, undone, repairId })
  run.told.push({ action: proposal.action, why: 'failed' })
  await run.ports.noteHarm(deed)
  // It was undone as well as it could be: what is true now is looked at, not remembered.
  run.evidence = await run.ports.observe()
  return undefined
}
