/** Each provider of the table, asked over the real wire at an address of ours: what it is sent is what it wants, by its own quirks. */
import { afterEach, describe, expect, it } from 'vitest'
import type { ModelRequest, Turn } from '../../src/model/modelCall.ts'
import { createModelCatalog } from '../../src/model/models.ts'
import { providerOf } from '../../src/model/providers.ts'
import { checkSettingsText } from '../../src/shared/config/load.ts'
import { PROVIDER_NAMES, type ProviderName } from '../../src/shared/config/providerTable.ts'
import { startFakeAnthropic } from '../fakes/anthropic.ts'
import { startFakeOpenai } from '../fakes/openai.ts'

const endings: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of endings.splice(0)) await end()
})

/** What a provider of OpenAI's wire must be sent; what is not named it must not be sent. */
type Expected = {
  readonly limit: 'max_tokens' | 'max_completion_tokens'
  readonly usageAsked: boolean
  readonly forced: boolean
  readonly thinking?: 'reasoning_content' | 'reasoning_details'
}

const PLAIN: Expected = { limit: 'max_tokens', usageAsked: true, forced: true }
const UNFORCED: Expected = { ...PLAIN, forced: false }
const NEW: Expected = { ...PLAIN, limit: 'max_completion_tokens' }

const EXPECTED: Readonly<Record<Exclude<ProviderName, 'anthropic'>, Expected>> = {
  openai: NEW,
  gemini: PLAIN,
  deepseek: { ...UNFORCED, thinking: 'reasoning_content' },
  groq: NEW,
  fireworks: PLAIN,
  siliconflow: UNFORCED,
  glm: { ...UNFORCED, usageAsked: false },
  qwen: UNFORCED,
  moonshot: { ...UNFORCED, thinking: 'reasoning_content' },
  novita: UNFORCED,
  openrouter: { ...PLAIN, thinking: 'reasoning_details' },
  ollama: UNFORCED,
  atlascloud: UNFORCED,
  xai: NEW,
  lmstudio: UNFORCED,
  llamacpp: UNFORCED,
  vllm: PLAIN,
}

const SECRETS: Readonly<Record<string, string>> = { THE_KEY: 'sk-of-this-provider' }
const LOOK = { name: 'look', description: 'looks', inputSchema: { type: 'object' as const } }

/** Asks the provider through the catalog, as the gate does, with only its address and the name of its key set. */
async function askAt(provider: ProviderName, url: string, request: Partial<ModelRequest>) {
  const checked = checkSettingsText(`providers: { ${provider}: { baseUrl: "${url}", keyVariable: THE_KEY } }`)
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems))
  const catalog = createModelCatalog({ settings: () => checked.settings, readSecret: (name) => SECRETS[name] })
  const target = catalog.resolve(`${provider}/some-model`)
  if (!target.ok) throw new Error(target.reason)
  const { wire, model, access } = target
  return providerOf(wire)(
    { ...access, maxRetries: 0, timeoutMs: 20_000 },
    { model, system: 'be brief', turns: [{ role: 'user', text: 'hello' }], maxTokens: 50, ...request },
    { signal: new AbortController().signal, onText: () => {} },
  )
}

it('expects something of every provider', () => {
  expect(['anthropic', ...Object.keys(EXPECTED)].toSorted()).toEqual(PROVIDER_NAMES.toSorted())
})

describe.each(Object.entries(EXPECTED) as [ProviderName, Expected][])('%s', (provider, expected) => {
  it('gets its own key and what it understands, and its answer is read', async () => {
    const server = await startFakeOpenai()
    endings.push(server.close)
    const result = await askAt(provider, `${server.url}/v1`, {})
    expect(result).toMatchObject({ ok: true, text: 'echo: hello', stop: 'end' })
    expect(server.requests).toEqual([
      {
        key: 'sk-of-this-provider',
        body: {
          model: 'some-model',
          [expected.limit]: 50,
          messages: [
            { role: 'system', content: 'be brief' },
            { role: 'user', content: 'hello' },
          ],
          stream: true,
          ...(expected.usageAsked ? { stream_options: { include_usage: true } } : {}),
        },
      },
    ])
  })

  it('is asked for one tool in the way that it knows', async () => {
    const server = await startFakeOpenai({ do: 'call', calls: [{ input: {} }] })
    endings.push(server.close)
    const result = await askAt(provider, `${server.url}/v1`, { tool: { ...LOOK, isValid: () => true } })
    expect(result).toMatchObject({ ok: true, toolInput: {} })
    const choice = expected.forced ? { type: 'function', function: { name: 'look' } } : undefined
    expect(server.requests[0]?.body['tool_choice']).toEqual(choice)
  })

  it('gets its thinking back with the calls that it led to, if it wants it', async () => {
    const delta = (part: object, finish: string | null = null) => ({
      choices: [{ delta: part, finish_reason: finish }],
    })
    const server = await startFakeOpenai({
      do: 'events',
      events: [
        delta({ reasoning_content: 'hm', reasoning_details: [{ index: 0, type: 'reasoning.text', text: 'hm' }] }),
        delta({ tool_calls: [{ index: 0, id: 'c', function: { name: 'look', arguments: '{}' } }] }),
        delta({}, 'tool_calls'),
      ],
    })
    endings.push(server.close)
    const result = await askAt(provider, `${server.url}/v1`, { tools: [LOOK] })
    if (!result.ok || !result.native) throw new Error('expected thinking')
    const { text, calls, native } = result
    const turns: Turn[] = [
      { role: 'user', text: 'hello' },
      { role: 'assistant', text, calls, native },
      { role: 'user', text: '', answers: [{ id: 'c', text: 'sky', isError: false }] },
    ]
    server.setScript({ do: 'echo' })
    expect(await askAt(provider, `${server.url}/v1`, { tools: [LOOK], turns })).toMatchObject({ text: 'echo: sky' })
    const said = server.requests[1]?.body.messages[2] ?? { role: '' }
    const sent = ['reasoning_content', 'reasoning_details'].filter((field) => Object.hasOwn(said, field))
    expect(sent).toEqual(expected.thinking ? [expected.thinking] : [])
  })
})

it('anthropic gets its own key, and its answer is read', async () => {
  const server = await startFakeAnthropic()
  endings.push(server.close)
  expect(await askAt('anthropic', server.url, {})).toMatchObject({ ok: true, text: 'echo: hello' })
  expect(server.requests.map(({ key }) => key)).toEqual(['sk-of-this-provider'])
})
