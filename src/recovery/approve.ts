/** What recovery asks a person, over the one mechanism of the approvals. */
import type { JsonValue } from '../repair/journal.ts'
import { type Approval, type Deed, digestOf } from '../shared/approvals/approval.ts'
import { type ApprovalResult, type AskResult, ask, expire, list, use } from '../shared/approvals/approvals.ts'
import type { Instant } from '../shared/clock.ts'
import type { ProposedBy } from '../shared/recoveryResult.ts'
import type { Proposal } from './proposal.ts'

/** The answer to a proposal, as far as there is one. */
export type AnswerTo =
  | { readonly state: 'approved' | 'denied' | 'waiting'; readonly id: string }
  | { readonly state: 'unasked' }

/** The questions of one installation, as recovery uses them. */
export type Approvals = {
  /** What was said yes to for this incident and not done yet, oldest first, to be judged once more. */
  readonly approved: (incident: string | null) => Proposal[]
  /** The newest answer to exactly this. */
  readonly answerTo: (proposal: Proposal, args: JsonValue, incident: string | null) => AnswerTo
  readonly use: (id: string, proposal: Proposal, args: JsonValue, incident: string | null) => ApprovalResult
  readonly ask: (
    proposal: Proposal,
    args: JsonValue,
    more: { readonly plan: string; readonly incident: string | null },
  ) => AskResult
}

/** Where and when. */
export type ApprovalParts = {
  readonly folder: string
  readonly lastsMs: number
  readonly now: () => Instant
  /** Hash of the file that an action lies in; undefined where it is not known, and then nobody is asked about it. */
  readonly actionHash: (action: string) => string | undefined
}

const PROPOSERS: readonly string[] = ['runbook', 'learned', 'model'] satisfies ProposedBy[]

/** Opens them. */
export function openApprovals({ folder, lastsMs, now, actionHash }: ApprovalParts): Approvals {
  const deedOf = ({ action }: Proposal, args: JsonValue, incident: string | null): Deed | undefined => {
    const sourceHash = actionHash(action)
    return sourceHash === undefined
      ? undefined
      : { kind: 'recovery', action, args, sourceHash, binding: incident ?? '' }
  }
  const unknownFile: { readonly ok: false; readonly why: 'changed'; readonly reason: string } = {
    ...{ ok: false, why: 'changed', reason: 'the file of the action was not found' },
  }
  return {
    approved: (incident) => {
      quietly(() => expire(folder, now()))
      const mine = list(folder, now()).filter(
        ({ question }) => question.kind === 'recovery' && question.binding === (incident ?? ''),
      )
      return mine.filter(({ state }) => state === 'approved').map(proposalOf)
    },
    answerTo: (proposal, args, incident) => {
      const deed = deedOf(proposal, args, incident)
      const digest = deed && digestOf(deed)
      const newest = list(folder, now()).findLast(({ question }) => question.digest === digest)
      const state = newest?.state
      if (!newest || (state !== 'approved' && state !== 'denied' && state !== 'waiting')) return { state: 'unasked' }
      return { state, id: newest.question.id }
    },
    use: (id, proposal, args, incident) => {
      const deed = deedOf(proposal, args, incident)
      if (!deed) return unknownFile
      // What cannot be written down is not done: it could be done twice.
      return used(() => use(folder, id, digestOf(deed), now()))
    },
    ask: (proposal, args, { plan, incident }) => {
      const deed = deedOf(proposal, args, incident)
      const by = [proposal.by, proposal.rule].filter((word) => word !== null).join(' ')
      if (!deed) return unknownFile
      return asked(() => ask(folder, { deed, plan, reason: proposal.reason, by, lastsMs }, now()))
    },
  }
}

/** A question that cannot be written down was not asked. */
function asked(write: () => AskResult): AskResult {
  try {
    return write()
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) }
  }
}

function used(write: () => ApprovalResult): ApprovalResult {
  try {
    return write()
  } catch (error) {
    return { ok: false, why: 'approved', reason: error instanceof Error ? error.message : String(error) }
  }
}

/** What is over by time counts as over, whether that can be written down or not. */
function quietly(write: () => void): void {
  try {
    write()
  } catch {
    // A full disk, for example.
  }
}

function proposalOf({ question }: Approval): Proposal {
  const { action, args, reason } = question
  const [by = '', ...rule] = question.by.split(' ')
  const known = PROPOSERS.includes(by) ? (by as ProposedBy) : 'model'
  return { by: known, rule: rule.length > 0 ? rule.join(' ') : null, action, args, reason }
}
