/**
 * Approvals: the one way in which a deed waits for a person, for recovery and for the agent.
 *
 * Promises, over any number of processes and any kill: a question is answered once; a yes is used at most once, only for the deed with the digest that was
 * shown, never after a no and never after its time; what is damaged allows nothing. Node: built-ins only.
 */
import { canonicalJson } from '../canonicalJson.ts'
import { bootId, type Instant } from '../clock.ts'
import { shortVisible } from '../visibleText.ts'
import {
  type Answer,
  type AnsweredBy,
  type Approval,
  type Deed,
  digestOf,
  isAnswer,
  isEnd,
  isQuestion,
  type Question,
  stateOf,
} from './approval.ts'
import { ensureApprovals, fillSlot, readSlot, removeSlots, slotPath, sweepHalfWritten, usedNumbers } from './slots.ts'

/** What is asked: the deed, and what the reader is told of it. */
export type Asked = {
  readonly deed: Deed
  readonly plan: string
  readonly reason: string
  /** Who proposed it: `runbook`, `learned`, `model`, or the name of a tool. */
  readonly by: string
  /** How long the question stays open, in milliseconds. */
  readonly lastsMs: number
}

/** A question that stands, or why none could be asked. `isNew` is false where the same deed waited already. */
export type AskResult =
  | { readonly ok: true; readonly id: string; readonly isNew: boolean }
  | { readonly ok: false; readonly reason: string }

/** It went through, or why not: a sentence for a log; the word is for programs. */
export type ApprovalResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly why: 'unknown' | 'changed' | Approval['state']; readonly reason: string }

/** Longest arguments that a person can be asked about, in characters of JSON: nobody reads more. */
const MAX_ARGS = 2_000
/** Longest texts that are kept with a question. */
const MAX_TEXT = 500
/** Longest name of whoever answered. */
const MAX_WHO = 80
/** So many may wait at once; beyond it something asks in a loop. */
const MAX_WAITING = 50
/** So many questions are kept, the newest first. */
const MAX_KEPT = 200
const APPROVAL_ID = /^A[1-9]\d{0,8}$/

/** Asks. The same deed is asked once while it waits, or while its yes was not used. */
export function ask(folder: string, asked: Asked, now: Instant): AskResult {
  const args = JSON.parse(canonicalJson(asked.deed.args))
  if (canonicalJson(args).length > MAX_ARGS)
    return { ok: false, reason: 'the arguments are too long to be judged by a person' }
  const ground = ensureApprovals(folder)
  if (!ground.ok) return ground
  expire(folder, now)
  const deed = { ...asked.deed, args }
  const digest = digestOf(deed)
  const open = list(folder, now).filter(({ state }) => state === 'waiting' || state === 'approved')
  const same = open.find(({ question }) => question.digest === digest)
  if (same) return { ok: true, id: same.question.id, isNew: false }
  if (open.length >= MAX_WAITING) return { ok: false, reason: `${MAX_WAITING} questions wait already` }
  prune(folder, now)
  return { ok: true, id: store(folder, { ...asked, deed }, now), isNew: true }
}

function store(folder: string, { deed, plan, reason, by, lastsMs }: Asked, { at, monoMs }: Instant): string {
  const facts = {
    ...deed,
    digest: digestOf(deed),
    plan: shortVisible(plan, MAX_TEXT),
    reason: shortVisible(reason, MAX_TEXT),
    by: shortVisible(by, MAX_WHO),
    askedAt: at,
    askedMonoMs: monoMs,
    bootId: bootId(),
    expiresAt: new Date(Date.parse(at) + lastsMs).toISOString(),
    expiresMonoMs: monoMs + lastsMs,
  }
  for (let number = (usedNumbers(folder).at(-1) ?? 0) + 1; ; number++) {
    const id = `A${number}`
    const question: Question = { id, ...facts }
    if (fillSlot(folder, { id, slot: 'question' }, question)) return id
  }
}

/** Answers a question. The first answer counts. */
export function answer(
  folder: string,
  { id, verdict, by }: { readonly id: string; readonly verdict: 'approved' | 'denied'; readonly by: AnsweredBy },
  now: Instant,
): ApprovalResult {
  const found = find(folder, id, now)
  if (!found) return unknown(id)
  if (found.state !== 'waiting') return refused(found)
  const who = { channel: by.channel, who: shortVisible(by.who, MAX_WHO) }
  const said: Answer = { verdict, digest: found.question.digest, by: who, at: now.at }
  return fillSlot(folder, { id: found.question.id, slot: 'answer' }, said)
    ? { ok: true }
    : refused(find(folder, id, now) ?? found)
}

/** Uses a yes up. `digest` is that of what is done now: where anything of it is not as it was shown, the yes does not count. */
export function use(folder: string, id: string, digest: string, now: Instant): ApprovalResult {
  const found = find(folder, id, now)
  if (!found) return unknown(id)
  if (found.state !== 'approved') return refused(found)
  if (found.question.digest !== digest) {
    return {
      ok: false,
      why: 'changed',
      reason: `${found.question.id} was a yes to something else: what would be done has changed`,
    }
  }
  const slot = { id: found.question.id, slot: 'end' } as const
  return fillSlot(folder, slot, { outcome: 'used', digest, at: now.at })
    ? { ok: true }
    : refused(find(folder, id, now) ?? found)
}

/** Every question that can be read, oldest first. Writes nothing. */
export function list(folder: string, now: Instant): Approval[] {
  return usedNumbers(folder).flatMap((number) => read(folder, `A${number}`, now) ?? [])
}

/** One question by its id, in any case of letters. Writes nothing. */
export function find(folder: string, id: string, now: Instant): Approval | undefined {
  const name = id.toUpperCase()
  return APPROVAL_ID.test(name) ? read(folder, name, now) : undefined
}

function read(folder: string, id: string, now: Instant): Approval | undefined {
  const question = readSlot(slotPath(folder, id, 'question'), isQuestion)
  if (question === undefined || question === 'damaged' || question.id !== id) return undefined
  const said = readSlot(slotPath(folder, id, 'answer'), isAnswer)
  const end = readSlot(slotPath(folder, id, 'end'), isEnd)
  const state = stateOf({ question, answer: said, end }, now, bootId())
  return {
    question,
    answer: said === 'damaged' ? null : (said ?? null),
    end: end === 'damaged' ? null : (end ?? null),
    state,
  }
}

/** Writes down for good what is over by time, so that a clock that goes back revives nothing; gives their ids. */
export function expire(folder: string, now: Instant): string[] {
  sweepHalfWritten(folder)
  return list(folder, now).flatMap(({ question: { id, digest }, answer: said, end, state }) => {
    if (state !== 'expired' || end || (said && said.verdict !== 'approved')) return []
    const filled = said
      ? fillSlot(folder, { id, slot: 'end' }, { outcome: 'expired', digest, at: now.at })
      : fillSlot(folder, { id, slot: 'answer' }, { verdict: 'expired', digest, by: null, at: now.at })
    return filled ? [id] : []
  })
}

/** The newest number always stays: it says which ones were given out. */
function prune(folder: string, now: Instant): void {
  for (const number of usedNumbers(folder).slice(0, -MAX_KEPT)) {
    const state = find(folder, `A${number}`, now)?.state
    if (state !== 'waiting' && state !== 'approved') removeSlots(folder, `A${number}`)
  }
}

function unknown(id: string): ApprovalResult {
  return { ok: false, why: 'unknown', reason: `there is no question ${shortVisible(id, 20)}` }
}

function refused({ question, state }: Approval): ApprovalResult {
  return { ok: false, why: state, reason: `${question.id} is ${state}` }
}
