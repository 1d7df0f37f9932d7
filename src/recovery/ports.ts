/** What recovery needs of the outside, and what a run of it can come to. */
import type { Action, Verdict } from '../repair/action.ts'
import type { FinishResult, RepairRequest } from '../repair/execute.ts'
import type { JsonValue } from '../repair/journal.ts'
import type { ModelCallRecord, ProposalRecord } from '../shared/recoveryResult.ts'
import type { Approvals } from './approve.ts'
import type { Facts } from './facts.ts'
import type { Autonomy } from './judge.ts'
import type { Proposal, SeenEvidence } from './proposal.ts'
import type { ModelAnswer, ModelQuestion, NoAnswer } from './propose.ts'
import type { Tries } from './recentTries.ts'

/** What came of a repair, with its lines in the journal where it has any. */
export type Executed =
  | { readonly ok: true; readonly repairId: string; readonly note: string }
  | {
      readonly ok: false
      readonly kind: 'busy' | 'refused' | 'failed'
      readonly reason: string
      readonly undone: boolean
      readonly repairId: string | null
    }

/** An action that was carried out, for whoever learns from it. */
export type Deed = {
  readonly proposal: Proposal
  readonly args: JsonValue
  readonly evidence: SeenEvidence
  readonly repairId: string
  readonly isApproved: boolean
}

/** Everything that recovery needs of the outside. */
export type RecoveryPorts = {
  readonly actions: ReadonlyMap<string, Action>
  readonly autonomy: Autonomy
  /** Examples of actions and rules that do not hold: each one a reason to do nothing. */
  readonly brokenExamples: () => readonly string[]
  readonly finishInterrupted: () => Promise<FinishResult>
  /** Looks anew, at everything. */
  readonly observe: () => Promise<SeenEvidence>
  readonly consultRunbook: (evidence: SeenEvidence) => readonly Proposal[]
  readonly consultLearned: (evidence: SeenEvidence) => readonly Proposal[]
  readonly corroborates: (action: string, args: JsonValue, facts: Facts) => Verdict
  readonly triesAgainst: (fault: string) => Tries
  readonly execute: (request: RepairRequest) => Promise<Executed>
  /** It held: what becomes of the incident is told later. */
  readonly noteDeed: (deed: Deed) => Promise<void>
  /** It was undone or failed. */
  readonly noteHarm: (deed: Omit<Deed, 'repairId' | 'isApproved'>) => Promise<void>
  readonly approvals: Approvals
  /** Null where no model is asked. */
  readonly choose: ((question: ModelQuestion) => Promise<ModelAnswer>) | null
  /** Why none is asked: by the settings, or because they cannot be read. */
  readonly noModel: 'off' | 'settings'
  /** Until when starts are held (monotonic ms); null where they are not. */
  readonly holdUntilMonoMs: () => number | null
  /** Fires when the time is over: nothing is begun after it. */
  readonly signal: AbortSignal
}

/** Why the model did not help. `off` and `settings`: not asked; `unasked`: a person had to be asked, and could not be; `no-choice`: the facts leave nothing to choose; `in-vain`: its choices did not hold. */
export type ModelStory = NoAnswer | 'off' | 'settings' | 'unasked' | 'no-choice' | 'chose-none' | 'in-vain'

/** How a run ended, before it is put in words. */
export type Ending =
  | { readonly how: 'done' }
  | { readonly how: 'held'; readonly untilMonoMs: number | null }
  | { readonly how: 'alert'; readonly rule: string | null }
  | { readonly how: 'waiting'; readonly approval: string; readonly plan: string }
  | { readonly how: 'busy' }
  | { readonly how: 'broken'; readonly reason: string }
  | { readonly how: 'well' }
  | { readonly how: 'late' }
  | { readonly how: 'exhausted'; readonly model: ModelStory }

/** What one run came to. */
export type Recovered = {
  readonly ending: Ending
  readonly evidence: SeenEvidence | null
  readonly proposals: readonly ProposalRecord[]
  readonly modelCalls: readonly ModelCallRecord[]
}
