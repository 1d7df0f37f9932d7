/** Which model is meant, and what is known of it: settings before table, and nothing said before it was asked for. */
import { afterEach, describe, expect, it } from 'vitest'
import type { ModelRequest, Wire } from '../../src/model/modelCall.ts'
import { createModelCatalog } from '../../src/model/models.ts'
import { providerOf } from '../../src/model/providers.ts'
import { checkSettingsText, defaultSettings } from '../../src/shared/config/load.ts'
import {
  findModel,
  followProvider,
  listModels,
  type ModelFacts,
  providerNames,
} from '../../src/shared/config/models.ts'
import { MODELS } from '../../src/shared/config/providerModels.ts'
import { PROVIDER_NAMES, PROVIDERS } from '../../src/shared/config/providerTable.ts'
import type { Settings } from '../../src/shared/config/schema.ts'
import { startFakeAnthropic } from '../fakes/anthropic.ts'
import { startFakeOpenai } from '../fakes/openai.ts'

function settingsOf(yaml: string): Settings {
  const checked = checkSettingsText(yaml)
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems))
  return checked.settings
}

function factsOf(yaml: string, name?: string): ModelFacts {
  const found = findModel(settingsOf(yaml), name)
  if (!found.ok) throw new Error(found.reason)
  return found.facts
}

const namesOf = (yaml: string, name?: string) => {
  const { provider, model } = factsOf(yaml, name)
  return `${provider} ${model}`
}

const endings: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of endings.splice(0)) await end()
})

describe('a model is found', () => {
  const groq = 'model: { provider: groq }'
  const openrouter = 'model: { provider: openrouter, name: anthropic/claude-sonnet-5.5 }'
  const proxy = 'model: { baseUrl: "http://127.0.0.1:4000", name: local }'
  const custom = 'providers: { mine: { baseUrl: "http://127.0.0.1:9", models: { m1: {} } } }'
  it.each([
    ['', undefined, 'anthropic claude-sonnet-5-5'],
    ['', 'anthropic/claude-opus-5-5', 'anthropic claude-opus-5-5'],
    ['', 'openai/gpt-6.1-sol', 'openai gpt-6.1-sol'],
    ['', 'gpt-6.1-sol', 'openai gpt-6.1-sol'],
    ['', 'claude-of-tomorrow', 'anthropic claude-of-tomorrow'],
    ['', 'openai/gpt-of-tomorrow', 'openai gpt-of-tomorrow'],
    ['', 'groq/openai/gpt-oss-120b', 'groq openai/gpt-oss-120b'],
    ['model: { name: deepseek/deepseek-flash }', undefined, 'deepseek deepseek-flash'],
    ['model: { provider: deepseek }', undefined, 'deepseek deepseek-flash'],
    [groq, undefined, 'groq openai/gpt-oss-120b'],
    [groq, 'openai/gpt-oss-120b', 'groq openai/gpt-oss-120b'],
    [groq, 'openai/gpt-6.1-sol', 'openai gpt-6.1-sol'],
    [openrouter, undefined, 'openrouter anthropic/claude-sonnet-5.5'],
    [openrouter, 'anthropic/claude-sonnet-5-5', 'anthropic claude-sonnet-5-5'],
    [openrouter, 'meta/llama', 'openrouter meta/llama'],
    [openrouter, 'deepseek/new', 'openrouter deepseek/new'],
    [openrouter, 'ollama/qwen3', 'ollama qwen3'],
    [openrouter, 'groq/openai/gpt-oss-120b', 'groq openai/gpt-oss-120b'],
    [openrouter, 'openrouter/z-ai/glm-5.3', 'openrouter z-ai/glm-5.3'],
    // An owner's own address may serve anything by any name.
    [proxy, undefined, 'anthropic local'],
    [proxy, 'gpt-6.1-sol', 'anthropic gpt-6.1-sol'],
    [proxy, 'team/model', 'anthropic team/model'],
    [custom, 'mine/m2', 'mine m2'],
    [custom, 'm1', 'mine m1'],
  ])('%s %s is %s', (yaml, name, found) => expect(namesOf(yaml, name)).toBe(found))

  it('or it is said which providers there are', () => {
    const found = findModel(settingsOf(custom), 'nobody/model')
    expect(found).toEqual({
      ok: false,
      reason: expect.stringMatching(/no provider nobody; known are anthropic, .*, mine$/),
    })
    expect(findModel(settingsOf(''), 'openai/')).toMatchObject({ ok: false })
  })
})

