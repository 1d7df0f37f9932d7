/** The live stream: what comes, in which order, after which reconnect; who is dropped, and when it ends. */

import { rmSync } from 'node:fs'
import { connect } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createClient, type SentEvent } from '../../../dashboard/api/eventsClient.ts'
import type { Journal } from '../../../src/agent/journal/journal.ts'
import { openSqliteJournal } from '../../../src/agent/journal/sqliteJournal.ts'
import { ask } from '../../../src/shared/approvals/approvals.ts'
import { now } from '../../../src/shared/clock.ts'
import { openWatchStore, type WatchStore } from '../../../src/watchdog/store.ts'
import { eventually } from '../../agent/agentProcess.ts'
import { anIncident, makeDashboardHome, startDashboard, type TestDashboard } from '../dashboardApp.ts'

type Received = { readonly id: string; readonly event: string; readonly data: Record<string, unknown> }
type Tab = {
  readonly events: Received[]
  readonly seqs: () => number[]
  readonly ended: Promise<void>
  readonly close: () => void
}

let home: ReturnType<typeof makeDashboardHome>
let dashboard: TestDashboard
let journal: Journal
let store: WatchStore
const tabs: Tab[] = []

beforeEach(async () => {
  home = makeDashboardHome()
  journal = openSqliteJournal(home.paths.agentDb)
  store = openWatchStore(home.paths.watchdogDb)
  dashboard = await startDashboard(home.paths)
})
afterEach(async () => {
  for (const tab of tabs.splice(0)) tab.close()
  await dashboard.close()
  journal.close()
  store.close()
  home.remove()
  expect(dashboard.bugs).toEqual([])
})

async function openTab(headers: Record<string, string> = {}): Promise<Tab> {
  const abort = new AbortController()
  const response = await fetch(`${dashboard.url}/api/events`, {
    headers: { cookie: dashboard.cookie(), ...headers },
    signal: abort.signal,
  })
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8'])
  const events: Received[] = []
  const tab: Tab = {
    events,
    seqs: () => events.flatMap(({ event, data }) => (event === 'journal' ? [Number(data['seq'])] : [])),
    ended: collect(response, events),
    close: () => abort.abort(),
  }
  tabs.push(tab)
  return tab
}

async function collect({ body }: Response, events: Received[]): Promise<void> {
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for await (const chunk of body ?? []) {
      const blocks = (rest + decoder.decode(chunk, { stream: true })).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) events.push(parse(block))
    }
  } catch {
    // Closed by the test.
  }
}

function parse(block: string): Received {
  const lines = block.split('\n')
  expect(lines.map((line) => line.split(':')[0])).toEqual(['id', 'event', 'data'])
  const [id = '', event = '', data = ''] = lines.map((line) => line.slice(line.indexOf(': ') + 2))
  return { id, event, data: JSON.parse(data) }
}

let questions = 0
const say = (text: string, run = `run-${++questions}`) =>
  journal.append(run, 's1', { type: 'message_in', data: { text, by: 'person' } })?.seq ?? 0

it('tells a new tab how it is, and from then on what happens', async () => {
  say('before')
  const tab = await openTab()
  await eventually(() => tab.events.length >= 3)
  expect(tab.events.slice(0, 3).map(({ event }) => event)).toEqual(['overview', 'approvals', 'beat'])
  const seq = say('hello\n\nevent: forged')
  await eventually(() => tab.seqs().includes(seq))
  expect(tab.events.find(({ event }) => event === 'journal')).toMatchObject({
    id: `${seq}.0`,
    data: { seq, session: 's1', type: 'message_in', data: { text: 'hello\n\nevent: forged' } },
  })
  store.saveIncident(anIncident('I1', { closedAt: null, outcome: 'open', openedAt: new Date().toISOString() }))
  await eventually(() => tab.events.some(({ event, data }) => event === 'incident' && data['id'] === 'I1'))
  await eventually(() =>
    tab.events.some(({ event, data }) => event === 'overview' && String(data['sentence']).includes('Open incident I1')),
  )
  store.saveIncident(anIncident('I1', { openedAt: new Date().toISOString() }))
  await eventually(() => tab.events.some(({ event, data }) => event === 'incident' && data['outcome'] === 'healed'))
  const deed = { kind: 'agent' as const, action: 'shell', args: {}, sourceHash: 'h', binding: 'r:c' }
  ask(home.paths.approvals, { deed, plan: 'p', reason: '', by: 'm', lastsMs: 60_000 }, now())
  await eventually(() => tab.events.some(({ event, data }) => event === 'approvals' && data['waiting'] === 1))
  await eventually(() => tab.events.filter(({ event }) => event === 'beat').length >= 2)
})

it('after a reconnect nothing of the journal is missed and nothing comes twice, however much there was', async () => {
  const first = await openTab()
  const early = [say('a'), say('b'), say('c')]
  await eventually(() => first.seqs().length === 3)
  const lastId = first.events.findLast(({ event }) => event === 'journal')?.id ?? ''
  first.close()
  await first.ended
  // More than a page, and more than is kept in memory.
  const missed = Array.from({ length: 450 }, (_, index) => say(index % 9 === 0 ? 'x'.repeat(100_000) : 'short'))
  const second = await openTab({ 'last-event-id': lastId })
  const late = [say('d'), say('e')]
  await eventually(() => second.seqs().includes(late[1] ?? 0))
  expect([...first.seqs(), ...second.seqs()]).toEqual([...early, ...missed, ...late])
  const big = second.events.find(({ data }) => data['seq'] === missed[0])?.data['data'] as { text: string }
  expect(big.text).toMatch(/^x{16384}… \(\+83616\)$/)
})

