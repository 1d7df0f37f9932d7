/** `ottugi run` against a real agent. */
import { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { chat } from '../../src/cli/commands/chat.ts'
import { run } from '../../src/cli/commands/run.ts'
import type { CliContext } from '../../src/cli/context.ts'
import { type FakeAnthropic, startFakeAnthropic } from '../fakes/anthropic.ts'
import { makeHome, startAgent, type TestHome, type TestProcess } from './agentProcess.ts'

let provider: FakeAnthropic
let home: TestHome
const agents: TestProcess[] = []

beforeEach(async () => {
  provider = await startFakeAnthropic()
  home = makeHome({ modelUrl: provider.url })
})

afterEach(async () => {
  for (const agent of agents.splice(0)) await agent.kill()
  await provider.close()
  home.remove()
})

async function start(): Promise<TestProcess> {
  const agent = await startAgent(home)
  agents.push(agent)
  return agent
}

function capture(input = '') {
  const seen = { out: [] as string[], err: [] as string[], pieces: '' }
  const context: CliContext = {
    home: home.paths.home,
    paths: home.paths,
    language: 'en',
    environment: {},
    out: (line) => void seen.out.push(line),
    err: (line) => void seen.err.push(line),
    input: Readable.from([input]),
    json: false,
    isTerminal: false,
    colour: false,
    exit: () => {},
  }
  const write = (piece: string) => {
    seen.pieces += piece
  }
  return { seen, context, write }
}

it('prints the answer as it comes', async () => {
  await start()
  provider.setScript({ do: 'say', text: 'one\n\u001b[31mtwo' })
  const { seen, context, write } = capture()
  expect(await run(context, { execute: 'hi' }, write)).toBe(0)
  expect(seen).toEqual({ out: [], err: [], pieces: 'one\n\\u001b[31mtwo\n' })
})

it('reads the message from stdin, and prints an object a line', async () => {
  await start()
  const { seen, context } = capture('from a pipe\n')
  expect(await run(context, { execute: '-', json: true, session: 's' })).toBe(0)
  const lines = seen.out.map((line) => JSON.parse(line))
  expect(lines.map(({ event }) => event)).toEqual([
    'run',
    'event',
    'event',
    'text',
    'text',
    'text',
    'text',
    'event',
    'event',
    'done',
  ])
  expect(lines.at(-1)).toMatchObject({ session: 's', text: 'echo: from a pipe', finish: 'answered' })
})

it('says what to do when nobody is there, when the input is wrong, and when it should be tried again', async () => {
  const nobody = capture()
  expect(await run(nobody.context, { execute: 'hi' }, nobody.write)).toBe(69)
  expect(nobody.seen.err.join()).toContain('ottugi start')
  const empty = capture()
  expect(await run(empty.context, { execute: ' ' }, empty.write)).toBe(2)
  const noTerminal = capture()
  expect(await chat(noTerminal.context, {})).toBe(2)
  expect(noTerminal.seen.err.join()).toContain('ottugi run -e')
  await start()
  provider.setScript({ do: 'unauthorized' })
  const refused = capture()
  expect(await run(refused.context, { execute: 'hi' }, refused.write)).toBe(1)
  expect(refused.seen.err.join()).toContain('ANTHROPIC_API_KEY')
  // Longer than anybody waits: all that ask meanwhile are told so.
  provider.setScript({ do: 'rateLimit', retryAfterSec: 36_000 })
  const busy = capture()
  expect(await run(busy.context, { execute: 'hi' }, busy.write)).toBe(75)
})

it('gets its answer although the agent is killed in the middle', async () => {
  const first = await start()
  provider.setScript({ do: 'stall' })
  const { seen, context, write } = capture()
  const asked = run(context, { execute: 'hold on' }, write)
  await provider.seen(1)
  await first.kill()
  provider.setScript({ do: 'echo' })
  await start()
  expect(await asked).toBe(0)
  expect(seen.pieces.trim()).toBe('echo: hold on')
  expect(seen.err.join()).toContain('asking again')
})
