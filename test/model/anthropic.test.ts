/** The provider over the real wire: every way in which it can fail is a value with its kind. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { askAnthropic } from '../../src/model/anthropic.ts'
import type { AnswerTool, ModelRequest, ProviderResult, Quirks, ToolOffer, Turn } from '../../src/model/modelCall.ts'
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
    calls: [],
    stop: 'end',
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
      calls: [],
      stop: 'tools',
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

describe('the prompt cache', () => {
  const LONG = 'All that is known of this machine. '.repeat(40)
  const tools: ToolOffer[] = ['a', 'b'].map((name) => ({ name, description: name, inputSchema: { type: 'object' } }))
  const MARK = { cache_control: { type: 'ephemeral' } }

  async function converse(turns: readonly Turn[], changes: Partial<ModelRequest> = {}, quirks: Quirks = {}) {
    const control = { signal: new AbortController().signal, onText: () => {} }
    const access = { baseUrl: provider.url, key: undefined, timeoutMs: 20_000, quirks }
    const result = await askAnthropic(access, { ...request, system: LONG, tools, turns, ...changes }, control)
    return { usage: result.usage, text: result.ok ? result.text : '', body: provider.requests.at(-1)?.body }
  }

  it('is marked behind the tools, the system text and the two newest turns of the user', async () => {
    const turns: Turn[] = [
      { role: 'user', text: 'one' },
      { role: 'assistant', text: 'two' },
      { role: 'user', text: 'three' },
      { role: 'assistant', text: '', calls: [{ id: 'c', name: 'a', input: {} }] },
      { role: 'user', text: '', answers: [{ id: 'c', text: 'four', isError: true }] },
    ]
    const { body } = await converse(turns)
    expect(body).toMatchObject({
      tools: [{ name: 'a' }, { name: 'b', ...MARK }],
      system: [{ type: 'text', text: LONG, ...MARK }],
      messages: [
        { role: 'user', content: 'one' },
        { role: 'assistant', content: 'two' },
        { role: 'user', content: [{ type: 'text', text: 'three', ...MARK }] },
        { role: 'assistant', content: [{ type: 'tool_use', id: 'c', name: 'a', input: {} }] },
        {
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: 'c', content: 'four', is_error: true, ...MARK }],
        },
      ],
    })
    expect(JSON.stringify(body).match(/cache_control/g)).toHaveLength(4)
  })

  it.each<[string, Partial<ModelRequest>, Quirks]>([
    ['a short conversation', { system: 'be brief' }, {}],
    ['a provider that does not know it', {}, { noCacheControl: true }],
  ])('is left alone for %s', async (_, changes, quirks) => {
    const { body } = await converse([{ role: 'user', text: 'one' }], changes, quirks)
    expect(JSON.stringify(body)).not.toContain('cache_control')
  })

  it('offers the same tools when none may be used', async () => {
    const { body } = await converse([{ role: 'user', text: 'one' }], { toolChoice: 'none' })
    expect(body).toMatchObject({ tools: [{ name: 'a' }, { name: 'b', ...MARK }], tool_choice: { type: 'none' } })
  })

  it('makes each turn cost its own tokens, not those of the history', async () => {
    const turns: Turn[] = []
    const paid: number[] = []
    for (let turn = 0; turn < 12; turn += 1) {
      turns.push({ role: 'user', text: `turn ${String(turn).padStart(2, '0')}: ${'x'.repeat(400)}` })
      const { usage, text } = await converse(turns)
      paid.push(usage.inputTokens + usage.cacheWriteTokens)
      turns.push({ role: 'assistant', text })
    }
    // After the first turns each one pays for what is new: its question and the answer before it.
    expect(new Set(paid.slice(2)).size).toBe(1)
    expect(paid.at(-1)).toBeLessThan(300)
  })
})

it('leaves away what the wire would refuse: empty texts, and a system text that says nothing', async () => {
  const turns: Turn[] = [
    { role: 'user', text: 'one' },
    { role: 'assistant', text: ' ' },
    { role: 'user', text: 'two' },
  ]
  const access = { baseUrl: provider.url, key: undefined, timeoutMs: 20_000 }
  await askAnthropic(
    access,
    { ...request, system: '', turns },
    { signal: new AbortController().signal, onText: () => {} },
  )
  expect(provider.requests[0]?.body).toEqual({
    model: 'fake-1',
    max_tokens: 50,
    stream: true,
    messages: [
      { role: 'user', content: 'one' },
      { role: 'user', content: 'two' },
    ],
  })
})

it('keeps the blocks of an answer as they came, thinking and its signature first', async () => {
  const block = (index: number, content: object) => ({ type: 'content_block_start', index, content_block: content })
  const piece = (index: number, delta: object) => ({ type: 'content_block_delta', index, delta })
  const stop = (index: number) => ({ type: 'content_block_stop', index })
  const { result } = await ask({
    do: 'events',
    events: [
      { type: 'message_start', message: { usage: { input_tokens: 5, output_tokens: 1 } } },
      block(0, { type: 'thinking', thinking: '', signature: '' }),
      piece(0, { type: 'thinking_delta', thinking: 'hm' }),
      piece(0, { type: 'signature_delta', signature: 'sig' }),
      stop(0),
      block(1, { type: 'redacted_thinking', data: 'opaque' }),
      stop(1),
      block(2, { type: 'text', text: '' }),
      piece(2, { type: 'text_delta', text: 'I look.' }),
      stop(2),
      block(3, { type: 'tool_use', id: 'c', name: 'look', input: {} }),
      piece(3, { type: 'input_json_delta', partial_json: '{"at":1}' }),
      stop(3),
      // Cut: without its signature it would be refused.
      block(4, { type: 'thinking', thinking: 'and', signature: '' }),
      { type: 'message_delta', delta: { stop_reason: 'max_tokens' }, usage: { output_tokens: 9 } },
      { type: 'message_stop' },
    ],
  })
  expect(result).toEqual({
    ok: true,
    text: 'I look.',
    calls: [{ id: 'c', name: 'look', input: { at: 1 } }],
    native: {
      wire: 'anthropic',
      model: 'fake-1',
      content: {
        seal: expect.any(String),
        blocks: [
          { type: 'thinking', thinking: 'hm', signature: 'sig' },
          { type: 'redacted_thinking', data: 'opaque' },
          { type: 'text', text: 'I look.' },
          { type: 'tool_use', id: 'c', name: 'look', input: { at: 1 } },
        ],
      },
    },
    usage: { inputTokens: 5, outputTokens: 9, cacheReadTokens: 0, cacheWriteTokens: 0 },
    stop: 'max-tokens',
    stopReason: 'max_tokens',
  })
})

describe('thinking', () => {
  const tools: ToolOffer[] = [{ name: 'look', description: 'looks', inputSchema: { type: 'object' } }]
  const USER: Turn = { role: 'user', text: 'hello' }

  /** An answer that thinks, then calls; `index` makes each one another. */
  const thinkAndCall = (index: number): Script => ({
    do: 'events',
    events: [
      { type: 'message_start', message: { usage: { input_tokens: 5, output_tokens: 1 } } },
      { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '', signature: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: `sig-${index}` } },
      { type: 'content_block_stop', index: 0 },
      {
        type: 'content_block_start',
        index: 1,
        content_block: { type: 'tool_use', id: `c${index}`, name: 'look', input: {} },
      },
      { type: 'content_block_stop', index: 1 },
      { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 9 } },
      { type: 'message_stop' },
    ],
  })

  async function send(turns: readonly Turn[], changes: Partial<ModelRequest> = {}) {
    const access = { baseUrl: provider.url, key: undefined, timeoutMs: 20_000 }
    const control = { signal: new AbortController().signal, onText: () => {} }
    const result = await askAnthropic(access, { ...request, tools, turns, ...changes }, control)
    if (!result.ok) throw new Error(result.reason)
    return result
  }

  /** Three steps of a run that thinks at each. */
  async function run(): Promise<Turn[]> {
    provider.setScript((_, index) => thinkAndCall(index))
    const turns: Turn[] = [USER]
    for (let step = 0; step < 3; step += 1) {
      const { text, calls, native } = await send(turns)
      turns.push({ role: 'assistant', text, calls, ...(native ? { native } : {}) })
      turns.push({
        role: 'user',
        text: '',
        answers: calls.map(({ id }) => ({ id, text: `seen ${step}`, isError: false })),
      })
    }
    provider.setScript({ do: 'echo' })
    return turns
  }

  const signaturesSent = () => JSON.stringify(provider.requests.at(-1)?.body).match(/sig-\d/g) ?? []

  it('goes back as it came while nothing before it changes', async () => {
    const turns = await run()
    await send(turns)
    expect(signaturesSent()).toEqual(['sig-0', 'sig-1', 'sig-2'])
    await send([...turns, { role: 'assistant', text: 'done' }, USER], { toolChoice: 'none', maxTokens: 9 })
    expect(signaturesSent()).toEqual(['sig-0', 'sig-1', 'sig-2'])
    // Also out of a journal.
    await send(JSON.parse(JSON.stringify(turns)))
    expect(signaturesSent()).toEqual(['sig-0', 'sig-1', 'sig-2'])
  })

  it.each<[string, (turns: Turn[]) => [readonly Turn[], Partial<ModelRequest>?], number]>([
    ['another system text', (turns) => [turns, { system: 'be long' }], 0],
    ['another tool', (turns) => [turns, { tools: [...tools, { ...(tools[0] as ToolOffer), name: 'more' }] }], 0],
    ['another model', (turns) => [turns, { model: 'fake-2' }], 0],
    ['a summary of its beginning', (turns) => [[{ role: 'user', text: 'in short: …' }, ...turns.slice(3)]], 0],
    [
      'an answer of a tool that was cut',
      (turns) => [
        turns.map((turn, index) =>
          index === 2 ? { ...USER, answers: [{ id: 'c0', text: 'cut', isError: false }] } : turn,
        ),
      ],
      1,
    ],
    [
      'a thought that is lost',
      (turns) => [
        turns.map((turn, index) =>
          index === 3 ? { role: 'assistant' as const, text: '', calls: [{ id: 'c1', name: 'look', input: {} }] } : turn,
        ),
      ],
      1,
    ],
  ])('stays behind after %s, and the conversation goes on', async (_, change, left) => {
    const [turns, changes] = change(await run())
    expect(await send(turns, changes)).toMatchObject({ ok: true })
    expect(signaturesSent()).toEqual(['sig-0', 'sig-1', 'sig-2'].slice(0, left))
  })
})
