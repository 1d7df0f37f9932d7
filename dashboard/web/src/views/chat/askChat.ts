/** Asks the agent through the dashboard and follows its answer. A connection that breaks is made again with the same id: one question, one answer. */
import type { ChatQuestion } from '../../../../contractViews.ts'
import { readEventStream } from '../../live/eventParser.ts'
import type { TalkPiece } from './talk.ts'

/** What a sent question comes to: an open stream, or why there is none. `status` is 0 where nobody answered. */
export type Posted =
  | { readonly ok: true; readonly value: { readonly body: ReadableStream<Uint8Array> | null } }
  | { readonly ok: false; readonly status: number; readonly name: string; readonly reason: string }

/** How a question is sent and followed. `waitMs` waits, and resolves at once where the signal ends it. */
export type AskPorts = {
  readonly post: (question: ChatQuestion, signal: AbortSignal) => Promise<Posted>
  readonly waitMs: (delayMs: number, signal: AbortSignal) => Promise<void>
  readonly onPiece: (piece: TalkPiece) => void
  readonly signal: AbortSignal
}

/** Pauses before each new attempt, in milliseconds; when they are used up the page says so and offers to try again. */
export const ASK_AGAIN_MS: readonly number[] = [250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]

/** Problems that a successor of the agent, or the next attempt, will not have. */
const PASSING = new Set(['leaving', 'agent-down', 'agent-unreachable', 'unreachable', 'unavailable', 'bad-gateway'])

/** Resolves when the answer has ended, was given up, or the signal ended the following (the run goes on then). Never rejects. */
export async function askChat(question: ChatQuestion, ports: AskPorts): Promise<void> {
  let failures = 0
  while (!ports.signal.aborted) {
    const attempt = await askOnce(question, ports)
    if (attempt === 'final' || ports.signal.aborted) return
    if (attempt === 'heard') failures = 0
    const delayMs = ASK_AGAIN_MS[failures++]
    if (delayMs === undefined) return ports.onPiece({ event: 'gone' })
    ports.onPiece({ event: 'again' })
    await ports.waitMs(delayMs, ports.signal)
  }
}

/** `final`: it has ended. `heard`: the connection broke after the run was begun. `unheard`: nobody answered. */
type Attempt = 'final' | 'heard' | 'unheard'

async function askOnce(question: ChatQuestion, ports: AskPorts): Promise<Attempt> {
  const posted = await ports.post(question, ports.signal)
  if (ports.signal.aborted) return 'final'
  if (posted.ok) return posted.value.body ? follow(posted.value.body, ports) : 'unheard'
  if (posted.status === 0 || PASSING.has(posted.name)) return 'unheard'
  ports.onPiece({ event: 'problem', detail: posted.reason })
  return 'final'
}

async function follow(body: ReadableStream<Uint8Array>, { onPiece }: AskPorts): Promise<Attempt> {
  let attempt: Attempt = 'unheard'
  try {
    for await (const { event, data } of readEventStream(body)) {
      attempt = 'heard'
      const value: unknown = JSON.parse(data)
      const piece = pieceOf(event, value)
      if (!piece) continue
      if (piece.event === 'problem' && PASSING.has(fieldIn(value, 'type').split(':').at(-1) ?? '')) return attempt
      onPiece(piece)
      if (piece.event === 'done' || piece.event === 'problem') return 'final'
    }
  } catch {
    // The connection broke or was ended; the caller decides by the signal.
  }
  return attempt
}

function fieldIn(body: unknown, field: string): string {
  const value = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[field] : undefined
  return typeof value === 'string' ? value : ''
}

function pieceOf(event: string, data: unknown): TalkPiece | undefined {
  if (event === 'run') return { event, run: fieldIn(data, 'run'), session: fieldIn(data, 'session') }
  if (event === 'text') return { event, delta: fieldIn(data, 'delta') }
  if (event === 'done') return { event }
  if (event === 'problem') return { event, detail: fieldIn(data, 'detail') }
  if (event !== 'event' || typeof data !== 'object' || data === null) return undefined
  const { seq, data: content } = data as { readonly seq?: unknown; readonly data?: unknown }
  if (typeof seq !== 'number') return undefined
  const known = typeof content === 'object' && content !== null ? (content as Record<string, unknown>) : {}
  return { event, recorded: { seq, at: fieldIn(data, 'at'), type: fieldIn(data, 'type'), data: known } }
}