describe('what is known of a model', () => {
  it('comes from the table', () => {
    expect(factsOf('', 'deepseek/deepseek-v4-pro')).toEqual({
      provider: 'deepseek',
      model: 'deepseek-v4-pro',
      wire: 'openai',
      baseUrl: 'https://api.deepseek.com',
      keyVariable: 'DEEPSEEK_API_KEY',
      quirks: {
        maxTokensField: 'max_tokens',
        noForcedTool: true,
        reasoningBack: 'reasoning_content',
        noImages: true,
      },
      prices: { inputUsdPerMTok: 1.32, outputUsdPerMTok: 3.96, cacheReadUsdPerMTok: 0.044 },
      contextTokens: 1_000_000,
    })
  })

  it('can be set otherwise, each fact by itself', () => {
    const yaml = `
providers:
  openai:
    baseUrl: https://proxy.example/v1
    models:
      gpt-6.1-sol: { contextTokens: 5000 }
      gpt-new: { inputUsdPerMTok: 1, outputUsdPerMTok: 2, cacheWriteUsdPerMTok: 3 }
  mine: { baseUrl: "https://mine.example", wire: anthropic, keyVariable: MY_KEY }
`
    expect(factsOf(yaml, 'gpt-6.1-sol')).toMatchObject({
      baseUrl: 'https://proxy.example/v1',
      keyVariable: 'OPENAI_API_KEY',
      contextTokens: 5_000,
      prices: { inputUsdPerMTok: 2 },
    })
    expect(factsOf(yaml, 'gpt-new')).toMatchObject({
      provider: 'openai',
      prices: { inputUsdPerMTok: 1, outputUsdPerMTok: 2, cacheWriteUsdPerMTok: 3 },
    })
    expect(factsOf(yaml, 'mine/x')).toMatchObject({ wire: 'anthropic', keyVariable: 'MY_KEY', prices: undefined })
  })

  it.each<[string, string | undefined, object | undefined]>([
    ['', undefined, { inputUsdPerMTok: 2, outputUsdPerMTok: 10, cacheReadUsdPerMTok: 0.1, cacheWriteUsdPerMTok: 2.5 }],
    ['model: { inputUsdPerMTok: 7 }', undefined, { inputUsdPerMTok: 7, outputUsdPerMTok: 10 }],
    ['model: { inputUsdPerMTok: 7 }', 'claude-opus-5-5', { inputUsdPerMTok: 4, outputUsdPerMTok: 20 }],
    ['model: { name: nobody-knows }', undefined, undefined],
    ['model: { provider: ollama, name: qwen3 }', undefined, { inputUsdPerMTok: 0, outputUsdPerMTok: 0 }],
    ['', 'qwen3.8-max', undefined],
  ])('%s %s: the price', (yaml, name, prices) => {
    const known = factsOf(yaml, name).prices
    if (prices) expect(known).toMatchObject(prices)
    else expect(known).toBeUndefined()
  })
})

describe('the settings of the model', () => {
  const modelOf = (yaml: string) => {
    const { provider, name, baseUrl, keyVariable, inputUsdPerMTok } = settingsOf(yaml).model
    return { provider, name, baseUrl, keyVariable, inputUsdPerMTok }
  }

  it('follow the provider where they were left as they are', () => {
    expect(modelOf('model: { provider: openai }')).toEqual({
      provider: 'openai',
      name: 'gpt-6.1-sol',
      baseUrl: 'https://api.openai.com/v1',
      keyVariable: 'OPENAI_API_KEY',
      inputUsdPerMTok: 2,
    })
    expect(modelOf('model: { provider: ollama, name: qwen3 }')).toMatchObject({
      baseUrl: 'http://127.0.0.1:11434/v1',
      keyVariable: '',
    })
  })

  it('stay as they were written', () => {
    const written = {
      provider: 'openai',
      name: 'm',
      baseUrl: 'https://a.example',
      keyVariable: 'K',
      inputUsdPerMTok: 9,
    }
    expect(modelOf(`model: ${JSON.stringify(written)}`)).toEqual(written)
  })

  it('stay as they are where nobody said anything, and when it is done again', () => {
    expect(settingsOf('').model).toEqual(defaultSettings().model)
    for (const provider of PROVIDER_NAMES) {
      const once = settingsOf(`model: { provider: ${provider} }`)
      expect(followProvider(once)).toEqual(once)
      expect(findModel(followProvider(once))).toEqual(findModel(once))
    }
  })

  it.each([
    ['model: { provider: nobody }', 'model.provider'],
    ['providers: { mine: {} }', 'providers'],
    ['providers: { openai: { baseUrl: "ftp://x" } }', 'providers'],
    ['providers: { openai: { keyVariable: OTTUGI_TOKEN } }', 'providers'],
    ['providers: { openai: { models: { m: { inputUsdPerMTok: 1 } } } }', 'providers'],
  ])('%s is refused, with its place', (yaml, key) => {
    const checked = checkSettingsText(yaml)
    expect(checked.ok ? [] : checked.problems.map((problem) => problem.key)).toEqual([key])
  })
})

