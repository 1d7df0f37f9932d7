/** The agent's HTTP contract, against a real process. */
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readEvents } from '../../src/shared/http/readEvents.ts'
import { createToken } from '../../src/shared/tokens.ts'
import { type FakeAnthropic, startFakeAnthropic } from '../fakes/anthropic.ts'
import { call, makeHome, startAgent, type TestHome, type TestProcess } from './agentProcess.ts'

let provider: FakeAnthropic
let home: TestHome
let agent: TestProcess
const readToken = createToken('read')
const chatToken = createToken('chat')

beforeAll(async () => {
  provider = await startFakeAnthropic()
  const env = `OTTUGI_TOKEN_READ=${readToken}\nOTTUGI_TOKEN_CHAT=${chatToken}\n`
  home = makeHome({ modelUrl: provider.url, env })
  agent = await startAgent(home)
})

afterAll(async () => {
  await agent?.stop()
  await provider?.close()
  home?.remove()
})

async function problem(response: Response) {
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  const body = (await response.json()) as { type: string; status: number; title: string; detail: string }
  expect(body.status).toBe(response.status)
  expect(body.title).not.toBe('')
  return [response.status, body.type.replace('urn:ottugi:problem:', '')]
}

/** fetch sets Host and refuses to send another one. */
function rawStatus(path: string, headers: Record<string, string>): Promise<number | undefined> {
  const { hostname, port } = new URL(agent.url)
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, headers }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end()
  })
}

