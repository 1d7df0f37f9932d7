/** The tail of the agent's journal for all tabs: each event is read and worded once. */
import type { HeldDatabase } from '../../src/shared/heldDatabase.ts'
import { MISSING } from '../../src/shared/heldDatabase.ts'
import type { SentEvent } from './eventsClient.ts'
import { shortTexts } from './shortTexts.ts'

/** The tail. */
export type JournalTail = {
  /** Reads what is new. A journal that was put back to an older state is gone on with from there. */
  readonly look: () => void
  /** The newest event; null while that is not known. */
  readonly head: () => number | null
  readonly after: (seq: number) => readonly SentEvent[]
}

const PAGE = 200
/** Read at once for a tab that is far behind: no more than it can take before it is told to wait. */
const PAGE_BEHIND = 12
/** Longest text of an event that is sent live, in characters; the whole one stands in its run. */
const LONGEST_TEXT = 16_384
/** So much of the tail is kept for tabs that are a little behind, in characters. */
const KEPT_LENGTH = 2_097_152
/** Pages that are read in one look: what comes faster waits for the next one. */
const MOST_PAGES = 10

type Row = {
  readonly seq: number
  readonly run: string
  readonly session: string
  readonly type: string
  readonly at: string
  readonly data: string
}

/** Reads nothing before the first look. */
export function createJournalTail(agentDb: HeldDatabase): JournalTail {
  let version: string | undefined
  let head: number | null = null
  /** Contiguous, up to the head; all after `keptFrom`. */
  let kept: SentEvent[] = []
  let keptFrom = 0
  let keptLength = 0

  const read = (seq: number, limit: number): readonly SentEvent[] => {
    const found = agentDb.read(({ all }) =>
      all<Row>('SELECT seq, run, session, type, at, data FROM events WHERE seq > ? ORDER BY seq LIMIT ?', seq, limit),
    )
    return found.ok ? found.value.map(toSent) : []
  }
  const keep = (page: readonly SentEvent[]) => {
    kept.push(...page)
    for (const { text } of page) keptLength += text.length
    let left = 0
    while (keptLength > KEPT_LENGTH && left < kept.length) keptLength -= kept[left++]?.text.length ?? 0
    keptFrom = kept[left - 1]?.seq ?? keptFrom
    kept = kept.slice(left)
  }
  const restart = (newest: number) => {
    head = newest
    kept = []
    keptFrom = newest
    keptLength = 0
  }
  const catchUp = (newest: number) => {
    for (let page = 0; page < MOST_PAGES && (head ?? 0) < newest; page++) {
      const events = read(head ?? 0, PAGE)
      const last = events.at(-1)
      if (!last) return
      keep(events)
      head = last.seq
    }
  }
  return {
    head: () => head,
    look: () => {
      const current = agentDb.version()
      if (current !== '' && current === version) return
      const newest = newestIn(agentDb)
      if (newest === undefined) return
      if (head === null || newest < head) restart(newest)
      else catchUp(newest)
      version = head === newest ? current : undefined
    },
    after: (seq) => {
      const newest = head ?? 0
      if (seq >= newest) return []
      // What is newer than the head comes with the next look, once.
      if (seq < keptFrom) return read(seq, PAGE_BEHIND).filter((event) => event.seq <= newest)
      const first = kept.findIndex((event) => event.seq > seq)
      return first < 0 ? [] : kept.slice(first, first + PAGE)
    },
  }
}

/** 0 where there is no journal yet; undefined where it cannot be read. */
function newestIn(agentDb: HeldDatabase): number | undefined {
  const found = agentDb.read(({ get }) => get<{ seq: number | null }>('SELECT max(seq) AS seq FROM events')?.seq ?? 0)
  if (found.ok) return found.value
  return found.reason === MISSING ? 0 : undefined
}

function toSent({ data, ...row }: Row): SentEvent {
  return { seq: row.seq, text: JSON.stringify({ ...row, data: shortTexts(parsed(data), LONGEST_TEXT) }) }
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data)
  } catch {
    return {}
  }
}
