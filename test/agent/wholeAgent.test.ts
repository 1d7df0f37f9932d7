/** The whole agent with its tools: a model that calls them over the real wire, the gates, the sandbox, and a person's word. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type FakeAnthropic, startFakeAnthropic } from '../fakes/anthropic.ts'
import { eventually, makeHome, startAgent, type TestHome, type TestProcess } from './agentProcess.ts'

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

async function api(agent: TestProcess, path: string, body?: object) {
  const response = await fetch(`${agent.url}${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${agent.token}`, 'content-type': 'application/json' },
    body: body ? JSON.stringify(body) : null,
  })
  return (await response.json()) as Record<string, unknown>
}

const inWorkspace = (name: string) => join(home.paths.workspace, name)

it('runs what the model calls, in the sandbox, and tells the model what came of it', async () => {
  provider.setScript({
    do: 'turns',
    turns: [
      {
        do: 'call',
        calls: [
          { name: 'write_file', input: { path: 'greeting.txt', content: 'hello from the sandbox\n' } },
          { name: 'list_dir', input: { path: '.' } },
        ],
      },
      { do: 'call', calls: [{ name: 'read_file', input: { path: 'greeting.txt' } }] },
      { do: 'say', text: 'done' },
    ],
  })
  const agent = await start()
  const run = await api(agent, '/api/sessions/s/messages', { message: 'write a greeting', id: 'r', approve: 'safe' })
  expect(run).toMatchObject({ finish: 'answered', text: 'done' })
  expect(readFileSync(inWorkspace('greeting.txt'), 'utf8')).toBe('hello from the sandbox\n')
  expect(JSON.stringify(provider.requests.at(-1)?.body.messages)).toContain('hello from the sandbox')
})

it('asks a person about what is not allowed by itself, and does it once after a yes', async () => {
  provider.setScript({
    do: 'turns',
    turns: [
      { do: 'call', calls: [{ name: 'write_file', input: { path: 'asked.txt', content: 'x' } }] },
      { do: 'say', text: 'written' },
    ],
  })
  const agent = await start()
  const answer = api(agent, '/api/sessions/s/messages', { message: 'write', id: 'r' })
  const [question] = await eventually(async () => {
    const { approvals } = await api(agent, '/api/approvals?state=waiting')
    return (approvals as { id: string; plan: string }[]).length > 0 ? (approvals as { id: string }[]) : undefined
  })
  expect(existsSync(inWorkspace('asked.txt'))).toBe(false)
  await api(agent, `/api/approvals/${question?.id}`, { verdict: 'approved' })
  expect(await answer).toMatchObject({ finish: 'answered', text: 'written' })
  expect(readFileSync(inWorkspace('asked.txt'), 'utf8')).toBe('x')
})

it('does nothing without a person that a person would be asked, and never reads what is not the workspace', async () => {
  mkdirSync(home.paths.workspace, { recursive: true })
  writeFileSync(inWorkspace('seen.txt'), 'seen')
  provider.setScript({
    do: 'turns',
    turns: [
      {
        do: 'call',
        calls: [
          { name: 'write_file', input: { path: 'no.txt', content: 'x' } },
          { name: 'read_file', input: { path: '../.env' } },
          { name: 'read_file', input: { path: 'seen.txt' } },
        ],
      },
      { do: 'say', text: 'over' },
    ],
  })
  const agent = await start()
  const run = await api(agent, '/api/sessions/s/messages', { message: 'go', id: 'r', approve: 'none' })
  expect(run).toMatchObject({ finish: 'answered' })
  expect(existsSync(inWorkspace('no.txt'))).toBe(false)
  const told = JSON.stringify(provider.requests.at(-1)?.body.messages)
  expect(told).not.toContain('OTTUGI_TOKEN=')
  expect(told).toContain('seen')
})

it('goes on with a job of many steps after kill -9, and does no step twice', async () => {
  const steps = Array.from({ length: 6 }, (_, index) => ({
    do: 'call' as const,
    delayMs: 100,
    calls: [{ name: 'note', input: { text: `step ${index}` } }],
  }))
  provider.setScript({ do: 'turns', turns: [...steps, { do: 'say', text: 'all done' }] })
  const first = await start()
  const asked = api(first, '/api/sessions/s/messages', { message: 'go', id: 'r', approve: 'all' }).catch(
    () => undefined,
  )
  await provider.seen(3)
  await first.kill()
  await asked
  const second = await start()
  await eventually(async () => (await api(second, '/api/runs/r'))['finish'] === 'answered')
  const notes = readFileSync(inWorkspace('notes.md'), 'utf8')
  const seen = [...notes.matchAll(/step (\d)/g)].map(([, step]) => Number(step))
  expect(seen).toEqual([...new Set(seen)])
})
