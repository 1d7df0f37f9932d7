/** `ottugi run` as a program, with a real agent: what stands on its outputs, and its exit code by what became of the question. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeHome, startAgent, type TestHome, type TestProcess } from '../agent/agentProcess.ts'
import { type FakeAnthropic, type Script, startFakeAnthropic } from '../fakes/anthropic.ts'
import { call, newHome } from './command.ts'

let provider: FakeAnthropic
let home: TestHome
let agent: TestProcess

beforeAll(async () => {
  provider = await startFakeAnthropic()
  home = makeHome({ modelUrl: provider.url })
  agent = await startAgent(home)
})

afterAll(async () => {
  await agent.kill()
  await provider.close()
  home.remove()
})

const run = (...words: string[]) => call(['run', '--home', home.paths.home, ...words])

type Line = { readonly event: string; readonly type?: string; readonly data?: Record<string, unknown> } & Record<
  string,
  unknown
>
const linesOf = (out: string): Line[] =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

/** The model calls these tools one after the other, and is done. */
const plan = (...calls: { name: string; input: unknown }[]): Script => ({
  do: 'turns',
  turns: [...calls.map((one): Script => ({ do: 'call', calls: [one] })), { do: 'say', text: 'done' }],
})

describe('the exit code is', () => {
  it('0 for an answer, which alone stands on the output, without a word of control', async () => {
    provider.setScript({ do: 'say', text: '**one**\n\u001b[2Jtwo' })
    expect(await run('-e', 'hi')).toEqual({ code: 0, out: '**one**\n\\u001b[2Jtwo\n', err: '' })
  })

  it('1 for a run that ended early, with the reason', async () => {
    const again = { name: 'list_dir', input: { path: '.' } }
    provider.setScript(plan(again, again, again, again, again))
    const { code, err } = await run('-e', 'look')
    expect([code, err]).toEqual([1, expect.stringContaining('repeated-call')])
  })

  it('1 for what does not pass by itself', async () => {
    provider.setScript({ do: 'refuse' })
    expect(await run('-e', 'hi')).toMatchObject({ code: 1, err: 'The model declined to answer.\n' })
    expect(await run('-e', 'hi', '--model', 'no/such-model')).toMatchObject({ code: 1 })
  })

  it('69 where no agent is', async () => {
    const { code, err } = await call(['run', '-e', 'hi', '--home', newHome().home])
    expect([code, err]).toEqual([69, expect.stringContaining('ottugi start')])
  })

  it('2 for wrong usage', async () => {
    const wrong = [[], ['-e', ' '], ['-e', 'hi', '--approve', 'some'], ['-e', 'hi', '--nonsense']]
    for (const words of wrong) expect(await run(...words), words.join(' ')).toMatchObject({ code: 2, out: '' })
  })
})

it('tells everything as an object a line with --json, the end last', async () => {
  provider.setScript(plan({ name: 'list_dir', input: { path: '.' } }))
  const { code, out, err } = await run('-e', 'look', '--json', '--session', 'as-json')
  const lines = linesOf(out)
  expect([code, err]).toEqual([0, ''])
  expect(lines[0]).toMatchObject({ event: 'run', session: 'as-json' })
  const types = lines.flatMap(({ event, type }) => (event === 'event' ? [type] : []))
  const round = ['model_asked', 'model_answered']
  expect(types).toEqual(['message_in', ...round, 'gate_decided', 'tool_started', 'tool_ended', ...round, 'run_ended'])
  expect(lines.at(-1)).toMatchObject({ event: 'done', finish: 'answered', text: 'done' })
  expect(lines.filter(({ event }) => event === 'text').map(({ delta }) => delta)).toEqual(['done'])

  provider.setScript({ do: 'refuse' })
  const failed = await run('-e', 'hi', '--json')
  expect([failed.code, failed.err, linesOf(failed.out).at(-1)]).toMatchObject([
    1,
    '',
    { event: 'problem', name: 'refused' },
  ])
})

describe('--approve', () => {
  const calls = [
    { name: 'list_dir', input: { path: '.' } },
    { name: 'write_file', input: { path: 'made.txt', content: 'x' } },
    { name: 'http_post', input: { url: 'https://example.invalid/', body: 'x' } },
    { name: 'read_file', input: { path: '../.env' } },
  ]
  it.each([
    ['none', { list_dir: 'allow', write_file: 'deny', http_post: 'deny', read_file: 'deny' }],
    ['safe', { list_dir: 'allow', write_file: 'allow', http_post: 'deny', read_file: 'deny' }],
    ['all', { list_dir: 'allow', write_file: 'allow', http_post: 'allow', read_file: 'deny' }],
  ] as const)('%s allows no more than it says, and never what is forbidden', async (approve, expected) => {
    const path = `${approve}.txt`
    const wished = calls.map((one) => (one.name === 'write_file' ? { ...one, input: { path, content: 'x' } } : one))
    provider.setScript(plan(...wished))
    const { out } = await run('-e', 'go', '--json', '--approve', approve)
    const verdicts = linesOf(out).flatMap(({ type, data }) =>
      type === 'gate_decided' ? [[data?.['tool'], data?.['verdict']]] : [],
    )
    expect(Object.fromEntries(verdicts)).toEqual(expected)
    expect(existsSync(join(home.paths.workspace, path))).toBe(expected.write_file === 'allow')
    expect(linesOf(out).at(-1)).toMatchObject({ event: 'done', finish: 'answered' })
  })
})

// The last one: the provider is not asked again for as long as it wished.
it('the exit code is 75 for what passes by itself', async () => {
  provider.setScript({ do: 'rateLimit', retryAfterSec: 36_000 })
  expect(await run('-e', 'hi')).toMatchObject({ code: 75, out: expect.stringMatching(/^\n?$/) })
})