describe('health', () => {
  it('is bare without a token, whole with one', async () => {
    const bare = await fetch(`${agent.url}/health`)
    expect([bare.status, await bare.json()]).toEqual([200, { status: 'pass' }])
    const whole = await call({ ...agent, token: readToken }, '/health')
    expect(whole.headers.get('content-type')).toMatch(/^application\/health\+json/)
    const report = (await whole.json()) as Record<string, unknown>
    expect(report).toMatchObject({ status: 'pass', pid: agent.child.pid, checks: { journal: { status: 'pass' } } })
    expect(report['bootNonce']).toMatch(/^[0-9a-f]{16}$/)
  })

  it('says that it lives and is ready', async () => {
    expect((await fetch(`${agent.url}/livez`)).status).toBe(200)
    expect((await fetch(`${agent.url}/readyz`)).status).toBe(200)
  })

  it('shows metrics in the form of Prometheus', async () => {
    const response = await call({ ...agent, token: readToken }, '/metrics')
    const text = await response.text()
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
    expect(text).toMatch(/^ottugi_process_start_time_seconds \d{10}$/m)
    expect(text).toMatch(/^# TYPE ottugi_model_calls_total counter$/m)
  })
})

describe('what is refused, always as a problem', () => {
  const cases: [string, () => Promise<Response>, [number, string]][] = [
    ['malformed JSON', () => call(agent, '/api/chat', '{"message":'), [400, 'malformed']],
    ['JSON that is no object', () => call(agent, '/api/chat', '"hi"'), [400, 'malformed']],
    ['an empty message', () => call(agent, '/api/chat', { message: ' ' }), [400, 'bad-request']],
    ['an unknown field', () => call(agent, '/api/chat', { message: 'a', modle: 'x' }), [400, 'bad-request']],
    ['a bad id', () => call(agent, '/api/chat', { message: 'a', id: '../x' }), [400, 'bad-request']],
    ['a body over 1 MiB', () => call(agent, '/api/chat', { message: 'x'.repeat(1_100_000) }), [413, 'too-large']],
    [
      'another media type',
      () => call(agent, '/api/chat', 'hi', { 'content-type': 'text/plain' }),
      [415, 'unsupported'],
    ],
    ['no token', () => fetch(`${agent.url}/metrics`), [401, 'no-token']],
    ['a wrong token', () => call({ ...agent, token: createToken('admin') }, '/metrics'), [401, 'no-token']],
    [
      'a token of another scope',
      () => call({ ...agent, token: readToken }, '/api/chat', { message: 'a' }),
      [403, 'wrong-scope'],
    ],
    [
      'a page of another origin',
      () => call(agent, '/api/chat', { message: 'a' }, { origin: 'http://evil.example' }),
      [403, 'wrong-origin'],
    ],
    ['a path that is not there', () => call(agent, '/api/nothing'), [404, 'not-found']],
    ['a run that is not there', () => call(agent, '/api/runs/none'), [404, 'not-found']],
    ['another method', () => fetch(`${agent.url}/api/chat`, { method: 'DELETE' }), [405, 'method-not-allowed']],
    [
      'a bad Last-Event-ID',
      () => call(agent, '/api/events', undefined, { 'last-event-id': 'x' }),
      [400, 'bad-request'],
    ],
  ]
  it.each(cases)('%s', async (_name, send, expected) => {
    expect(await problem(await send())).toEqual(expected)
  })

  it('a Host header that is not ours, on every route', async () => {
    const statuses = await Promise.all(
      ['/livez', '/health', '/api/events', '/nothing'].map((path) => rawStatus(path, { host: 'evil.example' })),
    )
    expect(statuses).toEqual([403, 403, 403, 403])
    expect(await rawStatus('/livez', { host: new URL(agent.url).host })).toBe(200)
    expect(await rawStatus('/livez', { host: '127.0.0.1:1' })).toBe(403)
  })
})

describe('chat', () => {
  it('answers as one JSON object', async () => {
    const response = await call({ ...agent, token: chatToken }, '/api/chat', { message: 'hello there', session: 's1' })
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({
      session: 's1',
      text: 'echo: hello there',
      finish: 'answered',
      usage: { outputTokens: 3 },
    })
  })

  it('streams text as it comes, then the whole', async () => {
    const response = await call(agent, '/api/chat', { message: 'one two' }, { accept: 'text/event-stream' })
    const events: { event: string; data: Record<string, unknown> }[] = []
    if (!response.body) throw new Error('no body')
    for await (const { event, data } of readEvents(response.body)) events.push({ event, data: JSON.parse(data) })
    expect(events.map(({ event }) => event)).toEqual(['run', 'text', 'text', 'text', 'done'])
    expect(events.filter(({ event }) => event === 'text').map(({ data }) => data['delta'])).toEqual([
      'echo:',
      ' one',
      ' two',
    ])
    expect(events.at(-1)?.data).toMatchObject({ text: 'echo: one two', finish: 'answered' })
  })

  it('tells the model what was said before in the session', async () => {
    const session = 'memory'
    await (await call(agent, '/api/chat', { message: 'first', session })).json()
    await (await call(agent, '/api/chat', { message: 'second', session })).json()
    const told = provider.requests.at(-1)?.body.messages.map(({ role, content }) => [role, JSON.stringify(content)])
    expect(told).toEqual([
      ['user', expect.stringMatching(/"first\\n\\n\[sent /)],
      ['assistant', '"echo: first"'],
      ['user', expect.stringMatching(/"second\\n\\n\[sent /)],
    ])
  })

  it('leads the same id to the same run, and refuses it for another message', async () => {
    const before = provider.requests.length
    const [a, b] = await Promise.all(
      [1, 2].map(async () => (await call(agent, '/api/chat', { message: 'once', id: 'once-1' })).json()),
    )
    const c = await (await call(agent, '/api/chat', { message: 'once' }, { 'idempotency-key': 'once-1' })).json()
    expect([b, c]).toEqual([a, a])
    expect(provider.requests.length).toBe(before + 1)
    expect(await (await call(agent, '/api/runs/once-1')).json()).toEqual(a)
    expect(await problem(await call(agent, '/api/chat', { message: 'other', id: 'once-1' }))).toEqual([409, 'id-taken'])
  })

  it('gives up a run on request', async () => {
    provider.setScript({ do: 'stall' })
    const asked = call(agent, '/api/chat', { message: 'long', id: 'long-1' })
    await provider.seen(provider.requests.length + 1)
    expect((await call(agent, '/api/runs/long-1/cancel', '')).status).toBe(202)
    expect(await problem(await asked)).toEqual([409, 'cancelled'])
    provider.setScript({ do: 'echo' })
    expect(await problem(await call(agent, '/api/runs/long-1/cancel', ''))).toEqual([404, 'not-running'])
  })

  it('tells events to a follower, from where it left off', async () => {
    const controller = new AbortController()
    const run = 'followed-1'
    await (await call(agent, '/api/chat', { message: 'follow me', id: run })).json()
    const response = await fetch(`${agent.url}/api/events`, {
      headers: { authorization: `Bearer ${readToken}`, 'last-event-id': '0' },
      signal: controller.signal,
    })
    const seen: string[] = []
    let last = 0
    if (!response.body) throw new Error('no body')
    for await (const { event, data } of readEvents(response.body)) {
      const value = JSON.parse(data)
      expect(value.seq).toBeGreaterThan(last)
      last = value.seq
      if (value.run === run) seen.push(event)
      if (value.run === run && event === 'run_ended') break
    }
    controller.abort()
    expect(seen).toEqual(['message_in', 'model_asked', 'model_answered', 'run_ended'])
  })
})
