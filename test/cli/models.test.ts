/** `ottugi models`: what is known, what is ready, and one question through the running agent; nothing is started, and no key is shown. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ModelTestParts, modelTestRoute } from '../../src/agent/http/modelRoutes.ts'
import type { GateResult } from '../../src/model/gate.ts'
import { NO_USAGE } from '../../src/model/modelCall.ts'
import { discoverLocal } from '../../src/shared/http/discoverLocal.ts'
import type { HomePaths } from '../../src/shared/paths.ts'
import { writeRuntimeFile } from '../../src/shared/runtimeFile.ts'
import { call, newHome } from './command.ts'

const KEY = 'sk-very-secret'
/** Nobody listens there: a real Ollama of the machine must not be seen by a test. */
const NOBODY_THERE = 'providers: { ollama: { baseUrl: "http://127.0.0.1:9/v1" } }\n'
const TOKEN = `ott_chat_${'a'.repeat(43)}`
let paths: HomePaths
const endings: (() => void)[] = []

beforeEach(() => {
  paths = newHome()
  mkdirSync(paths.home, { mode: 0o700 })
  write(NOBODY_THERE)
})
afterEach(() => {
  for (const end of endings.splice(0)) end()
})

function write(settings: string, env = ''): void {
  writeFileSync(paths.settings, settings)
  writeFileSync(paths.env, env, { mode: 0o600 })
}

const ottugi = (words: readonly string[], environment = {}) => call([...words, '--home', paths.home], { environment })
const jsonOf = async (words: readonly string[]) => JSON.parse((await ottugi([...words, '--json'])).out)

