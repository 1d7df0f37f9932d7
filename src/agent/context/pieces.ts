/**
 * PURE. A run as pieces of a conversation. A piece is a question, or an answer of the model with everything that came of it: it is kept, summarised
 * or left away as a whole, so that a call is never without its result and a result never without its call.
 *
 * What was shown to a model once stays as it was, to the letter: a word that came in while a model was thinking stands behind its answer.
 */
import type { AssistantTurn, Image, ToolAnswer, Turn } from '../../model/modelCall.ts'
import type { MessageIn, ModelAnswer, RunEnd, RunEvent, ToolEnded } from '../journal/event.ts'

/** A piece. */
export type Piece = {
  readonly run: string
  /** The last event in it; `Infinity` for a question that no model was asked yet: whatever is compacted, it stays. */
  readonly lastSeq: number
  readonly turns: readonly Turn[]
}

type Draft = {
  lastSeq: number
  answer?: AssistantTurn
  images: readonly Image[]
  /** What comes after the answer: words of people and of ours. */
  texts: string[]
  results: Map<string, ToolEnded>
}

/** The fold while it goes on. */
type Fold = { readonly drafts: Draft[]; held: string[]; isAsking: boolean; end: RunEnd | undefined }

/** What a model is told where a call has no result. */
const NOT_CARRIED_OUT = 'This call was not carried out: the run ended before.'

/** A run that has ended never changes: its pieces are made once for each object that holds its end. */
const ended = new WeakMap<RunEvent, { readonly count: number; readonly pieces: Piece[] }>()

/** The same as {@link piecesOf}, remembered for as long as the last of the events is. */
export function piecesOfEnded(events: readonly RunEvent[]): Piece[] {
  const last = events.at(-1)
  const known = last && ended.get(last)
  if (known?.count === events.length) return known.pieces
  const pieces = piecesOf(events)
  if (last?.type === 'run_ended') ended.set(last, { count: events.length, pieces })
  return pieces
}

/** The pieces of one run, in order. Events of other kinds, results of calls that nobody made, and second results change nothing. */
export function piecesOf(events: readonly RunEvent[]): Piece[] {
  const fold: Fold = { drafts: [], held: [], isAsking: false, end: undefined }
  for (const event of events) take(fold, event)
  release(fold)
  const { drafts, end } = fold
  const run = events[0]?.run ?? ''
  const isWaiting = drafts.length === 1 && !events.some(({ type }) => type === 'model_asked' || type === 'run_ended')
  return drafts.map((draft, index) => {
    const turns = turnsOf(draft, index === drafts.length - 1 ? end : undefined)
    return { run, lastSeq: isWaiting ? Number.POSITIVE_INFINITY : draft.lastSeq, turns }
  })
}

function take(fold: Fold, event: RunEvent): void {
  if (event.type === 'message_in') {
    return void fold.drafts.push(newDraft(event.seq, [questionText(event.data, event.at)], event.data.images))
  }
  const draft = fold.drafts.at(-1)
  if (!draft) return
  if (event.type === 'model_answered') {
    draft.lastSeq = event.seq
    return takeAnswer(fold, event.seq, event.data)
  }
  if (event.type === 'model_asked') release(fold, true)
  else if (event.type === 'steered' || event.type === 'hinted') {
    if (fold.isAsking) fold.held.push(event.data.text)
    else draft.texts.push(event.data.text)
  } else if (event.type === 'tool_ended') takeResult(draft, event.data)
  else if (event.type === 'run_ended') fold.end = event.data
  draft.lastSeq = event.seq
}

function takeAnswer(fold: Fold, seq: number, { text, calls = [], native }: ModelAnswer): void {
  const isEmpty = text === null || (text === '' && calls.length === 0)
  if (!isEmpty) {
    const answer: AssistantTurn = {
      role: 'assistant',
      text,
      ...(calls.length > 0 ? { calls } : {}),
      ...(native ? { native } : {}),
    }
    fold.drafts.push({ ...newDraft(seq, []), answer })
  }
  release(fold)
}

function newDraft(lastSeq: number, texts: string[], images: readonly Image[] = []): Draft {
  return { lastSeq, texts, images, results: new Map() }
}

/** The model stopped (or begins) thinking: what was said meanwhile has its place now. */
function release(fold: Fold, isAsking = false): void {
  fold.drafts.at(-1)?.texts.push(...fold.held.splice(0))
  fold.isAsking = isAsking
}

function takeResult({ answer, results }: Draft, result: ToolEnded): void {
  if (!answer?.calls?.some(({ id }) => id === result.call) || results.has(result.call)) return
  results.set(result.call, result)
}

/** The time stands in the question, once and for all: in the system text it would undo the provider's cache with every call. */
function questionText({ text }: MessageIn, at: string): string {
  return at === '' ? text : `${text}\n\n[sent ${at.slice(0, 16)}Z]`
}

function turnsOf({ answer, images, texts, results }: Draft, end: RunEnd | undefined): Turn[] {
  const answers = (answer?.calls ?? []).map(({ id }) => answerOf(id, results.get(id)))
  const isOpen = !answer || answers.length > 0 || texts.length > 0
  const said = isOpen && end && end.finish !== 'answered' ? [...texts, endNote(end)] : texts
  const user: Turn = {
    role: 'user',
    text: said.join('\n\n'),
    ...(images.length > 0 ? { images } : {}),
    ...(answers.length > 0 ? { answers } : {}),
  }
  return [...(answer ? [answer] : []), ...(isOpen ? [user] : [])]
}

function answerOf(id: string, result: ToolEnded | undefined): ToolAnswer {
  return result ? { id, text: result.text, isError: !result.ok } : { id, text: NOT_CARRIED_OUT, isError: true }
}

/** Why the person had no answer, for the model that reads on. */
function endNote(end: RunEnd): string {
  if (end.finish === 'cancelled') return '[The person cancelled this here.]'
  if (end.finish === 'failed') return `[This ended here without an answer: ${end.kind}.]`
  return `[This ended here without an answer: ${end.finish}.]`
}
