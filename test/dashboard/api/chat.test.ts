/** The way through the dashboard to a real agent with a fake provider: chat, cancelling, answering, and what the page asks of sessions and jobs. */
import { existsSync, readFileSync } from 'node:fs'
import { request as callHttp } from 'node:http'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Approvals } from '../../../dashboard/contractViews.ts'
import { type ReceivedEvent, readEvents } from '../../../src/shared/http/readEvents.ts'
import { eventually, makeHome, startAgent, type TestHome, type TestProcess } from '../../agent/agentProcess.ts'
import { type FakeAnthropic, startFakeAnthropic } from '../../fakes/anthropic.ts'
import { type ActionServer, startActions, tokenLines } from './actionServer.ts'

let provider: FakeAnthropic
let home: TestHome
let server: ActionServer
const agents: TestProcess[] = []

async function open(): Promise<void> {
  provider = await startFakeAnthropic()
  const { tokens, text } = tokenLines()
  home = makeHome({ modelUrl: provider.url, env: text })
  server = await startActions(home.paths, { tokens })
}

async function close(): Promise<void> {
  await server.close()
  for (const agent of agents.splice(0)) await agent.kill()
  await provider.close()
  expect(server.bugs).toEqual([])
  home.remove()
}

async function start(): Promise<TestProcess> {
  const agent = await startAgent(home)
  agents.push(agent)
  return agent
}

const question = (id: string, message = 'hello', session = `s-${id}`) => ({ session, message, id })

async function chat(body: object, signal?: AbortSignal): Promise<Response> {
  return server.raw('chat', '/api/chat', { body, ...(signal ? { signal } : {}) })
}

async function eventsOf(response: Response): Promise<ReceivedEvent[]> {
  const events: ReceivedEvent[] = []
  for await (const event of readEvents(response.body ?? (async function* () {})())) events.push(event)
  return events
}

/** The due moment that a run by hand became. */
const slotIn = ({ body }: { readonly body: unknown }) => (body as { slot: { id: string } }).slot.id
const textOf = (events: readonly ReceivedEvent[]) =>
  events.flatMap(({ event, data }) => (event === 'text' ? [JSON.parse(data).delta] : [])).join('')

async function waiting(): Promise<Approvals['approvals'][number]> {
  return eventually(async () => {
    const { approvals } = (await server.ask('read', '/api/approvals')).body as Approvals
    return approvals.find(({ state }) => state === 'waiting')
  })
}