it('an id from before a journal was put back leads to its end', async () => {
  const seq = say('a')
  const tab = await openTab({ 'last-event-id': '999999.3' })
  const next = say('b')
  await eventually(() => tab.seqs().length > 0)
  expect([seq, ...tab.seqs()]).toEqual([seq, next])
})

it('goes on when the journal is gone and comes back', async () => {
  journal.close()
  for (const end of ['', '-wal', '-shm']) rmSync(home.paths.agentDb + end, { force: true })
  const tab = await openTab()
  await eventually(() =>
    tab.events.some(({ event, data }) => event === 'overview' && JSON.stringify(data['unknown']).includes('agent.db')),
  )
  journal = openSqliteJournal(home.paths.agentDb)
  const seq = say('first')
  await eventually(() => tab.seqs().includes(seq))
  await eventually(() =>
    tab.events.some(({ event, data }) => event === 'overview' && JSON.stringify(data['unknown']) === '[]'),
  )
})

it('speaks the language of the tab, and computes once for all tabs', async () => {
  const english = await openTab()
  const korean = await openTab({ 'accept-language': 'ko' })
  await eventually(() => english.events.length > 0 && korean.events.length > 0)
  const sentence = ({ events }: Tab) => String(events.find(({ event }) => event === 'overview')?.data['sentence'])
  expect([sentence(english), sentence(korean)]).toEqual(['Stopped, as you wished.', '멈춤(요청하신 대로).'])
})

it('ends with the session: when it is signed out, and when the process leaves', async () => {
  const cookie = dashboard.cookie()
  const signedOut = await openTab({ cookie })
  const staying = await openTab()
  await fetch(`${dashboard.url}/logout`, { method: 'POST', headers: { cookie } })
  await signedOut.ended
  expect((await dashboard.get('/api/events', { cookie })).status).toBe(401)
  await dashboard.close()
  await staying.ended
  dashboard = await startDashboard(home.paths)
})

/** A tab that reads nothing before `mayRead`, and comes back with its last id when it was dropped for that. */
async function readLate(mayRead: Promise<void>, lastWanted: () => number): Promise<number[]> {
  const seqs: number[] = []
  while (seqs.at(-1) !== lastWanted()) {
    const socket = connect(dashboard.port, '127.0.0.1').pause().setEncoding('utf8')
    const headers = `Cookie: ${dashboard.cookie()}\r\nLast-Event-ID: ${seqs.at(-1) ?? 0}.0`
    socket.write(`GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:${dashboard.port}\r\n${headers}\r\n\r\n`)
    await mayRead
    let rest = ''
    try {
      for await (const chunk of socket) {
        const lines = `${rest}${chunk}`.split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines)
          seqs.push(...[...line.matchAll(/^data: \{"seq":(\d+),/g)].map(([, seq]) => Number(seq)))
        if (seqs.at(-1) === lastWanted()) break
      }
    } catch {
      // It was dropped.
    }
    socket.destroy()
  }
  return seqs
}

it('holds little for a tab that reads nothing, and loses nothing for it when it reads again', async () => {
  const begun = Promise.withResolvers<void>()
  let last = -1
  const late = readLate(begun.promise, () => last)
  const quick = await openTab({ 'last-event-id': '0.0' })
  // More than the kernel holds for a connection.
  const seqs = Array.from({ length: 300 }, () => say('가'.repeat(15_000)))
  last = seqs.at(-1) ?? 0
  await eventually(() => quick.seqs().length === seqs.length, 50_000)
  begun.resolve()
  expect(await late).toEqual(seqs)
})

it('a tab is over when its session is, by the clock on the wall', () => {
  const response = { on: () => undefined } as never
  const tab = { response, language: 'en' as const, cursor: 0, isStillAllowed: () => true, journalAfter: () => [] }
  const client = createClient({ ...tab, endsMs: 1_000 })
  expect([client.isOver(999), client.isOver(1_000)]).toEqual([false, true])
  expect(createClient({ ...tab, endsMs: null }).isOver(Number.MAX_SAFE_INTEGER)).toBe(false)
})

it('a tab that takes nothing is told nothing more, then only the newest', () => {
  const written: string[] = []
  const listeners = new Map<string, () => void>()
  let waiting = 0
  const response = {
    write: (text: string) => written.push(text),
    get writableLength() {
      return waiting
    },
    on: (event: string, listener: () => void) => listeners.set(event, listener),
    end: () => undefined,
    destroy: () => undefined,
  }
  const events: SentEvent[] = Array.from({ length: 5 }, (_, index) => ({
    seq: index + 1,
    text: `{"seq":${index + 1}}`,
  }))
  const client = createClient({
    response: response as never,
    language: 'en',
    cursor: 0,
    endsMs: null,
    isStillAllowed: () => true,
    journalAfter: (seq) => events.filter((event) => event.seq > seq).slice(0, 2),
  })
  client.tell('overview', '1')
  waiting = 1_000_000
  client.pump()
  client.tell('overview', '2')
  client.tell('overview', '3')
  client.tell('incident', '"a"', 'incident a')
  expect(written).toHaveLength(2)
  waiting = 0
  listeners.get('drain')?.()
  expect(written.map((text) => text.split('\n').slice(0, 3))).toEqual([
    ['id: 0.0', 'event: overview', 'data: 1'],
    ...events.map(({ seq, text }) => [`id: ${seq}.0`, 'event: journal', `data: ${text}`]),
    ['id: 5.1', 'event: overview', 'data: 3'],
    ['id: 5.2', 'event: incident', 'data: "a"'],
  ])
})
