/** PURE. What is known of a question that was asked here: from the moment it is sent until its run has ended, over broken connections. */
import type { RecordedEvent } from '../../../../../src/shared/sessions/recorded.ts'
import { mergeEvents } from '../sessions/foldSteps.ts'

/** What comes while the agent answers. `again`: the connection broke, the same question is asked with the same id. */
export type TalkPiece =
  | { readonly event: 'run'; readonly run: string; readonly session: string }
  | { readonly event: 'text'; readonly delta: string }
  | { readonly event: 'event'; readonly recorded: Omit<RecordedEvent, 'run' | 'session'> }
  | { readonly event: 'again' }
  | { readonly event: 'done' }
  | { readonly event: 'problem'; readonly detail: string }
  /** Nobody answered for as long as it was tried. */
  | { readonly event: 'gone' }

/** The question and how far its answer is. Its id is the id of its run. */
export type Talk = {
  readonly id: string
  readonly session: string
  readonly message: string
  readonly state: 'sending' | 'answering' | 'lost' | 'done' | 'failed'
  /** What has come of the answer that is being given; empty once it stands in the journal. */
  readonly streaming: string
  /** What is known of the run, in the order of the journal. */
  readonly events: readonly RecordedEvent[]
  readonly problem: string
}

/** A question that is on its way. */
export function beginTalk(question: Pick<Talk, 'id' | 'session' | 'message'>): Talk {
  return { ...question, state: 'sending', streaming: '', events: [], problem: '' }
}

/** Takes a piece in. What comes twice after a broken connection is there once. */
export function hearPiece(talk: Talk, piece: TalkPiece): Talk {
  switch (piece.event) {
    case 'run':
      return { ...talk, state: 'answering', streaming: '', session: piece.session }
    case 'text':
      return { ...talk, state: 'answering', streaming: talk.streaming + piece.delta }
    case 'event':
      return hearEvent(talk, { ...piece.recorded, run: talk.id, session: talk.session })
    case 'again':
      return { ...talk, state: 'lost', streaming: '' }
    case 'done':
      return { ...talk, state: 'done', streaming: '' }
    case 'problem':
      return { ...talk, state: 'failed', streaming: '', problem: piece.detail }
    case 'gone':
      return { ...talk, state: 'failed', streaming: '' }
  }
}

/** An answer that was written down needs its streamed text no more; a later one begins anew. */
function hearEvent(talk: Talk, event: RecordedEvent): Talk {
  const isAnswer = event.type === 'model_answered' || event.type === 'model_asked'
  const isNew = !talk.events.some(({ seq }) => seq === event.seq)
  if (!isNew) return talk
  return { ...talk, events: mergeEvents(talk.events, [event]), streaming: isAnswer ? '' : talk.streaming }
}

/** Is it still worth waiting for? */
export function isOpen({ state }: Talk): boolean {
  return state === 'sending' || state === 'answering' || state === 'lost'
}
