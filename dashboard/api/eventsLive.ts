/**
 * What happens, for all tabs: one look each {@link LOOK_MS} while somebody listens, none otherwise. However many tabs there are, each thing is read,
 * computed and worded once.
 */
import { monotonicMs } from '../../src/shared/clock.ts'
import type { DashboardContext } from '../context.ts'
import { type ClientParts, createClient, type LiveClient } from './eventsClient.ts'
import { createIncidentWatch } from './eventsIncidents.ts'
import { createJournalTail } from './eventsJournal.ts'
import { createScreen } from './eventsScreen.ts'
import type { OverviewReader } from './overview.ts'

/** The stream of all tabs. */
export type Live = {
  /** Begins to tell; from the event after `lastSeq` where it is given, else from now on. */
  readonly join: (tab: Omit<ClientParts, 'cursor' | 'journalAfter'> & { readonly lastSeq: number | null }) => void
  readonly count: () => number
}

type LiveContext = Pick<DashboardContext, 'agentDb' | 'watchdogDb' | 'leaving' | 'onBug'> & {
  readonly readOverview: OverviewReader
}

const LOOK_MS = 300
const BEAT_MS = 5_000
const OVERVIEW_MS = 1_000

/** Makes it; nothing runs before the first tab. */
export function createLive(context: LiveContext): Live {
  const { agentDb, leaving, onBug } = context
  const clients = new Set<LiveClient>()
  const tail = createJournalTail(agentDb)
  const incidents = createIncidentWatch(context)
  const screen = createScreen(context.readOverview)
  let timer: NodeJS.Timeout | undefined
  const isBeatDue = each(BEAT_MS)
  const isScreenDue = each(OVERVIEW_MS)

  const tellAll = (event: string, text: string, key?: string) => {
    for (const client of clients) client.tell(event, text, key)
  }
  const follow = () => {
    tail.look()
    const head = tail.head()
    for (const client of clients) {
      if (head !== null) client.startAt(head)
      client.pump()
    }
  }
  const beat = () => {
    for (const client of clients) if (!client.isStillAllowed()) client.end()
    tellAll('beat', beatText())
  }
  const look = () => {
    const nowMs = Date.now()
    const monoMs = monotonicMs()
    for (const client of clients) if (client.isOver(nowMs)) client.end()
    follow()
    for (const { id, record } of incidents()) tellAll('incident', record, `incident ${id}`)
    if (isScreenDue(monoMs)) screen.tellChanges(clients, nowMs)
    if (isBeatDue(monoMs)) beat()
  }
  const join: Live['join'] = ({ lastSeq, ...tab }) => {
    if (clients.size === 0) {
      tail.look()
      incidents()
    }
    const head = tail.head()
    const cursor = head === null ? lastSeq : Math.min(lastSeq ?? head, head)
    const client = createClient({ ...tab, cursor, journalAfter: tail.after })
    clients.add(client)
    timer ??= setInterval(guarded(look, onBug), LOOK_MS)
    tab.response.on('close', () => {
      clients.delete(client)
      if (clients.size > 0) return
      clearInterval(timer)
      timer = undefined
    })
    client.pump()
    screen.tellWhole(client, Date.now())
    client.tell('beat', beatText())
  }
  leaving.addEventListener('abort', () => {
    for (const client of clients) client.end()
  })
  return { join, count: () => clients.size }
}

/** True at most once in so many milliseconds of elapsed time. */
function each(everyMs: number): (monoMs: number) => boolean {
  let last = Number.NEGATIVE_INFINITY
  return (monoMs) => {
    if (monoMs - last < everyMs) return false
    last = monoMs
    return true
  }
}

/** A look that goes wrong must not end the process that people look at then. */
function guarded(act: () => void, onBug: (error: unknown) => void): () => void {
  return () => {
    try {
      act()
    } catch (error) {
      onBug(error)
    }
  }
}

function beatText(): string {
  return JSON.stringify({ at: new Date().toISOString() })
}
