/** Makes room in a session: has its older turns summarised, and keeps the summary in the journal, where it can be taken back. */
import type { ModelAnswer, RunEvent, RunEventBody } from '../journal/event.ts'
import { planCompaction, worthOf } from './compaction.ts'
import { compactedIn, conversationOf } from './conversation.ts'

/** What a summary came to. `spent` is what it cost, also where there is none; it is written down. */
export type Summary = (
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly reason: string }
) & {
  readonly spent?: Omit<ModelAnswer, 'text'>
}

/** One quick call of a model; never rejects. */
export type Summarise = (text: string, about: { readonly session: string; readonly run?: string }) => Promise<Summary>

/** What the compactor works with. */
export type CompactorDependencies = {
  /** What a session remembers, as far as it is still shown to a model. */
  readonly recall: (session: string) => readonly RunEvent[]
  /** Appends an event that belongs to a session only. */
  readonly append: (session: string, body: RunEventBody) => RunEvent | undefined
  readonly summarise: Summarise
  /** Answers of the model that stay word for word. */
  readonly keepAnswers: number
}

/** What became of it. `nothing`: there is nothing old enough; `no-gain`: the summary was hardly smaller; `changed`: somebody else did something meanwhile. */
export type Compaction =
  | { readonly ok: true; readonly upToSeq: number; readonly tokensBefore: number; readonly tokensAfter: number }
  | { readonly ok: false; readonly why: 'nothing' | 'no-gain' | 'failed' | 'changed'; readonly reason: string }

/** Compacts sessions, one compaction of a session at a time. */
export type Compactor = {
  /** `current`: events of the run that is being worked on. */
  readonly compact: (session: string, current?: readonly RunEvent[]) => Promise<Compaction>
  /** Takes the newest one back; false where none is in force. */
  readonly undo: (session: string) => boolean
}

/** Builds it. */
export function createCompactor(dependencies: CompactorDependencies): Compactor {
  const { recall, append } = dependencies
  const working = new Map<string, Promise<Compaction>>()
  return {
    compact: (session, current = []) => {
      const known = working.get(session)
      if (known) return known
      const begun = compactOnce(session, current, dependencies).finally(() => working.delete(session))
      working.set(session, begun)
      return begun
    },
    undo: (session) => {
      const compacted = compactedIn(recall(session))
      if (!compacted) return false
      return (
        append(session, { type: 'session_changed', data: { do: 'undo-compact', upToSeq: compacted.upToSeq } }) !==
        undefined
      )
    },
  }
}

async function compactOnce(
  session: string,
  current: readonly RunEvent[],
  dependencies: CompactorDependencies,
): Promise<Compaction> {
  const { recall, append, summarise, keepAnswers } = dependencies
  const before = recall(session)
  const plan = planCompaction(conversationOf(before, current), keepAnswers)
  if (!plan) return { ok: false, why: 'nothing', reason: 'There is nothing old enough to be summarised.' }
  const run = current[0]?.run
  const summary = await summarise(plan.text, { session, ...(run === undefined ? {} : { run }) })
  if (summary.spent) append(session, { type: 'model_answered', data: { ...summary.spent, text: null } })
  if (!summary.ok) return { ok: false, why: 'failed', reason: summary.reason }
  const tokensAfter = worthOf(summary.text, plan)
  if (tokensAfter === undefined)
    return { ok: false, why: 'no-gain', reason: 'The summary is hardly smaller than what it stands for.' }
  if (isOvertaken(before, recall(session)))
    return { ok: false, why: 'changed', reason: 'The session was changed meanwhile.' }
  const { upToSeq, tokensBefore } = plan
  append(session, {
    type: 'session_changed',
    data: { do: 'compact', upToSeq, summary: summary.text, tokensBefore, tokensAfter },
  })
  return { ok: true, upToSeq, tokensBefore, tokensAfter }
}

/** True when the session was deleted, compacted or restored while the model wrote. New turns do no harm. */
function isOvertaken(before: readonly RunEvent[], after: readonly RunEvent[]): boolean {
  const changes = (events: readonly RunEvent[]) =>
    events.filter(({ type, data }) => type === 'session_changed' && 'upToSeq' in data).map(({ seq }) => seq)
  return after[0]?.seq !== before[0]?.seq || changes(after).join() !== changes(before).join()
}
