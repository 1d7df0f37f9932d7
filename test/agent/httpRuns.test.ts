/** The HTTP interface of runs with tools, over a real port, journal and provider: messages, events, steering, repeating, approvals. */
import { mkdtempSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createApp } from '../../src/agent/http/app.ts'
import type { Journal } from '../../src/agent/journal/journal.ts'
import { openSqliteJournal } from '../../src/agent/journal/sqliteJournal.ts'
import { createApprovals } from '../../src/agent/runs/approvals.ts'
import { createRuns } from '../../src/agent/runs/runs.ts'
import { now } from '../../src/shared/clock.ts'
import { readEvents } from '../../src/shared/http/readEvents.ts'
import { createToken, tokensFrom } from '../../src/shared/tokens.ts'
import { type FakeAnthropic, startFakeAnthropic } from '../fakes/anthropic.ts'
import { call, eventually } from './agentProcess.ts'
import { playPlan, questionOf } from './loop/brain.ts'
import { partsOf, plainGates } from './loop/parts.ts'

const chatToken = createToken('chat')
const approveToken = createToken('approve')
const tokens = tokensFrom(
  new Map([
    ['OTTUGI_TOKEN_CHAT', chatToken],
    ['OTTUGI_TOKEN_APPROVE', approveToken],
  ]),
)
const gates = plainGates({ send: 'ask' })
let provider: FakeAnthropic
let folder: string
let journal: Journal
let server: Server
let client: { url: string; token: string }

beforeAll(async () => {
  provider = await startFakeAnthropic(playPlan)
  folder = mkdtempSync(join(tmpdir(), 'ottugi-http-'))
  journal = openSqliteJournal(join(folder, 'agent.db'))
  const approvals = join(folder, 'approvals')
  const parts = {
    ...partsOf({
      journal,
      url: provider.url,
      approvals: createApprovals({ folder: approvals, now, lastsMs: 60_000, lookEveryMs: 5 }),
    }),
    gates,
  }
  const runs = createRuns(parts)
  const app = createApp({
    host: '127.0.0.1',
    language: 'en',
    home: folder,
    keyVariable: 'KEY',
    budget: { dayUsd: 5 },
    checks: {},
    journal,
    runs,
    readTokens: () => tokens,
    leaving: new AbortController().signal,
    safeMode: null,
    approvals: { folder: approvals, runs, tools: parts.tools, gates, channel: 'terminal' },
    onBug: (error) => {
      throw error
    },
  })
  server = await new Promise<Server>((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening))
  })
  client = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: chatToken }
})

afterAll(async () => {
  server.closeAllConnections()
  server.close()
  journal.close()
  await provider.close()
  rmSync(folder, { recursive: true, force: true })
})

beforeEach(() => provider.setScript(playPlan))

const message = (rounds: readonly { name: string; input: unknown }[][], more: object = {}) => ({
  message: questionOf({ rounds, final: 'all done' }),
  ...more,
})
const one = (name: string, n = 1) => [[{ name, input: { n } }]]

async function streamed(path: string, body: unknown) {
  const response = await call(client, path, body, { accept: 'text/event-stream' })
  const events: { event: string; data: Record<string, unknown> }[] = []
  if (!response.body) throw new Error('no body')
  for await (const { event, data } of readEvents(response.body)) events.push({ event, data: JSON.parse(data) })
  return events
}

async function problemOf(response: Response) {
  const { type } = (await response.json()) as { type: string }
  return [response.status, type.replace('urn:ottugi:problem:', '')]
}