async function chatHeaders(): Promise<Record<string, string>> {
  const token = /^OTTUGI_TOKEN_CHAT=(.*)$/m.exec(readFileSync(home.paths.env, 'utf8'))?.[1]
  return { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
}

describe('with a running agent', () => {
  beforeAll(async () => {
    await open()
    await start()
  })
  afterAll(close)

  it('streams the answer through as the agent tells it', async () => {
    provider.setScript({ do: 'echo' })
    const response = await chat(question('t1'))
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8'])
    const events = await eventsOf(response)
    expect(events[0]).toEqual({ event: 'run', data: JSON.stringify({ run: 't1', session: 's-t1' }) })
    expect(events.at(-1)?.event).toBe('done')
    expect(textOf(events)).toContain('echo: hello')
    expect(events.some(({ event }) => event === 'event')).toBe(true)
  })

  it('gives one id one run and one answer', async () => {
    const before = provider.requests.length
    provider.setScript({ do: 'echo' })
    const both = await Promise.all([chat(question('t2')).then(eventsOf), chat(question('t2')).then(eventsOf)])
    expect(both.map((events) => JSON.parse(events.at(-1)?.data ?? '').text)).toEqual(['echo: hello', 'echo: hello'])
    expect(provider.requests.length).toBe(before + 1)
    const other = await chat(question('t2', 'another message'))
    expect([other.status, ((await other.json()) as { type: string }).type]).toEqual([
      409,
      'urn:ottugi:problem:id-taken',
    ])
  })

  it('lets a run go on when the tab goes', async () => {
    provider.setScript({ do: 'say', text: 'finished without a listener', chunkDelayMs: 20 })
    const agent = agents[0] as TestProcess
    const tab = new AbortController()
    const response = await chat(question('t3'), tab.signal)
    await response.body?.getReader().read()
    tab.abort()
    const run = await eventually(async () => {
      const found = await fetch(`${agent.url}/api/runs/t3`, { headers: { authorization: `Bearer ${agent.token}` } })
      const body = (await found.json()) as { finish?: string; text?: string }
      return body.finish && body
    })
    expect(run).toMatchObject({ finish: 'answered', text: 'finished without a listener' })
  })

  it('cancels a run', async () => {
    const before = provider.requests.length
    provider.setScript({ do: 'silence' })
    const events = eventsOf(await chat(question('t4')))
    await provider.seen(before + 1)
    const cancelled = await server.ask('chat', '/api/actions/cancel-run', { body: { run: 't4' } })
    expect(cancelled.body).toMatchObject({ done: true })
    expect((await events).at(-1)).toMatchObject({ event: 'problem', data: expect.stringContaining('cancelled') })
    const twice = await server.ask('chat', '/api/actions/cancel-run', { body: { run: 't4' } })
    expect(twice.body).toMatchObject({ done: false, text: expect.stringContaining('nothing to cancel') })
  })

  it('asks in the chat, and does what was seen after a yes in the browser; always is remembered', async () => {
    const write = (path: string) => ({
      do: 'call' as const,
      calls: [{ name: 'write_file', input: { path, content: 'x' } }],
    })
    const say = { do: 'say', text: 'written' } as const
    provider.setScript({ do: 'turns', turns: [write('a.txt'), say, write('a.txt'), say, write('a.txt'), say] })
    for (const [index, always] of [
      [1, undefined],
      [2, 'session'],
    ] as const) {
      const events = chat(question(`w${index}`, `write ${index}`, 'writing')).then(eventsOf)
      const { id, digest } = await waiting()
      if (index === 1) expect(existsSync(join(home.paths.workspace, 'a.txt'))).toBe(false)
      const body = { answer: 'approve', digest, ...(always ? { always } : {}) }
      expect((await server.ask('approve', `/api/approvals/${id}`, { body })).body).toMatchObject({ done: true })
      expect((await events).at(-1)).toMatchObject({ event: 'done' })
    }
    expect(readFileSync(join(home.paths.workspace, 'a.txt'), 'utf8')).toBe('x')
    // The third one is not asked about any more.
    expect((await eventsOf(await chat(question('w3', 'write 3', 'writing')))).at(-1)?.event).toBe('done')
  })

  it('passes sessions on: name, search, export, branch, delete; and runs: once more', async () => {
    provider.setScript({ do: 'echo' })
    await eventsOf(await chat(question('t6', 'about marmalade')))
    const change = (method: string, path: string, body?: object) =>
      server.ask('chat', path, { method, ...(body ? { body } : {}) })
    expect(await change('PATCH', '/api/sessions/s-t6', { name: 'Breakfast' })).toMatchObject({ status: 200 })
    expect(await change('PATCH', '/api/sessions/s-t6', { name: '' })).toMatchObject({ status: 400 })
    expect((await server.ask('read', '/api/search?q=marmalade')).body).toMatchObject({
      found: [expect.anything(), expect.anything()],
    })
    const exported = await server.raw('read', '/api/sessions/s-t6/export?format=markdown')
    expect(exported.headers.get('content-disposition')).toBe('attachment; filename=s-t6.md')
    expect(await exported.text()).toContain('marmalade')
    expect(await change('POST', '/api/sessions/s-t6/branch', { session: 's2' })).toMatchObject({ status: 201 })
    expect(await change('POST', '/api/sessions/s-t6/compact')).toMatchObject({ status: expect.any(Number) })
    const rerun = await server.raw('chat', '/api/runs/t6/rerun', { body: { id: 'r9' } })
    expect((await eventsOf(rerun)).at(-1)).toMatchObject({ event: 'done', data: expect.stringContaining('r9') })
    expect(await change('DELETE', '/api/sessions/s-t6?purge=true')).toMatchObject({ status: 403 })
    expect(await change('DELETE', '/api/sessions/s-t6')).toMatchObject({ status: 200 })
    expect(await change('DELETE', '/api/sessions/s-t6')).toMatchObject({ status: 404 })
    expect(await server.ask('admin', '/api/sessions/s2?purge=true', { method: 'DELETE' })).toMatchObject({
      status: 200,
    })
    expect(await change('DELETE', '/api/sessions/..%2f..%2fruns')).toMatchObject({ status: 400 })
    expect(server.audits.map(({ action }) => action)).toContain('DELETE /api/sessions/:id')
  })

  it('passes the schedule on, and knows the models', async () => {
    provider.setScript({ do: 'echo' })
    expect(await server.ask('read', '/api/schedule')).toMatchObject({ status: 200, body: { jobs: [] } })
    for (const verb of ['run-now', 'pause', 'resume']) {
      expect((await server.ask('chat', `/api/schedule/none/${verb}`, { method: 'POST' })).status).toBe(404)
      expect((await server.ask('read', `/api/schedule/none/${verb}`, { method: 'POST' })).status).toBe(403)
    }
    const [agent] = agents
    const trigger = { kind: 'every', everyMs: 86_400_000 }
    const added = await fetch(`${agent?.url}/api/schedule`, {
      method: 'POST',
      headers: { authorization: `Bearer ${agent?.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'digest', prompt: 'Read the log', trigger }),
    })
    const { job } = (await added.json()) as { job: { id: string } }
    const runNow = async (key: string) => {
      const headers = { 'Idempotency-Key': key }
      return await server.ask('chat', `/api/schedule/${job.id}/run-now`, { method: 'POST', headers })
    }
    const begun = await runNow('wish-1')
    expect(begun.status).toBe(202)
    expect(slotIn(await runNow('wish-1'))).toEqual(slotIn(begun))
    expect(slotIn(await runNow('wish-2'))).not.toEqual(slotIn(begun))
    expect(await runNow('a key with spaces')).toMatchObject({ status: 400 })
    const { body } = await server.ask('read', '/api/models')
    const { models } = body as { models: { name: string; isChosen: boolean }[] }
    expect(models.filter(({ isChosen }) => isChosen).map(({ name }) => name)).toEqual(['anthropic/claude-sonnet-5-5'])
  })

  it('needs the scope, and a whole question', async () => {
    provider.setScript({ do: 'echo' })
    expect((await server.ask('read', '/api/chat', { body: question('t8') })).status).toBe(403)
    for (const body of [
      {},
      { ...question('t8'), approve: 'all' },
      { ...question('t8'), message: ' ' },
      { ...question('../x') },
    ]) {
      expect((await server.ask('chat', '/api/chat', { body })).status).toBe(400)
    }
  })

  it('loses nothing of a long answer for a tab that reads slowly', async () => {
    const text = 'word '.repeat(40_000)
    provider.setScript({ do: 'say', text })
    const { port } = new URL(server.url)
    const body = JSON.stringify(question('t9'))
    const headers = { ...(await chatHeaders()), 'content-length': Buffer.byteLength(body) }
    const slow = await new Promise<string>((resolve, reject) => {
      const request = callHttp({ port, path: '/api/chat', method: 'POST', headers, agent: false }, (response) => {
        let received = ''
        response.on('data', (chunk: Buffer) => {
          received += chunk.toString('utf8')
          response.pause()
          setImmediate(() => response.resume())
        })
        response.on('end', () => resolve(received))
      })
      request.on('error', reject).end(body)
    })
    expect(slow.match(/^event: done$/m)).toBeTruthy()
    expect(JSON.parse(/event: done\ndata: (.*)\n/.exec(slow)?.[1] ?? '{}').text.trim()).toBe(text.trim())
  })
})

describe('with an agent that comes and goes', () => {
  beforeEach(open)
  afterEach(close)

  it('says that the agent is down, and when to try again', async () => {
    const response = await chat(question('r1'))
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2'])
    expect(await response.json()).toMatchObject({ type: 'urn:ottugi:problem:agent-down', detail: expect.any(String) })
    expect((await server.ask('read', '/api/schedule')).status).toBe(503)
  })

  it('ends with "again" when the agent is killed in the middle, and the same id leads to the one answer', async () => {
    provider.setScript({ do: 'turns', turns: [{ do: 'stall' }, { do: 'say', text: 'the one answer' }] })
    const first = await start()
    const response = await chat(question('r1'))
    const events = eventsOf(response)
    await provider.seen(1)
    await first.kill()
    expect((await events).at(-1)).toEqual({ event: 'again', data: '{"id":"r1"}' })
    expect((await chat(question('r1'))).status).toBe(503)
    await start()
    const again = await eventsOf(await chat(question('r1')))
    expect(JSON.parse(again.at(-1)?.data ?? '')).toMatchObject({ run: 'r1', text: 'the one answer' })
  })

  it('ends its streams when the dashboard itself leaves', async () => {
    provider.setScript({ do: 'silence' })
    await start()
    const events = eventsOf(await chat(question('r1')))
    await provider.seen(1)
    server.leave()
    expect((await events).at(-1)?.event).toBe('again')
  })
})
