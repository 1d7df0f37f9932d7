/**
 * PURE. What a session remembers, out of its events: runs in the order in which they came in, and the summary that stands for the oldest part.
 * A run that has not ended is no part of it: it waits, or is set aside. One that repeats another has a session of its own, branched off before that other one.
 */
import type { RunEvent, SessionChange } from '../journal/event.ts'
import { type Piece, piecesOf, piecesOfEnded } from './pieces.ts'

/** A conversation, ready to be shown. */
export type Conversation = {
  /** Stands for everything up to `upToSeq`; absent where nothing is compacted. */
  readonly compacted?: Compacted
  readonly pieces: readonly Piece[]
  /** The question that is being worked on; shown again when a summary has swallowed it. Empty where no run goes on. */
  readonly question: string
}

/** A summary that is in force. */
export type Compacted = Pick<Extract<SessionChange, { do: 'compact' }>, 'upToSeq' | 'summary'>

/**
 * Folds the events of a session (those that it shares with the one it was branched off come first) and of the run that is being worked on.
 * The events of the run may stand among `past` or not.
 */
export function conversationOf(past: readonly RunEvent[], current: readonly RunEvent[] = []): Conversation {
  const [first] = current
  const compacted = compactedIn(past)
  const all = [...pastPieces(past, first), ...piecesOf(current)]
  const pieces = all.filter(({ lastSeq }) => lastSeq > (compacted?.upToSeq ?? 0))
  const question = first?.type === 'message_in' ? first.data.text : ''
  return { ...(compacted ? { compacted } : {}), pieces, question }
}

function pastPieces(past: readonly RunEvent[], first: RunEvent | undefined): Piece[] {
  const session = past.at(-1)?.session
  const ofRuns = past.filter(({ run }) => run !== '' && run !== first?.run)
  return [...Map.groupBy(ofRuns, ({ run }) => run).values()].flatMap((events) => {
    const [asked] = events
    if (asked?.type !== 'message_in') return []
    const isBefore = !first || asked.seq < first.seq
    // What a branch shares may be cut off in the middle; what no model had heard then is no part of it.
    const isOver = events.some(
      ({ type }) => type === 'run_ended' || (type === 'model_asked' && asked.session !== session),
    )
    return isBefore && isOver ? piecesOfEnded(events) : []
  })
}

/** The summary in force: the newest one that was not taken back. */
export function compactedIn(events: readonly RunEvent[]): Compacted | undefined {
  const stack: Compacted[] = []
  for (const event of events) {
    if (event.type !== 'session_changed') continue
    const { data } = event
    if (data.do === 'compact') stack.push(data)
    if (data.do !== 'undo-compact') continue
    const index = stack.findLastIndex(({ upToSeq }) => upToSeq === data.upToSeq)
    if (index !== -1) stack.splice(index, 1)
  }
  return stack.at(-1)
}