async function serve(handler: Parameters<typeof createServer>[1]): Promise<string> {
  const server = createServer(handler)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  endings.push(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('models list', () => {
  it('shows the model of the settings, and says that no key is set', async () => {
    const { code, out, err } = await ottugi(['models'])
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/^\* {2}anthropic\/claude-sonnet-5-5 +1,000,000 +2 \/ 10 +ANTHROPIC_API_KEY is missing$/m)
    expect(out).toContain('No provider has a key.')
    expect(out).not.toContain('openai/')
    expect(readdirSync(paths.home).toSorted()).toEqual(['.env', 'ottugi.yaml'])
  })

  it('shows the providers that have a key, never the key, and the others with --all', async () => {
    write(`${NOBODY_THERE}model: { provider: deepseek }\n`, `DEEPSEEK_API_KEY=${KEY}\nDASHSCOPE_API_KEY=${KEY}\n`)
    const { out } = await ottugi(['models', 'list'])
    expect(out).toMatch(/^\* {2}deepseek\/deepseek-flash +1,000,000 +0\.3 \/ 1\.2 +set$/m)
    expect(out).toMatch(/^ {3}qwen\/qwen3\.8-max +1,000,000 +unpriced +set$/m)
    expect(out).not.toMatch(/anthropic|No provider/)
    const all = await ottugi(['models', 'list', '--all'])
    expect(all.out).toMatch(/anthropic\/claude-opus-5-5 .* ANTHROPIC_API_KEY is missing/)
    expect(out + all.out + (await ottugi(['models', '--all', '--json'])).out).not.toContain(KEY)
  })

  it('tells programs the same', async () => {
    const { models, local } = await jsonOf(['models', 'list'])
    expect(local).toBeNull()
    expect(models).toEqual([
      {
        provider: 'anthropic',
        model: 'claude-sonnet-5-5',
        wire: 'anthropic',
        baseUrl: 'https://api.anthropic.com',
        keyVariable: 'ANTHROPIC_API_KEY',
        hasKey: false,
        isReady: false,
        contextTokens: 1_000_000,
        prices: { inputUsdPerMTok: 2, outputUsdPerMTok: 10, cacheReadUsdPerMTok: 0.1, cacheWriteUsdPerMTok: 2.5 },
        quirks: {},
        isChosen: true,
      },
    ])
  })

  it('finds an Ollama of this machine', async () => {
    const url = await serve((request, response) => {
      response.end(request.url === '/api/tags' ? '{"models":[{"name":"qwen3:8b"},{"name":"evil\\u001b[2J"}]}' : '')
    })
    write(`providers: { ollama: { baseUrl: "${url}/v1" } }\n`)
    const { out } = await ottugi(['models'])
    expect(out).toContain('Ollama runs on this machine and has: qwen3:8b. Use one: ')
    expect(out).toContain('config set model.name ollama/qwen3:8b')
    expect((await jsonOf(['models'])).local).toEqual({ provider: 'ollama', baseUrl: `${url}/v1`, models: ['qwen3:8b'] })
  })

  it('speaks Korean', async () => {
    expect((await ottugi(['models'], { LANG: 'ko_KR.UTF-8' })).out).toContain('ANTHROPIC_API_KEY 없음')
  })

  it('refuses settings that are not valid', async () => {
    write('model: { provider: nobody }\n')
    expect(await ottugi(['models'])).toMatchObject({
      code: 78,
      out: '',
      err: expect.stringContaining('model.provider'),
    })
  })
})

describe('models show', () => {
  it('tells everything of one model', async () => {
    const { code, out } = await ottugi(['models', 'show', 'openai/gpt-6-luna'])
    expect(code).toBe(0)
    expect(out.split('\n')).toEqual([
      'openai/gpt-6-luna',
      '  provider: openai (openai), https://api.openai.com/v1',
      '  key: OPENAI_API_KEY is missing',
      '  context: 272,000 tokens',
      '  price in USD per million tokens: 0.1 read, 0.5 written',
      '  of the cache: 0.01 read, 0.125 written',
      '',
    ])
    expect(await jsonOf(['models', 'show', 'qwen3.8-max'])).toMatchObject({ provider: 'qwen', prices: null })
    expect((await ottugi(['models', 'show', 'qwen3.8-max'])).out).toContain('price: unknown')
  })

  it('says which providers there are when it knows no such one', async () => {
    expect(await ottugi(['models', 'show', 'nobody/x'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('there is no provider nobody; known are anthropic'),
    })
  })
})

describe('discovery', () => {
  it.each<[string, string]>([
    ['something else', '<html>'],
    ['a list of something else', '{"models":7}'],
    ['too much', `{"models":[${'"x",'.repeat(400_000)}"x"]}`],
  ])('takes %s for nothing', async (_, body) => {
    const url = await serve((_request, response) => void response.end(body))
    expect(await discoverLocal(`${url}/v1`, 20_000)).toBeUndefined()
  })

  it('waits for nobody, and asks this machine only', async () => {
    const silent = await serve(() => {})
    expect(await discoverLocal(`${silent}/v1`, 50)).toBeUndefined()
    expect(await discoverLocal('http://127.0.0.1:9/v1')).toBeUndefined()
    expect(await discoverLocal('https://ollama.example/v1')).toBeUndefined()
    expect(await discoverLocal('no address')).toBeUndefined()
  })
})

describe('models test', () => {
  const asked: Parameters<ModelTestParts['ask']>[0][] = []
  const common = {
    provider: 'anthropic',
    model: 'm',
    why: '',
    costUsd: 0.000_12,
    isPriced: true,
    latencyMs: 41,
    waitedMs: 0,
    attempts: 1,
  }
  const answers: Record<string, GateResult> = {
    good: { ok: true, text: 'ready', calls: [], usage: NO_USAGE, stop: 'end', stopReason: 'end_turn', ...common },
    bad: { ok: false, kind: 'unauthorized', reason: 'no \u001b[2Jkey', usage: NO_USAGE, ...common },
  }

  /** The route behind a server that announces itself as the agent. */
  async function startAgent(result: GateResult | undefined): Promise<void> {
    asked.length = 0
    const gate: ModelTestParts = {
      ask: async (request) => {
        asked.push(request)
        if (!result) throw new Error('not expected')
        return result
      },
    }
    const app = express()
    app.use((request, response, next) => {
      if (request.headers.authorization === `Bearer ${TOKEN}`) next()
      else response.status(401).end()
    })
    app.post('/api/models/test', express.json(), modelTestRoute(gate))
    write(NOBODY_THERE, `OTTUGI_TOKEN_CHAT=${TOKEN}\n`)
    const url = await serve(app)
    mkdirSync(paths.run, { recursive: true })
    writeRuntimeFile(paths, { app: 'agent', url, version: '1', supervisorPid: 0, startedAt: '', notes: [] })
  }

  it('asks the running agent one tiny question', async () => {
    await startAgent(answers['good'])
    expect(await ottugi(['models', 'test', 'anthropic/m'])).toEqual({
      code: 0,
      out: 'm of anthropic answered in 41 ms for 0.000120 USD.\n',
      err: '',
    })
    expect(asked).toMatchObject([{ model: 'anthropic/m', maxTokens: 512, turns: [{ role: 'user' }] }])
    expect(await jsonOf(['models', 'test'])).toEqual({
      ok: true,
      provider: 'anthropic',
      model: 'm',
      latencyMs: 41,
      costUsd: 0.000_12,
    })
    expect(asked[1]).not.toHaveProperty('model')
  })

  it('says why the provider did not answer', async () => {
    await startAgent(answers['bad'])
    const { code, out } = await ottugi(['models', 'test'])
    expect(code).toBe(1)
    expect(out).toMatch(/^m of anthropic did not answer: no .*key\n$/)
    expect(out).not.toContain('\u001b')
    expect(await jsonOf(['models', 'test'])).toMatchObject({ ok: false, reason: 'no \u001b[2Jkey' })
  })

  it('refuses a name that is none', async () => {
    await startAgent(undefined)
    expect(await ottugi(['models', 'test', 'x'.repeat(201)])).toMatchObject({
      code: 1,
      err: expect.stringContaining('Expected {"model"'),
    })
    expect(asked).toEqual([])
  })

  it('starts nothing where no agent runs', async () => {
    const { code, err } = await ottugi(['models', 'test'])
    expect([code, err]).toEqual([69, expect.stringContaining('start')])
    expect(await ottugi(['models', 'test', '--json'])).toMatchObject({
      code: 69,
      out: '{"ok":false,"reason":"unreachable"}\n',
    })
    expect(readdirSync(paths.home).toSorted()).toEqual(['.env', 'ottugi.yaml'])
  })
})
