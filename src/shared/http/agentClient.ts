/**
 * Asks the running agent over HTTP, and sees to it that one question gets one answer: when the connection breaks (the agent was restarted
 * or replaced) it asks again with the same id, which leads to the same run.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { newId } from '../newId.ts'
import type { HomePaths } from '../paths.ts'
import { readLiving } from '../runtimeFile.ts'
import type { Scope } from '../tokens.ts'
import { callAgent, tokenWith } from './agentApi.ts'
import { readEvents } from './readEvents.ts'

/** A question to the agent. `id` makes it the same question whenever it is asked again; without a session it begins one. */
export type AgentQuestion = {
  readonly id: string
  readonly message: string
  readonly session?: string
  /** `provider/model`, or the model's own name. */
  readonly model?: string
  readonly task?: 'quick' | 'default' | 'deep'
  /** Default `person`. */
  readonly by?: 'person' | 'program'
  /** False where nobody can answer a question: what would be asked is denied. */
  readonly attended?: boolean
  readonly limits?: { readonly usd?: number; readonly tokens?: number; readonly rounds?: number }
  readonly dryRun?: boolean
  /** What may be done without asking in a run that nobody watches; more than `none` needs a token that may approve. */
  readonly approve?: 'none' | 'safe' | 'all'
}

/** What comes while the agent answers; `again` = the connection broke, and the answer starts over. */
export type AnswerEvent =
  | { readonly event: 'run'; readonly run: string; readonly session: string }
  | { readonly event: 'text'; readonly delta: string }
  /** An event of the run as it was written down; each comes once. */
  | {
      readonly event: 'event'
      readonly seq: number
      readonly at: string
      readonly type: string
      readonly data: Readonly<Record<string, unknown>>
    }
  | { readonly event: 'again' }

/** A whole answer. */
export type AgentAnswer = {
  readonly run: string
  readonly session: string
  readonly text: string
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number }
  readonly costUsd: number
  readonly finish: string
  /** Why the run ended before it was done. */
  readonly reason?: string
}

export type AgentResult =
  | { readonly ok: true; readonly answer: AgentAnswer }
  | { readonly ok: false; readonly why: 'unreachable' | 'no-token' | 'cancelled' }
  /** The agent answered with a problem; `name` is the end of its type. */
  | { readonly ok: false; readonly why: 'problem'; readonly name: string; readonly detail: string }

/** How an answer is followed and stopped. */
export type Following = { readonly onEvent: (event: AnswerEvent) => void; readonly signal?: AbortSignal }

/** An agent that comes back within this time still answers the question, in milliseconds. */
const RETURN_LIMIT_MS = 30_000
const ASK_AGAIN_MS = 250

/** To do things without asking is to answer beforehand what a person would be asked. */
function scopeFor({ approve = 'none' }: AgentQuestion): Scope {
  return approve === 'none' ? 'chat' : 'approve'
}

/** Asks, and follows the answer to its end. Never throws for what the agent or the network do. */
export async function askAgent(paths: HomePaths, question: AgentQuestion, following: Following): Promise<AgentResult> {
  const token = tokenWith(paths, scopeFor(question))
  if (!token) return { ok: false, why: readLiving(paths, 'agent') ? 'no-token' : 'unreachable' }
  const { session = newId(Date.now()), ...message } = question
  const path = `/api/sessions/${encodeURIComponent(session)}/messages`
  const onEvent = eachOnce(following.onEvent)
  const ask = async () => {
    const url = readLiving(paths, 'agent')?.url
    return url ? await askOnce({ url: url + path, token, message, following: { ...following, onEvent } }) : UNREACHED
  }
  let attempt = await ask()
  // Nobody is there and nothing was accepted: no reason to wait.
  if (isUnreached(attempt)) return following.signal?.aborted ? CANCELLED : attempt
  const untilMs = Date.now() + RETURN_LIMIT_MS
  while (!isFinal(attempt) && Date.now() < untilMs) {
    if (following.signal?.aborted) return CANCELLED
    if (attempt.why === 'unreachable' && attempt.wasHeard) following.onEvent({ event: 'again' })
    await sleep(ASK_AGAIN_MS)
    attempt = await ask()
  }
  return following.signal?.aborted ? CANCELLED : attempt
}

/** A run that is followed again tells its events from the beginning. */
function eachOnce(listener: Following['onEvent']): Following['onEvent'] {
  let lastSeq = 0
  return (event) => {
    if (event.event === 'event' && event.seq <= lastSeq) return
    if (event.event === 'event') lastSeq = event.seq
    listener(event)
  }
}

/**
 * Asks the agent to give up a run, again and again until it says that it does; then a kill does not lose it any more. A run that is not there yet may
 * just be coming in, and an agent that is not there may come back: how long that is waited for is the signal's.
 */
export async function cancelRun(paths: HomePaths, run: string, signal: AbortSignal): Promise<boolean> {
  const path = `/api/runs/${encodeURIComponent(run)}/cancel`
  while (!signal.aborted) {
    const result = await callAgent(paths, { method: 'POST', path, scope: 'chat', signal })
    if (result.ok) return true
    await sleep(ASK_AGAIN_MS, undefined, { signal }).catch(() => undefined)
  }
  return false
}

type Attempt =
  | Extract<AgentResult, { ok: true } | { why: 'problem' }>
  | { readonly ok: false; readonly why: 'unreachable'; readonly wasHeard: boolean }

const UNREACHED: Attempt = { ok: false, why: 'unreachable', wasHeard: false }
const CANCELLED: AgentResult = { ok: false, why: 'cancelled' }

function isUnreached(attempt: Attempt): boolean {
  return !attempt.ok && attempt.why === 'unreachable' && !attempt.wasHeard
}

/** An agent that leaves says so; its successor answers. */
function isFinal(attempt: Attempt): attempt is Exclude<Attempt, { why: 'unreachable' }> {
  return attempt.ok || (attempt.why === 'problem' && attempt.name !== 'leaving')
}

type Asking = {
  readonly url: string
  readonly token: string
  readonly message: Omit<AgentQuestion, 'session'>
  readonly following: Following
}

async function askOnce({ url, token, message, following }: Asking): Promise<Attempt> {
  let wasHeard = false
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        accept: 'text/event-stream',
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(message),
      signal: following.signal ?? null,
    })
    if (!response.ok || !response.body) return problemOf(await response.json())
    for await (const { event, data } of readEvents(response.body)) {
      wasHeard = true
      const value = JSON.parse(data)
      if (event === 'done') return { ok: true, answer: value }
      if (event === 'problem') return problemOf(value)
      if (event === 'run' || event === 'text' || event === 'event') following.onEvent({ ...value, event })
    }
  } catch {
    // The connection broke, or nobody listens.
  }
  return { ok: false, why: 'unreachable', wasHeard }
}

function problemOf(body: unknown): Attempt {
  const { type, detail } = (body ?? {}) as { type?: unknown; detail?: unknown }
  const name = String(type ?? 'unknown').replace(/^urn:ottugi:problem:/, '')
  return { ok: false, why: 'problem', name, detail: String(detail ?? name) }
}
