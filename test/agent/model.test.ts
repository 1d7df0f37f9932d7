/** What the agent does when the model cannot be used, and how it comes back without a restart. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { HealthReport } from '../../src/shared/health.ts'
import { type FakeAnthropic, startFakeAnthropic } from '../fakes/anthropic.ts'
import { call, eventually, makeHome, startAgent, type TestHome, type TestProcess } from './agentProcess.ts'

let provider: FakeAnthropic
let home: TestHome
let agent: TestProcess | undefined

beforeEach(async () => {
  provider = await startFakeAnthropic()
})

afterEach(async () => {
  await agent?.stop()
  agent = undefined
  await provider.close()
  home.remove()
})

async function start(options: { yaml?: string; env?: string }): Promise<TestProcess> {
  home = makeHome({ modelUrl: provider.url, ...options })
  agent = await startAgent(home)
  return agent
}

async function checks(of: TestProcess) {
  return ((await (await call(of, '/health')).json()) as HealthReport).checks
}

async function ask(of: TestProcess, body: Record<string, unknown>): Promise<[number, Record<string, unknown>]> {
  const response = await call(of, '/api/chat', body)
  return [response.status, (await response.json()) as Record<string, unknown>]
}

it('without a key names the two ways to get going, is degraded and not down', async () => {
  const running = await start({ yaml: 'model:\n  baseUrl: https://api.anthropic.com\n' })
  const [status, body] = await ask(running, { message: 'hi', id: 'kept' })
  expect([status, body['type']]).toEqual([503, 'urn:ottugi:problem:no-key'])
  expect(body['detail']).toMatch(/ottugi config secret set ANTHROPIC_API_KEY.*ottugi config set model\.baseUrl/)
  const health = await call(running, '/health')
  expect([health.status, ((await health.json()) as HealthReport).status]).toEqual([200, 'warn'])
  expect((await checks(running))['model']).toMatchObject({ status: 'warn' })
  // Nothing was accepted, so that the same id can be used once there is a key.
  expect((await call(running, '/api/runs/kept')).status).toBe(404)

  appendFileSync(home.paths.env, 'ANTHROPIC_API_KEY=sk-test\n')
  await eventually(async () => (await checks(running))['model']?.status === 'pass')
})

it('a refused key degrades it, names the variable and never the value, and heals when .env changes', async () => {
  provider.requireKey('sk-good-0123456789')
  const running = await start({ env: 'ANTHROPIC_API_KEY=sk-bad-0123456789\n' })
  const [status, body] = await ask(running, { message: 'hi' })
  expect([status, body['type']]).toEqual([503, 'urn:ottugi:problem:unauthorized'])
  const degraded = (await checks(running))['model']
  expect(degraded?.status).toBe('warn')
  expect(degraded?.output).toContain('ANTHROPIC_API_KEY')
  expect(JSON.stringify([body, degraded])).not.toContain('sk-bad')

  const env = readFileSync(home.paths.env, 'utf8').replace('sk-bad', 'sk-good')
  writeFileSync(home.paths.env, env)
  await eventually(async () => (await checks(running))['model']?.status === 'pass')
  expect((await ask(running, { message: 'hi' }))[0]).toBe(200)
  const written = ['agent.jsonl', 'usage.jsonl']
    .map((name) => readFileSync(join(home.paths.logs, name), 'utf8'))
    .join('')
  expect(written).not.toMatch(/sk-good|sk-bad/)
})

it('stops before the budget of the day would break', async () => {
  // An answer of 2 dollars, and then 1 dollar and a bit left: the worst case of a next call does not fit.
  provider.setScript({ do: 'say', text: 'dear', outputTokens: 200_000 })
  const model = `model:\n  baseUrl: ${provider.url}\n  maxTokens: 150000\n`
  const running = await start({ yaml: `${model}budget:\n  dayUsd: 3\n` })
  expect((await ask(running, { message: 'first' }))[0]).toBe(200)
  const [status, body] = await ask(running, { message: 'second' })
  expect([status, body['type']]).toEqual([429, 'urn:ottugi:problem:budget'])
  expect(provider.requests.length).toBe(1)
})

it('says of every trouble of the provider what it is, and forgets it with the next good answer', async () => {
  const running = await start({})
  const troubles = [
    [{ do: 'truncate', clean: true }, 502, 'bad-answer'],
    [{ do: 'truncate' }, 502, 'network'],
    [{ do: 'refuse' }, 422, 'refused'],
  ] as const
  for (const [script, expected, kind] of troubles) {
    provider.setScript(script)
    const [status, body] = await ask(running, { message: 'hi' })
    expect([status, body['type']]).toEqual([expected, `urn:ottugi:problem:${kind}`])
  }
  expect((await checks(running))['model']?.output).toContain('network')
  provider.setScript({ do: 'echo' })
  expect((await ask(running, { message: 'hi' }))[0]).toBe(200)
  expect((await checks(running))['model']).toEqual({ status: 'pass' })
})

it('keeps its settings when the file is broken while it runs, and says so', async () => {
  const running = await start({})
  const good = readFileSync(home.paths.settings, 'utf8')
  writeFileSync(home.paths.settings, `${good}\nagnet:\n  port: 1\n`)
  const check = await eventually(async () => {
    const now = (await checks(running))['settings']
    return now?.status === 'warn' && now
  })
  expect(check.output).toMatch(/agnet.*keeps its settings/s)
  expect((await ask(running, { message: 'hi' }))[0]).toBe(200)
  writeFileSync(home.paths.settings, `${good}\nlanguage: ko\n`)
  await eventually(async () => (await checks(running))['settings']?.output?.includes('next start'))
})