describe('the table', () => {
  it('names every provider that is promised, by its own address and key', () => {
    expect(PROVIDER_NAMES.toSorted()).toEqual(
      'anthropic atlascloud deepseek fireworks gemini glm groq llamacpp lmstudio moonshot novita ollama openai openrouter qwen siliconflow vllm xai'.split(
        ' ',
      ),
    )
    const known = Object.values(PROVIDERS)
    expect(new Set(known.map(({ baseUrl }) => baseUrl)).size).toBe(known.length)
    for (const { baseUrl, keyVariable, ...rest } of known) {
      const isLocal = 'isFree' in rest
      expect([URL.canParse(baseUrl), baseUrl.startsWith('https://'), keyVariable !== '']).toEqual([
        true,
        !isLocal,
        !isLocal,
      ])
    }
  })

  it('has only prices that can be', () => {
    for (const { prices } of Object.values(MODELS).flatMap((models) => Object.values(models))) {
      if (!prices) continue
      const { inputUsdPerMTok: input, outputUsdPerMTok: output, cacheReadUsdPerMTok: read = 0 } = prices
      expect(input > 0 && output > input && read < input).toBe(true)
    }
  })

  it('is listed whole, with the model of the settings, once each', () => {
    const count = Object.values(MODELS).reduce((sum, models) => sum + Object.keys(models).length, 0)
    const ids = (settings: Settings) => listModels(settings).map(({ provider, model }) => `${provider}/${model}`)
    expect(ids(settingsOf(''))).toHaveLength(count)
    expect(ids(settingsOf('model: { name: new }'))).toEqual(['anthropic/new', ...ids(settingsOf(''))])
    expect(new Set(ids(settingsOf(''))).size).toBe(count)
    expect(providerNames(settingsOf('providers: { mine: { baseUrl: "https://m.example" } }'))).toEqual([
      ...PROVIDER_NAMES,
      'mine',
    ])
  })
})

describe('the catalog', () => {
  const secrets: Record<string, string> = { ANTHROPIC_API_KEY: 'a-key', MY_KEY: 'my-key' }

  it('hands out everything that a call needs, as it is now', () => {
    let settings = settingsOf('model: { timeoutMs: 5000 }')
    const catalog = createModelCatalog({ settings: () => settings, readSecret: (name) => secrets[name] })
    expect(catalog.resolve(undefined)).toEqual({
      ok: true,
      provider: 'anthropic',
      wire: 'anthropic',
      model: 'claude-sonnet-5-5',
      prices: { inputUsdPerMTok: 2, outputUsdPerMTok: 10, cacheReadUsdPerMTok: 0.1, cacheWriteUsdPerMTok: 2.5 },
      contextTokens: 1_000_000,
      keyVariable: 'ANTHROPIC_API_KEY',
      access: { baseUrl: 'https://api.anthropic.com', key: 'a-key', timeoutMs: 5_000, quirks: {} },
    })
    expect(catalog.resolve('openai/x')).toMatchObject({ access: { key: undefined } })
    expect(catalog.resolve('nobody/x')).toMatchObject({ ok: false })
    settings = settingsOf('model: { provider: xai }')
    expect(catalog.resolve(undefined)).toMatchObject({ provider: 'xai', model: 'grok-4.7', wire: 'openai' })
  })

  it('lets an Ollama of this machine stand in for the model of the settings while that one has no key', () => {
    const local = { provider: 'ollama', baseUrl: 'http://127.0.0.1:11434/v1', models: ['qwen3:8b', 'other'] } as const
    const resolve = (yaml: string, keys: Record<string, string>, name?: string) => {
      const settings = settingsOf(yaml)
      const found = createModelCatalog({
        settings: () => settings,
        readSecret: (variable) => keys[variable],
        local: () => local,
      }).resolve(name)
      return found.ok ? `${found.provider}/${found.model} ${found.access.baseUrl}` : found.reason
    }
    expect(resolve('', {})).toBe('ollama/qwen3:8b http://127.0.0.1:11434/v1')
    expect(resolve('model: { provider: openrouter, name: a/b }', {})).toBe('ollama/qwen3:8b http://127.0.0.1:11434/v1')
    expect(resolve('', secrets)).toBe('anthropic/claude-sonnet-5-5 https://api.anthropic.com')
    expect(resolve('', {}, 'claude-opus-5-5')).toBe('anthropic/claude-opus-5-5 https://api.anthropic.com')
    const own = 'model: { baseUrl: "http://127.0.0.1:4000", name: mine }'
    expect(resolve(own, {})).toBe('anthropic/mine http://127.0.0.1:4000')
  })

  it('leads to both wires at once, each with its own key', async () => {
    const [claude, gpt] = [await startFakeAnthropic(), await startFakeOpenai()]
    endings.push(claude.close, gpt.close)
    const yaml = `
model: { baseUrl: "${claude.url}" }
providers: { mine: { baseUrl: "${gpt.url}/v1", keyVariable: MY_KEY } }
`
    const catalog = createModelCatalog({ settings: () => settingsOf(yaml), readSecret: (name) => secrets[name] })
    const request: Omit<ModelRequest, 'model'> = { system: '', turns: [{ role: 'user', text: 'hi' }], maxTokens: 9 }
    const answers = await Promise.all(
      [undefined, 'mine/m'].map(async (name) => {
        const target = catalog.resolve(name)
        if (!target.ok) throw new Error(target.reason)
        const wire: Wire = target.wire
        const control = { signal: new AbortController().signal, onText: () => {} }
        const result = await providerOf(wire)(target.access, { ...request, model: target.model }, control)
        return result.ok ? result.text : result.reason
      }),
    )
    expect(answers).toEqual(['echo: hi', 'echo: hi'])
    expect([claude.requests[0]?.key, gpt.requests[0]?.key]).toEqual(['a-key', 'my-key'])
  })
})
