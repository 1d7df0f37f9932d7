/** The provider over the real wire: every way in which it can fail is a value with its kind. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { askAnthropic } from '../../src/model/anthropic.ts'
import type { AnswerTool, ModelRequest, ProviderResult } from '../../src/model/modelCall.ts'
import { type FakeAnthropic, type Script, startFakeAnthropic } from '../fakes/anthropic.ts'

const request: ModelRequest = {
  model: 'fake-1',
  system: 'be brief',
  turns: [{ role: 'user', text: 'hello' }],
  maxTokens: 50,
}
let provider: FakeAnthropic

beforeEach(async () => {
  provider = await startFakeAnthropic()
})
afterEach(() => provider.close())

async function ask(script: Script, timeoutMs = 2_000, signal = new AbortController().signal) {
  provider.setScript(script)
  const pieces: string[] = []
  const access = { baseUrl: provider.url, key: 'sk-very-secret', timeoutMs }
  const result = await askAnthropic(access, request, { signal, onText: (delta) => void pieces.push(delta) })
  return { result, pieces }
}

function kindOf(result: ProviderResult): string {
  return result.ok ? 'ok' : result.kind
}

it('streams an answer and counts its tokens', async () => {
  const { result, pieces } = await ask({ do: 'say', text: 'a b c', outputTokens: 7 })
  expect(pieces).toEqual(['a', ' b', ' c'])
  expect(result).toEqual({
    ok: true,
    text: 'a b c',
    stopReason: 'end_turn',
    usage: { inputTokens: 12, outputTokens: 7, cacheReadTokens: 0, cacheWriteTokens: 0 },
  })
  expect(provider.requests).toEqual([
    {
      key: 'sk-very-secret',
      body: {
        model: 'fake-1',
        max_tokens: 50,
        stream: true,
        system: 'be brief',
        messages: [{ role: 'user', content: 'hello' }],
      },
    },
  ])
})

it.each([
  [{ do: 'unauthorized' }, 'unauthorized', 1],
  [{ do: 'rateLimit', retryAfterSec: 0.01 }, 'rate-limited', 3],
  [{ do: 'overloaded' }, 'overloaded', 3],
  [{ do: 'truncate' }, 'network', 1],
  [{ do: 'truncate', clean: true }, 'bad-answer', 1],
  [{ do: 'refuse' }, 'refused', 1],
] as const)('%o is %s after %i requests', async (script, kind, requests) => {
  const { result } = await ask(script, 10_000)
  expect(kindOf(result)).toBe(kind)
  expect(provider.requests.length).toBe(requests)
  expect(JSON.stringify(result)).not.toContain('sk-very-secret')
})

it.each([{ do: 'silence' }, { do: 'stall' }] as const)('%o ends after the time limit', async (script) => {
  const { result } = await ask(script, 200)
  expect(kindOf(result)).toBe('timeout')
})

it('a server that is not there is the network', async () => {
  const access = { baseUrl: 'http://127.0.0.1:9', key: undefined, timeoutMs: 5_000 }
  const control = { signal: new AbortController().signal, onText: () => {} }
  expect(kindOf(await askAnthropic(access, request, control))).toBe('network')
})

it('can be cancelled in the middle', async () => {
  const controller = new AbortController()
  const asked = ask({ do: 'stall' }, 10_000, controller.signal)
  await provider.seen(1)
  controller.abort()
  expect(kindOf((await asked).result)).toBe('cancelled')
})

describe('a forced tool', () => {
  const tool: AnswerTool = {
    name: 'choose',
    description: 'chooses',
    inputSchema: { type: 'object', properties: { choice: { type: 'string', enum: ['a'] } } },
    isValid: (input) => (input as { choice?: unknown } | null)?.choice === 'a',
  }
  const call = (...calls: Extract<Script, { do: 'call' }>['calls']): Script => ({ do: 'call', calls })

  async function force(script: Script, maxRetries = 2) {
    provider.setScript(script)
    const pieces: string[] = []
    const access = { baseUrl: provider.url, key: undefined, timeoutMs: 2_000, maxRetries }
    const control = { signal: new AbortController().signal, onText: (delta: string) => void pieces.push(delta) }
    return { result: await askAnthropic(access, { ...request, tool }, control), pieces }
  }

  it('is asked for so that nothing else can be answered, and its input is the answer', async () => {
    const { result } = await force(call({ input: { choice: 'a' } }))
    expect(result).toEqual({
      ok: true,
      text: '',
      toolInput: { choice: 'a' },
      stopReason: 'tool_use',
      usage: { inputTokens: 12, outputTokens: 20, cacheReadTokens: 0, cacheWriteTokens: 0 },
    })
    expect(provider.requests[0]?.body).toMatchObject({
      tools: [{ name: 'choose', description: 'chooses', input_schema: tool.inputSchema }],
      tool_choice: { type: 'auto', disable_parallel_tool_use: true },
    })
  })

  it('drops what is said beside it', async () => {
    const { result, pieces } = await force({ ...call({ input: { choice: 'a' } }), before: 'I think a' } as Script)
    expect([result.ok && result.text, result.ok && result.toolInput, pieces]).toEqual(['', { choice: 'a' }, []])
  })

  it.each<[string, Script, string]>([
    ['words only', { do: 'say', text: 'a' }, 'it stopped by end_turn'],
    ['another tool', call({ name: 'bash', input: { choice: 'a' } }), 'another tool was called'],
    ['two calls', call({ input: { choice: 'a' } }, { input: { choice: 'a' } }), '2 tools were called instead of one'],
    ['no call', call(), '0 tools were called instead of one'],
    ['an input that does not fit', call({ input: { choice: 'b' } }), 'the input of the tool does not fit its schema'],
    ['an input that is no JSON', call({ json: '{"choice":' }), 'the input of the tool does not fit its schema'],
    [
      'a stop for want of tokens',
      { ...call({ input: { choice: 'a' } }), stopReason: 'max_tokens' } as Script,
      'it stopped by max_tokens',
    ],
    [
      'an endless input',
      call({ json: `{"choice":"${'a'.repeat(200_000)}"}` }),
      'the answer is longer than any good one',
    ],
    ['endless words', { do: 'say', text: 'word '.repeat(20_000) }, 'the answer is longer than any good one'],
    [
      'half a stream',
      { ...call({ input: { choice: 'a' } }), cut: true } as Script,
      'the stream ended before the answer did',
    ],
  ])('%s is a bad answer', async (_, script, reason) => {
    expect((await force(script)).result).toMatchObject({ ok: false, kind: 'bad-answer', reason })
  })

  it('tries as often as it is told', async () => {
    await force({ do: 'overloaded' }, 0)
    expect(provider.requests.length).toBe(1)
  })
})
