/** What the journal acknowledged before a fault, what it holds afterwards, and whether every loss between the two was said. */
import Database from 'better-sqlite3'
import type { Incident } from '../../shared/incident.ts'
import { expectThat } from '../drill.ts'
import type { Ring } from '../ring.ts'
import { type Answer, ask } from './agentApi.ts'

/** One event, as text that is equal only for an equal event. */
export type Records = ReadonlyMap<number, string>

/** Long enough that a page holds one event: a damaged page is then a damaged event, or one of an index. */
const MESSAGE_BYTES = 2_500

/** Asks so many questions, one after the other, and gives the answers that were acknowledged. */
export async function chat(ring: Ring, count: number, name: string): Promise<Answer[]> {
  const answers: Answer[] = []
  for (let number = 1; number <= count; number++) {
    const answer = await ask(ring, `${name} ${number} `.padEnd(MESSAGE_BYTES, '.'))
    expectThat(answer.status === 200, `an answer, got ${answer.status} ${answer.body.detail}`)
    answers.push(answer)
  }
  return answers
}

/** Every event of the journal by its number. */
export function readRecords({ paths }: Ring): Records {
  const db = new Database(paths.agentDb, { readonly: true, fileMustExist: true })
  try {
    const rows = db.prepare<[], { seq: number }>('SELECT * FROM events ORDER BY seq').all()
    return new Map(rows.map((row) => [row.seq, JSON.stringify(row)]))
  } finally {
    db.close()
  }
}

/** The numbers that the repair says are gone: `events 8–11, 14 (5) could not be restored`. */
export function statedLoss({ actions }: Incident): Set<number> {
  const notes = actions.filter(({ action }) => action === 'restore_database').map(({ result }) => result)
  const named = notes.flatMap((note) => /events ([\d–, ]+) \(\d+\) could not be restored/.exec(note)?.[1] ?? [])
  return new Set(named.flatMap((list) => list.split(', ').flatMap(rangeOf)))
}

function rangeOf(text: string): number[] {
  const [first = 0, last = first] = text.split('–').map(Number)
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

/** The loss that was said is the loss that there is; what was not lost is unchanged. Gives how many events are gone. */
export function expectExactLoss(before: Records, after: Records, stated: ReadonlySet<number>): number {
  const gone = [...before.keys()].filter((seq) => after.get(seq) !== before.get(seq))
  const unsaid = gone.filter((seq) => !stated.has(seq))
  const untrue = [...stated].filter((seq) => !gone.includes(seq))
  expectThat(unsaid.length === 0, `every loss to be said; unsaid: events ${unsaid.join(', ')}`)
  expectThat(untrue.length === 0, `only losses to be said; there all the same: events ${untrue.join(', ')}`)
  return gone.length
}
