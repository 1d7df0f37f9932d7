/** PURE. The turns of a run, rebuilt from its events: calls and their answers in pairs and in order, whatever was cut off. */
import type { ToolAnswer, ToolCall, Turn, UserTurn } from '../../model/modelCall.ts'
import type { RunEvent } from '../journal/event.ts'

/** What the model is told of a call that has no end. */
const NOT_RUN = 'This call was not run.'

type Said = {
  readonly texts: readonly string[]
  readonly answers: readonly ToolAnswer[]
  readonly images: UserTurn['images']
}

type Building = {
  readonly turns: readonly Turn[]
  /** What the model has not heard yet. */
  readonly said: Said
  /** The calls of its last answer, and how they ended so far. */
  readonly calls: readonly ToolCall[]
  readonly ends: ReadonlyMap<string, ToolAnswer>
}

const NOTHING: Said = { texts: [], answers: [], images: undefined }

/** The turns that the events of one run make. What came while the model answered follows its answer, since it was not heard before. */
export function turnsOf(events: readonly RunEvent[]): Turn[] {
  const start: Building = { turns: [], said: NOTHING, calls: [], ends: new Map() }
  return [...heard(events.reduce(withEvent, start)).turns]
}

function withEvent(building: Building, event: RunEvent): Building {
  switch (event.type) {
    case 'message_in':
      return withSaid(building, { ...NOTHING, texts: [event.data.text], images: event.data.images })
    case 'steered':
    case 'hinted':
      return withSaid(building, { ...NOTHING, texts: [event.data.text] })
    case 'model_asked':
      return heard(building)
    case 'tool_ended': {
      const { call, ok, text } = event.data
      return { ...building, ends: new Map([...building.ends, [call, { id: call, text, isError: !ok }]]) }
    }
    case 'model_answered': {
      const { text, calls = [], native } = event.data
      if (text === null) return building
      // An answer that nobody asked for on record answers what was said before it.
      const ready = building.turns.at(-1)?.role === 'user' ? building : heard(building)
      const turn = {
        role: 'assistant' as const,
        text,
        ...(calls.length > 0 ? { calls } : {}),
        ...(native ? { native } : {}),
      }
      return { ...ready, turns: [...ready.turns, turn], calls, ends: new Map() }
    }
    default:
      return building
  }
}

function withSaid(building: Building, more: Said): Building {
  const { said } = building
  return { ...building, said: { ...said, texts: [...said.texts, ...more.texts], images: more.images ?? said.images } }
}

/** Makes a turn of everything that waits; two turns of the same side in a row become one. */
function heard(building: Building): Building {
  const { turns, said, calls, ends } = building
  const answers = calls.map(({ id }) => ends.get(id) ?? { id, text: NOT_RUN, isError: true })
  if (answers.length === 0 && said.texts.length === 0) return building
  const turn: UserTurn = {
    role: 'user',
    text: said.texts.join('\n\n'),
    ...(said.images ? { images: said.images } : {}),
    ...(answers.length > 0 ? { answers } : {}),
  }
  const last = turns.at(-1)
  const merged =
    last?.role === 'user'
      ? [...turns.slice(0, -1), { ...last, text: `${last.text}\n\n${turn.text}` }]
      : [...turns, turn]
  return { turns: merged, said: NOTHING, calls: [], ends: new Map() }
}
