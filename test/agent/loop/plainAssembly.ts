import type { Journal } from '../../../src/agent/journal/journal.ts'
import type { Assemble } from '../../../src/agent/runs/ports.ts'
import { turnsOf } from '../../../src/agent/runs/turns.ts'
import type { ToolOffer, Turn } from '../../../src/model/modelCall.ts'

/** Earlier exchanges of a session that the model is told again. */
const MAX_EXCHANGES = 20

/** What the plain assembly works with. */
export type PlainAssembly = {
  readonly journal: Pick<Journal, 'exchanges'>
  readonly system: string
  readonly offers: () => readonly ToolOffer[]
}

/** The simplest context: the last questions and answers of the session, then the run itself. Nothing is cut to a budget. */
export function plainAssembly({ journal, system, offers }: PlainAssembly): Assemble {
  return (run, events) => {
    const earlier = journal
      .exchanges(run.session, MAX_EXCHANGES, events[0]?.seq)
      .flatMap(({ question, answer }): Turn[] => [
        { role: 'user', text: question },
        { role: 'assistant', text: answer },
      ])
    return { system, turns: [...earlier, ...turnsOf(events)], tools: offers() }
  }
}
