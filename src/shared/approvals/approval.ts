/** PURE. What an approval is: a question about exactly one deed, what was said, and what became of it. */
import { createHash } from 'node:crypto'
import { canonicalJson } from '../canonicalJson.ts'
import type { Instant } from '../clock.ts'

/** Exactly what would be done. Its digest is what a yes is a yes to. */
export type Deed = {
  /** Whose deed it is. */
  readonly kind: 'recovery' | 'agent'
  readonly action: string
  /** Plain JSON. */
  readonly args: unknown
  /** SHA-256 of the source file of the action: another text is another deed. */
  readonly sourceHash: string
  /** The incident or run that it belongs to; empty where there is none. */
  readonly binding: string
}

/** The question as it is kept: `A7.json`. `plan`, `reason` and `by` are for the reader only. */
export type Question = Deed & {
  /** `A7`: short enough to be typed. */
  readonly id: string
  readonly digest: string
  /** What would be done, in one sentence of ours. */
  readonly plan: string
  /** Why it was proposed. May be the word of a model: never acted on. */
  readonly reason: string
  readonly by: string
  readonly askedAt: string
  readonly askedMonoMs: number
  readonly bootId: string
  readonly expiresAt: string
  readonly expiresMonoMs: number
}

/** Who answered, and where. There is no channel for a tool, a model or MCP. */
export type AnsweredBy = { readonly channel: 'terminal' | 'dashboard' | 'chat'; readonly who: string }

/** What was said: `A7.answer.json`. `expired` is said by nobody, when the time is over. */
export type Answer = {
  readonly verdict: 'approved' | 'denied' | 'expired'
  /** The digest that was answered. */
  readonly digest: string
  readonly by: AnsweredBy | null
  readonly at: string
}

/** What became of a yes: `A7.end.json`. */
export type End = { readonly outcome: 'used' | 'expired'; readonly digest: string; readonly at: string }

/** How far a question is. `damaged`: a file of it cannot be read, so that it allows nothing. */
export type ApprovalState = 'waiting' | 'approved' | 'denied' | 'expired' | 'used' | 'damaged'

/** A question with everything that is known of it. */
export type Approval = {
  readonly question: Question
  readonly answer: Answer | null
  readonly end: End | null
  readonly state: ApprovalState
}

/** Names a deed: SHA-256 (hex) over all of it, by canonical JSON, so that no two deeds share a text. */
export function digestOf({ kind, action, args, sourceHash, binding }: Deed): string {
  const text = canonicalJson(['ottugi approval 1', kind, action, args, sourceHash, binding])
  return createHash('sha256').update(text).digest('hex')
}

/**
 * Is its time over? In the boot in which it was asked both clocks count, and either may end it; in another one the wall clock alone,
 * and one that stands before the question is not believed.
 */
export function isExpired(question: Question, now: Instant, boot: string): boolean {
  const wallMs = Date.parse(now.at)
  if (!(wallMs < Date.parse(question.expiresAt))) return true
  if (question.bootId === boot) return !(now.monoMs < question.expiresMonoMs)
  return wallMs < Date.parse(question.askedAt)
}

/** What the files of one question come to at a moment. `undefined` is a missing file, `'damaged'` one that cannot be read. */
export type Files = {
  readonly question: Question
  readonly answer: Answer | 'damaged' | undefined
  readonly end: End | 'damaged' | undefined
}

/** The state of a question. A file that is there and cannot be read allows nothing. */
export function stateOf({ question, answer, end }: Files, now: Instant, boot: string): ApprovalState {
  if (answer === 'damaged' || end === 'damaged') return 'damaged'
  if (end) return end.outcome
  if (answer && answer.verdict !== 'approved') return answer.verdict
  if (digestOf(question) !== question.digest || (answer && answer.digest !== question.digest)) return 'damaged'
  if (isExpired(question, now, boot)) return 'expired'
  return answer ? 'approved' : 'waiting'
}

/** True for a value with the fields of a question. */
export function isQuestion(value: unknown): value is Question {
  const it = (typeof value === 'object' && value !== null ? value : {}) as Partial<Record<keyof Question, unknown>>
  const texts = [it.id, it.action, it.sourceHash, it.binding, it.digest, it.plan, it.reason, it.by, it.askedAt]
  const areTexts = [...texts, it.bootId, it.expiresAt].every((text) => typeof text === 'string')
  const areNumbers = [it.askedMonoMs, it.expiresMonoMs].every(Number.isFinite)
  return areTexts && areNumbers && (it.kind === 'recovery' || it.kind === 'agent') && 'args' in it
}

/** True for a value with the fields of an answer. */
export function isAnswer(value: unknown): value is Answer {
  const it = (typeof value === 'object' && value !== null ? value : {}) as Partial<Answer>
  const isVerdict = it.verdict === 'approved' || it.verdict === 'denied' || it.verdict === 'expired'
  return isVerdict && typeof it.digest === 'string' && typeof it.at === 'string'
}

/** True for a value with the fields of an end. */
export function isEnd(value: unknown): value is End {
  const it = (typeof value === 'object' && value !== null ? value : {}) as Partial<End>
  const isOutcome = it.outcome === 'used' || it.outcome === 'expired'
  return isOutcome && typeof it.digest === 'string' && typeof it.at === 'string'
}