describe('messages to a session', () => {
  it('stream every event of the run once, in order, and end with the whole', async () => {
    const events = await streamed('/api/sessions/s1/messages', message(one('look'), { id: 'streamed' }))
    const told = events.flatMap(({ event, data }) => (event === 'event' ? [data] : []))
    const types = [
      'message_in',
      'model_asked',
      'model_answered',
      'gate_decided',
      'tool_started',
      'tool_ended',
      'model_asked',
      'model_answered',
      'run_ended',
    ]
    expect(told.map(({ type }) => type)).toEqual(types)
    expect(told.map(({ seq }) => seq)).toEqual(journal.eventsOfRun('streamed').map(({ seq }) => seq))
    expect(told.every(({ data }) => !('native' in (data as object)))).toBe(true)
    expect([events[0], events.at(-1)]).toMatchObject([
      { event: 'run', data: { run: 'streamed', session: 's1' } },
      { event: 'done', data: { text: 'all done', finish: 'answered' } },
    ])
    const again = await streamed('/api/sessions/s1/messages', message(one('look'), { id: 'streamed' }))
    expect(again.filter(({ event }) => event === 'event').map(({ data }) => data)).toEqual(told)
    const listed = (await (await call(client, '/api/runs/streamed/events')).json()) as { events: unknown[] }
    expect(listed.events).toEqual(told)
  })

  it('are on the disk before anybody is told that they were taken', async () => {
    provider.setScript({ do: 'silence' })
    const body = message([], { id: 'told' })
    const json = call(client, '/api/sessions/s5/messages', body)
    const seqOf = () => journal.eventsOfRun('told')[0]?.seq ?? Number.POSITIVE_INFINITY
    await eventually(() => journal.lastSeq() >= seqOf())
    const untold = journal.settledSeq() < seqOf()
    const stream = await call(client, '/api/sessions/s5/messages', body, { accept: 'text/event-stream' })
    expect([untold, journal.settledSeq() >= seqOf()]).toEqual([true, true])
    expect((await call(client, '/api/runs/told/cancel', '')).status).toBe(202)
    await Promise.all([json, stream.text()])
  })

  it('take pictures, limits and wishes, and tell no bytes of a picture', async () => {
    const images = [{ mediaType: 'image/png', base64: 'iVBORw0KGgo=' }]
    const body = {
      message: 'what is this',
      id: 'picture',
      images,
      model: 'm',
      task: 'quick',
      limits: { rounds: 1 },
      by: 'program',
    }
    expect(await (await call(client, '/api/sessions/s2/messages', body)).json()).toMatchObject({ finish: 'answered' })
    expect(journal.eventsOfRun('picture')[0]?.data).toMatchObject({
      images,
      model: 'm',
      task: 'quick',
      limits: { rounds: 1 },
      by: 'program',
    })
    const listed = await (await call(client, '/api/runs/picture/events')).text()
    expect(listed).not.toContain('iVBORw0KGgo')
    expect(JSON.stringify(provider.requests.at(-1)?.body.messages)).toContain('iVBORw0KGgo')
  })

  it.each([
    ['a session with a bad name', '/api/sessions/..%2Fx/messages', { message: 'a' }, [404, 'not-found']],
    ['no message', '/api/sessions/s/messages', {}, [400, 'bad-request']],
    ['an unknown field', '/api/sessions/s/messages', { message: 'a', job: 'x' }, [400, 'bad-request']],
    [
      'a picture that is none',
      '/api/sessions/s/messages',
      { message: 'a', images: [{ mediaType: 'text/html', base64: 'x' }] },
      [400, 'bad-request'],
    ],
    ['malformed JSON', '/api/sessions/s/messages', '{"message":', [400, 'malformed']],
    [
      'a message over 16 MiB',
      '/api/sessions/s/messages',
      `{"message":"${'x'.repeat(17_000_000)}"}`,
      [413, 'too-large'],
    ],
    ['a run to repeat that is not there', '/api/runs/none/rerun', {}, [404, 'not-found']],
    ['a run to repeat from nowhere', '/api/runs/none/rerun', { fromSeq: -1 }, [400, 'bad-request']],
    ['a run to steer that is not there', '/api/runs/none/steer', { text: 'a' }, [404, 'not-running']],
    ['nothing to steer with', '/api/runs/none/steer', { text: ' ' }, [400, 'bad-request']],
  ])('%s is a problem', async (_name, path, body, expected) => {
    expect(await problemOf(await call(client, path, body))).toEqual(expected)
  })

  it('events of a run that is not there are a problem', async () => {
    expect(await problemOf(await call(client, '/api/runs/none/events'))).toEqual([404, 'not-found'])
  })
})

it('a run is steered while it goes on, and repeated when it has ended', async () => {
  const answer = call(client, '/api/sessions/s3/messages', message(one('hang'), { id: 'steered' }))
  await eventually(() => journal.eventsOfRun('steered').some(({ type }) => type === 'tool_started'))
  expect((await call(client, '/api/runs/steered/steer', { text: 'one more thing' })).status).toBe(202)
  expect((await call(client, '/api/runs/steered/cancel', '')).status).toBe(202)
  expect(await problemOf(await answer)).toEqual([409, 'cancelled'])
  expect(journal.eventsOfRun('steered').map(({ type }) => type)).toContain('steered')

  await (await call(client, '/api/sessions/s4/messages', message(one('put'), { id: 'first' }))).json()
  const again = await (await call(client, '/api/runs/first/rerun', { id: 'second', dryRun: true })).json()
  expect(again).toMatchObject({ run: 'second', session: 'second', text: 'all done', finish: 'answered' })
  expect(
    journal.eventsOfRun('second').flatMap((event) => (event.type === 'tool_ended' ? [event.data.how] : [])),
  ).toEqual(['dry'])
})

describe('approvals', () => {
  type Shown = { id: string; state: string; run: string; call: string; plan: string }
  const approvals = async (): Promise<Shown[]> =>
    ((await (await call(client, '/api/approvals?state=waiting')).json()) as { approvals: Shown[] }).approvals
  const say = (id: string, body: unknown, token = approveToken) =>
    call({ ...client, token }, `/api/approvals/${id}`, body)

  it('are shown with their run, and answered with the scope approve only, once', async () => {
    const answer = call(client, '/api/sessions/s5/messages', message(one('send', 9), { id: 'asking' }))
    const [asked] = await eventually(async () => ((await approvals()).length > 0 ? approvals() : undefined))
    const { id = '' } = asked ?? {}
    expect(asked).toMatchObject({
      state: 'waiting',
      action: 'send',
      args: { n: 9 },
      run: 'asking',
      call: 'toolu_0_0',
      plan: 'send {"n":9}',
    })
    expect(await (await call(client, '/api/runs/asking')).json()).toMatchObject({
      finish: null,
      waiting: [{ call: 'toolu_0_0', tool: 'send', approval: id }],
    })
    expect(await problemOf(await say(id, { verdict: 'approved' }, chatToken))).toEqual([403, 'wrong-scope'])
    expect(await problemOf(await say(id, { verdict: 'maybe' }))).toEqual([400, 'bad-request'])
    expect(await problemOf(await say('A999', { verdict: 'approved' }))).toEqual([404, 'not-found'])
    expect((await say(id, { verdict: 'approved', always: 'session' })).status).toBe(200)
    expect(await (await answer).json()).toMatchObject({ finish: 'answered' })
    expect((await problemOf(await say(id, { verdict: 'denied' })))[0]).toBe(409)
    const judged = { tool: 'send', input: { n: 9 }, session: 's5', job: undefined, attended: true }
    expect(gates.always).toEqual([{ call: judged, scope: 'session' }])
  })
})
