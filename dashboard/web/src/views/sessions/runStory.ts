/** PURE. The runs of a session: what each was asked, what it cost, how long it took, how it ended. */
import { numberIn, type RecordedEvent, textIn } from '../../../../../src/shared/sessions/recorded.ts'

/** One run out of its events. `finish` is null while it goes on; `tookMs` is up to its last event. */
export type RunStory = {
  readonly run: string
  readonly startedAt: string
  readonly question: string
  readonly model: string
  /** Null where no call has a price, and before the first answer. */
  readonly costUsd: number | null
  readonly hasUnpriced: boolean
  readonly modelCalls: number
  readonly toolCalls: number
  readonly tookMs: number
  readonly finish: string | null
  readonly events: readonly RecordedEvent[]
}

/** The runs of these events, oldest first. Events that belong to no run are in none. */
export function runsIn(events: readonly RecordedEvent[]): readonly RunStory[] {
  const groups = Map.groupBy(
    events.filter(({ run }) => run !== ''),
    ({ run }) => run,
  )
  return [...groups].map(([run, own]) => storyOf(run, own))
}

function storyOf(run: string, events: readonly RecordedEvent[]): RunStory {
  const asked = events.find(({ type }) => type === 'message_in')
  const answers = events.filter(({ type }) => type === 'model_answered')
  const priced = answers.filter(({ data }) => data['isPriced'] !== false)
  const end = events.findLast(({ type }) => type === 'run_ended')
  const [startedAt, lastAt] = [events[0]?.at ?? '', events.at(-1)?.at ?? '']
  return {
    run,
    startedAt,
    question: asked ? textIn(asked.data) : '',
    model: answers.map(({ data }) => textIn(data, 'model')).findLast((model) => model !== '') ?? '',
    costUsd: priced.length === 0 ? null : priced.reduce((sum, { data }) => sum + numberIn(data, 'costUsd'), 0),
    hasUnpriced: priced.length < answers.length,
    modelCalls: answers.length,
    toolCalls: events.filter(({ type }) => type === 'tool_ended').length,
    tookMs: Math.max(0, Date.parse(lastAt) - Date.parse(startedAt)) || 0,
    finish: end ? textIn(end.data, 'finish') : null,
    events,
  }
}
