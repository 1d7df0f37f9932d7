import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { waitFor } from '../../src/drill/waitFor.ts'
import { createHealthPoll, type HealthPoll } from '../../src/watchdog/healthPoll.ts'

let server: Server
let url: string
let asked: { path: string; authorization: string | undefined }[]
let answer: (response: ServerResponse) => void

beforeEach(async () => {
  asked = []
  answer = (response) => response.end('{}')
  server = createServer(({ url: path = '', headers }, response) => {
    asked.push({ path, authorization: headers.authorization })
    answer(response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterEach(() => {
  server.closeAllConnections()
  server.close()
})

const UNKNOWN = { failures: 0, passed: false, degraded: [], answeredAt: null, problem: null }
const create = (timeoutMs = 20_000) => createHealthPoll({ intervalMs: 100, timeoutMs, path: '/health', token: 't' })
const failures = (poll: HealthPoll, count: number) =>
  waitFor(`${count} failures`, 30_000, () => (poll.view().failures === count ? true : undefined))
const problem = (poll: HealthPoll) => waitFor('a problem', 30_000, () => poll.view().problem ?? undefined)
const passed = (poll: HealthPoll) => waitFor('a good answer', 30_000, () => (poll.view().passed ? true : undefined))

it('asks with its token, each interval, and one question at a time', async () => {
  const poll = create()
  const waiting: ServerResponse[] = []
  answer = (response) => void waiting.push(response)
  poll.maybeAsk(null, 0)
  poll.maybeAsk(url, 0)
  poll.maybeAsk(url, 100)
  await waitFor('the question', 30_000, () => waiting[0])
  poll.maybeAsk(url, 200)
  expect(asked).toEqual([{ path: '/health', authorization: 'Bearer t' }])
  waiting[0]?.end('{}')
  await passed(poll)
  poll.maybeAsk(url, 250)
  await waitFor('the second question', 30_000, () => waiting[1])
  waiting[1]?.end('{}')
})

it('counts failures in a row, and a good answer ends the row', async () => {
  const poll = create()
  answer = (response) => void response.writeHead(503).end()
  poll.maybeAsk(url, 0)
  expect(await problem(poll)).toEqual({ kind: 'broken', reason: 'status 503' })
  answer = (response) => void response.destroy()
  poll.maybeAsk(url, 100)
  await failures(poll, 2)
  expect(poll.view()).toEqual({ ...UNKNOWN, failures: 2, problem: { kind: 'broken', reason: 'socket hang up' } })
  answer = (response) => response.end('{"checks":{}}')
  poll.maybeAsk(url, 200)
  await passed(poll)
  expect(poll.view()).toMatchObject({ failures: 0, degraded: [], problem: null })
  expect(asked.length).toBe(4)
})

it('asks a second time at once before it says anything, and counts that as one', async () => {
  const poll = create(100)
  answer = () => {}
  poll.maybeAsk(url, 0)
  await waitFor('the second question', 30_000, () => (asked.length === 2 ? true : undefined))
  expect(poll.view()).toEqual({ ...UNKNOWN, failures: 1 })
  expect(await problem(poll)).toEqual({ kind: 'late', afterMs: 100 })
  expect(poll.view()).toMatchObject({ failures: 1 })
  expect(asked.length).toBe(2)
})

it('says nothing of a single answer that did not come', async () => {
  const poll = create(200)
  answer = () => {
    answer = (response) => response.end('{}')
  }
  poll.maybeAsk(url, 0)
  await passed(poll)
  expect(poll.view()).toMatchObject({ failures: 0, problem: null })
  expect(asked.length).toBe(2)
})

it('takes a refusal for life: who answers 4xx is there', async () => {
  const poll = create()
  answer = (response) => void response.writeHead(401).end()
  poll.maybeAsk(url, 0)
  await passed(poll)
})

it('says what is not well, in the words of the check', async () => {
  const poll = create()
  const checks = { a: { status: 'pass' }, b: { status: 'warn', output: 'It is low.' }, c: { status: 'fail' }, d: null }
  answer = (response) => response.end(JSON.stringify({ checks }))
  poll.maybeAsk(url, 0)
  await passed(poll)
  expect(poll.view().degraded).toEqual(['b: It is low.', 'c: fail', 'd: undefined'])
})

it.each(['', 'no json', 'null', '42', '{"checks":7}', '{"checks":null}'])(
  'a body that says nothing: %s',
  async (body) => {
    const poll = create()
    answer = (response) => response.end(body)
    poll.maybeAsk(url, 0)
    await passed(poll)
    expect(poll.view().degraded).toEqual([])
  },
)

it.each<[string, (response: ServerResponse) => void]>([
  ['never comes', () => {}],
  ['never ends', (response) => void response.write('{')],
  ['drips', (response) => void setInterval(() => response.write(' '), 5).unref()],
])('an answer that %s is a failure', async (_, play) => {
  const poll = create(100)
  answer = play
  poll.maybeAsk(url, 0)
  expect(await problem(poll)).toEqual({ kind: 'late', afterMs: 100 })
})

it('keeps what the agent last said of itself while it says nothing, and says so', async () => {
  const poll = create(100)
  answer = (response) => response.end('{"checks":{"a":{"status":"warn","output":"It is low."}}}')
  poll.maybeAsk(url, 0)
  await passed(poll)
  answer = () => {}
  poll.maybeAsk(url, 100)
  await problem(poll)
  expect(poll.view()).toMatchObject({
    passed: false,
    degraded: ['a: It is low.'],
    problem: { kind: 'late', afterMs: 100 },
  })
})

it('does not blame anybody for the time in which we slept ourselves', async () => {
  const poll = create(300)
  answer = () => {}
  poll.maybeAsk(url, 0)
  await waitFor('the question', 30_000, () => asked[0])
  const wakeAt = performance.now() + 1_600
  while (performance.now() < wakeAt);
  answer = (response) => response.end('{}')
  await waitFor('a good answer', 30_000, () => {
    poll.maybeAsk(url, 100)
    return poll.view().passed ? true : undefined
  })
  expect(poll.view().failures).toBe(0)
})

it('forgets the failures of a process when another one has its address', async () => {
  const poll = create()
  answer = (response) => void response.writeHead(503).end()
  poll.maybeAsk(url, 0, 'old')
  await problem(poll)
  answer = (response) => response.end('{}')
  poll.maybeAsk(url, 10, 'new')
  expect(poll.view()).toEqual(UNKNOWN)
  await passed(poll)
})

it('an answer without an end in size is a failure', async () => {
  const poll = create()
  answer = (response) => {
    const more = () => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
    }
    response.on('drain', more)
    more()
  }
  poll.maybeAsk(url, 0)
  await failures(poll, 1)
})

it('forgets everything when the address changes, also an answer that comes late', async () => {
  const poll = create()
  const waiting: ServerResponse[] = []
  answer = (response) => void waiting.push(response)
  poll.maybeAsk(url, 0)
  const late = await waitFor('the question', 30_000, () => waiting[0])
  poll.maybeAsk(null, 50)
  late.writeHead(500).end()
  answer = (response) => response.end('{}')
  await waitFor('the poll to ask the new address', 30_000, () => {
    poll.maybeAsk(`${url}/next`, 60)
    return poll.view().passed ? true : undefined
  })
  expect(poll.view()).toMatchObject({ failures: 0, passed: true })
  poll.maybeAsk(null, 70)
  expect(poll.view()).toEqual(UNKNOWN)
})
