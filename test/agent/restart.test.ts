/** What survives a kill, a stop and a hand-over. */
import { writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { freePorts } from '../../src/drill/freePorts.ts'
import { readBoots } from '../../src/shared/bootledger.ts'
import { type FakeAnthropic, startFakeAnthropic } from '../fakes/anthropic.ts'
import { call, eventually, makeHome, startAgent, type TestHome, type TestProcess } from './agentProcess.ts'

let provider: FakeAnthropic
let home: TestHome
const agents: TestProcess[] = []

beforeEach(async () => {
  provider = await startFakeAnthropic()
})

afterEach(async () => {
  for (const agent of agents.splice(0)) await agent.kill()
  await provider.close()
  home.remove()
})

async function start(environment: Record<string, string> = {}): Promise<TestProcess> {
  const agent = await startAgent(home, environment)
  agents.push(agent)
  return agent
}

type RunBody = { finish: string | null; text: string | null }

async function runOf(agent: TestProcess, id: string): Promise<RunBody> {
  return (await (await call(agent, `/api/runs/${id}`)).json()) as RunBody
}

it('finishes after SIGKILL what it had accepted, and keeps what it had answered', async () => {
  home = makeHome({ modelUrl: provider.url })
  const first = await start()
  const answered = await (await call(first, '/api/chat', { message: 'kept', id: 'kept' })).json()
  provider.setScript({ do: 'stall' })
  const broken = Promise.allSettled(
    [1, 2, 3, 4, 5].map((n) => call(first, '/api/chat', { message: `m${n}`, id: `cut-${n}` })),
  )
  await provider.seen(6)
  await first.kill()
  expect((await broken).map(({ status }) => status)).toEqual(Array(5).fill('rejected'))

  provider.setScript({ do: 'echo' })
  const second = await start()
  for (const n of [1, 2, 3, 4, 5]) {
    await eventually(async () => (await runOf(second, `cut-${n}`)).finish === 'answered')
    expect((await runOf(second, `cut-${n}`)).text).toBe(`echo: m${n}`)
  }
  expect(await runOf(second, 'kept')).toEqual(answered)
  // A client that comes back with its id gets that very run, and no second one.
  const before = provider.requests.length
  expect(await (await call(second, '/api/chat', { message: 'm1', id: 'cut-1' })).json()).toMatchObject({
    text: 'echo: m1',
  })
  expect(provider.requests.length).toBe(before)
})

it('ends politely: what is being answered is answered, the port is free at once', async () => {
  home = makeHome({ modelUrl: provider.url })
  provider.setScript({ do: 'echo', chunkDelayMs: 60 })
  const agent = await start()
  const asked = call(agent, '/api/chat', { message: 'one two three' })
  await provider.seen(1)
  agent.child.kill('SIGTERM')
  const refused = eventually(() =>
    fetch(`${agent.url}/livez`).then(
      () => undefined,
      () => true,
    ),
  )
  expect(await (await asked).json()).toMatchObject({ text: 'echo: one two three' })
  await refused
  expect(await agent.exited).toEqual({ code: 0, signal: null })
  expect(readBoots(home.paths.boots).at(-1)).toMatchObject({ kind: 'end', reason: 'stop', planned: true })
})

it('leaves to its successor what does not end within the drain', async () => {
  home = makeHome({ yaml: `agent:\n  port: 0\n  drainMs: 100\nmodel:\n  baseUrl: ${provider.url}\n` })
  provider.setScript({ do: 'stall' })
  const first = await start()
  const asked = call(first, '/api/chat', { message: 'slow', id: 'slow' }).then((response) => response.json())
  await provider.seen(1)
  await first.stop()
  expect(await asked).toMatchObject({ type: 'urn:ottugi:problem:leaving' })
  provider.setScript({ do: 'echo' })
  const second = await start()
  await eventually(async () => (await runOf(second, 'slow')).finish === 'answered')
})

it('hands over to a successor with a client hammering', async () => {
  const port = await freePort()
  home = makeHome({ yaml: `agent:\n  port: ${port}\nmodel:\n  baseUrl: ${provider.url}\n` })
  provider.setScript({ do: 'echo', chunkDelayMs: 100 })
  const first = await start()
  const slow = call(first, '/api/chat', { message: 'a b c d e f', id: 'slow' }).then((response) => response.json())
  await provider.seen(1)
  const client = hammer(first.url)
  const second = await start({ OTTUGI_SUPERVISED: '1' })
  expect(second.url).toBe(first.url)
  // What the first one had begun it finishes itself; it is asked once.
  expect(await slow).toMatchObject({ text: 'echo: a b c d e f' })
  expect(await first.exited).toEqual({ code: 0, signal: null })
  const { gapMs, answers } = await client.stop()
  expect(answers).toBeGreaterThan(0)
  expect(provider.requests.length).toBe(1)
  expect(readBoots(home.paths.boots).findLast(({ kind }) => kind === 'end')).toMatchObject({
    reason: 'handover',
    planned: true,
  })
  console.log(`hand-over: ${gapMs} ms without service, ${answers} answers`)
})

it('ends at once when its database file is overwritten, and says why', async () => {
  home = makeHome({ modelUrl: provider.url })
  const agent = await start()
  writeFileSync(home.paths.agentDb, 'this is no database any more')
  expect(await agent.exited).toEqual({ code: null, signal: 'SIGKILL' })
  expect(readBoots(home.paths.boots).at(-1)).toMatchObject({ kind: 'end', reason: 'database-corrupt', planned: false })
})

async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1)
  return port
}

/** Asks for /livez without a pause, on a new connection each time; measures the longest time without an answer. */
function hammer(url: string) {
  let isRunning = true
  let answers = 0
  let gapMs = 0
  let lastMs = performance.now()
  const loop = (async () => {
    while (isRunning) {
      const isUp = await fetch(`${url}/livez`, { headers: { connection: 'close' } }).then(
        (response) => response.ok,
        () => false,
      )
      if (!isUp) continue
      answers++
      gapMs = Math.max(gapMs, performance.now() - lastMs)
      lastMs = performance.now()
    }
  })()
  return {
    stop: async () => {
      isRunning = false
      await loop
      return { gapMs: Math.round(gapMs), answers }
    },
  }
}
