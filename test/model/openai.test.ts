/** What providers of OpenAI's wire do in their own way, each as it was seen or documented. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ModelRequest, Quirks, Turn } from '../../src/model/modelCall.ts'
import { askOpenai } from '../../src/model/openai.ts'
import { type FakeOpenai, startFakeOpenai } from '../fakes/openai.ts'

let server: FakeOpenai
beforeEach(async () => {
  server = await startFakeOpenai()
})
afterEach(() => server.close())

const TOOLS = [{ name: 'look', description: 'looks', inputSchema: { type: 'object' as const } }]
const SAID = { role: 'user', text: 'hello' } as const

async function ask(request: Partial<ModelRequest> = {}, quirks: Quirks = {}) {
  const result = await askOpenai(
    { baseUrl: `${server.url}/v1`, key: 'k', timeoutMs: 20_000, maxRetries: 0, quirks },
    { model: 'fake-1', system: 'be brief', turns: [SAID], maxTokens: 50, ...request },
    { signal: new AbortController().signal, onText: () => {} },
  )
  return { result, body: server.requests.at(-1)?.body }
}

const chunk = (delta: object, finish: string | null = null, more: object = {}) => ({
  choices: [{ index: 0, delta, finish_reason: finish, ...more }],
})
const pieces = (...calls: readonly object[]) => chunk({ tool_calls: calls })
const play = (...events: readonly object[]) => server.setScript({ do: 'events', events })

describe('a request', () => {
  it('says what the wire asks for, and no more', async () => {
    const { body } = await ask()
    expect(body).toEqual({
      model: 'fake-1',
      max_completion_tokens: 50,
      messages: [
        { role: 'system', content: 'be brief' },
        { role: 'user', content: 'hello' },
      ],
      stream: true,
      stream_options: { include_usage: true },
    })
  })

  it('keeps to the quirks of its provider', async () => {
    const { body } = await ask({ system: '' }, { maxTokensField: 'max_tokens', noStreamOptions: true })
    expect(body).toEqual({
      model: 'fake-1',
      max_tokens: 50,
      messages: [{ role: 'user', content: 'hello' }],
      stream: true,
    })
  })

  it('tells calls, and their answers before what the person says', async () => {
    const turns: Turn[] = [
      { role: 'user', text: 'see', images: [{ mediaType: 'image/png', base64: 'AAAA' }] },
      {
        role: 'assistant',
        text: '',
        calls: [
          { id: 'c1', name: 'look', input: { at: 1 } },
          { id: 'c2', name: 'look', input: {} },
        ],
      },
      {
        role: 'user',
        text: 'and?',
        answers: [
          { id: 'c1', text: 'sky', isError: false },
          { id: 'c2', text: 'dark', isError: true },
        ],
      },
    ]
    const { body } = await ask({ system: '', turns, tools: TOOLS, toolChoice: 'none' })
    const called = (id: string, args: string) => ({ id, type: 'function', function: { name: 'look', arguments: args } })
    expect(body?.messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
          { type: 'text', text: 'see' },
        ],
      },
      { role: 'assistant', content: null, tool_calls: [called('c1', '{"at":1}'), called('c2', '{}')] },
      { role: 'tool', tool_call_id: 'c1', content: 'sky' },
      { role: 'tool', tool_call_id: 'c2', content: '[error] dark' },
      { role: 'user', content: 'and?' },
    ])
    expect(body).toMatchObject({
      tools: [{ type: 'function', function: { name: 'look', description: 'looks', parameters: { type: 'object' } } }],
      tool_choice: 'none',
    })
  })

  it('forces a tool by name, or offers it alone where that is refused', async () => {
    const tool = {
      ...TOOLS[0],
      name: 'look',
      description: '',
      inputSchema: { type: 'object' as const },
      isValid: () => true,
    }
    expect((await ask({ tool })).body?.['tool_choice']).toEqual({ type: 'function', function: { name: 'look' } })
    expect((await ask({ tool }, { noForcedTool: true })).body).not.toHaveProperty('tool_choice')
  })
})

describe('calls', () => {
  const first = { function: { name: 'look', arguments: '{"n":1}' } }
  const second = { function: { name: 'look', arguments: '{"n":2}' } }

  it.each<[string, readonly object[]]>([
    [
      'all of index 0, told apart by their ids',
      [pieces({ index: 0, id: 'a', ...first }), pieces({ index: 0, id: 'b', ...second })],
    ],
    ['without an index', [pieces({ id: 'a', ...first }, { id: 'b', ...second })]],
    ['without index and id, told apart by their names', [pieces(first), pieces(second)]],
    ['without an id', [pieces({ index: 0, ...first }), pieces({ index: 1, id: '', ...second })]],
    [
      'with the id and the name in every piece',
      [
        pieces({ index: 0, id: 'a', function: { name: 'look', arguments: '{"n"' } }),
        pieces({ index: 0, id: 'a', function: { name: 'look', arguments: ':1}' } }),
        pieces({ index: 1, id: 'b', ...second }),
      ],
    ],
    [
      'in pieces that have no index after the first',
      [
        pieces({ id: 'a', function: { name: 'look', arguments: '' } }),
        pieces({ function: { arguments: '{"n":1}' } }),
        pieces({ id: 'b', ...second }),
      ],
    ],
    [
      'with arguments as an object',
      [
        pieces(
          { index: 0, function: { name: 'look', arguments: { n: 1 } } },
          { index: 1, function: { name: 'look', arguments: { n: 2 } } },
        ),
      ],
    ],
    [
      'with null where nothing is',
      [
        chunk({ content: null, tool_calls: null }),
        pieces({ index: 0, id: null, ...first }, { index: 1, id: 'b', ...second }),
      ],
    ],
  ])('%s are two calls', async (_, events) => {
    play(...events, chunk({}, 'stop'))
    const { result } = await ask({ tools: TOOLS })
    expect(result).toMatchObject({
      ok: true,
      stop: 'tools',
      calls: [
        { name: 'look', input: { n: 1 } },
        { name: 'look', input: { n: 2 } },
      ],
    })
  })

  it('without any name are a bad answer', async () => {
    play(pieces({ index: 0, id: 'a', function: { arguments: '{}' } }), chunk({}, 'tool_calls'))
    expect((await ask({ tools: TOOLS })).result).toMatchObject({ ok: false, kind: 'bad-answer', reason: /name/ })
  })

  it('bring back the signature that Gemini put beside them', async () => {
    const extra = { google: { thought_signature: 'sig' } }
    play(pieces({ index: 0, id: 'a', ...first, extra_content: extra }), chunk({}, 'tool_calls'))
    const { result } = await ask({ tools: TOOLS })
    if (!result.ok || !result.native) throw new Error('expected native content')
    const { text, calls, native } = result
    const turns: Turn[] = [
      SAID,
      { role: 'assistant', text, calls, native },
      { role: 'user', text: '', answers: [{ id: 'a', text: 'sky', isError: false }] },
    ]
    server.setScript({ do: 'echo' })
    const { body } = await ask({ tools: TOOLS, turns })
    expect(body?.messages[2]).toMatchObject({ tool_calls: [{ id: 'a', extra_content: extra }] })
  })
})

describe('thinking', () => {
  const call = pieces({ index: 0, id: 'a', function: { name: 'look', arguments: '{}' } })

  async function roundTrip(events: readonly object[], quirks: Quirks) {
    play(...events)
    const { result } = await ask({ tools: TOOLS }, quirks)
    if (!result.ok) throw new Error(result.reason)
    const { text, calls, native } = result
    const answers = calls.map(({ id }) => ({ id, text: 'sky', isError: false }))
    const turns: Turn[] = [
      SAID,
      { role: 'assistant', text, calls, ...(native ? { native } : {}) },
      { role: 'user', text: 'go on', answers },
    ]
    server.setScript({ do: 'echo' })
    return (await ask({ tools: TOOLS, turns }, quirks)).body?.messages[2]
  }

  it.each<[string, readonly object[], Quirks, object]>([
    [
      'goes back with the calls that it led to',
      [chunk({ reasoning_content: 'h' }), chunk({ reasoning_content: 'm' }), call, chunk({}, 'tool_calls')],
      { reasoningBack: 'reasoning_content' },
      { reasoning_content: 'hm' },
    ],
    [
      'goes back empty where the model called without thinking: the field must not be missing',
      [call, chunk({}, 'tool_calls')],
      { reasoningBack: 'reasoning_content' },
      { reasoning_content: '' },
    ],
    [
      'goes back in its details, put together from their pieces',
      [
        chunk({ reasoning_details: [{ type: 'reasoning.text', index: 0, text: 'h' }] }),
        chunk({
          reasoning_details: [
            { type: 'reasoning.text', index: 0, text: 'm', signature: 's' },
            { index: 1, type: 'reasoning.encrypted', data: 'x' },
          ],
        }),
        call,
        chunk({}, 'tool_calls'),
      ],
      { reasoningBack: 'reasoning_details' },
      {
        reasoning_details: [
          { type: 'reasoning.text', index: 0, text: 'hm', signature: 's' },
          { type: 'reasoning.encrypted', index: 1, data: 'x' },
        ],
      },
    ],
  ])('%s', async (_, events, quirks, sent) => {
    expect(await roundTrip(events, quirks)).toMatchObject(sent)
  })

  it.each<[string, readonly object[], Quirks]>([
    ['to a provider that does not ask for it', [chunk({ reasoning: 'hm' }), call, chunk({}, 'tool_calls')], {}],
    [
      'with an answer that called nothing: it would be ignored',
      [chunk({ reasoning_content: 'hm' }), chunk({ content: 'sky' }), chunk({}, 'stop')],
      { reasoningBack: 'reasoning_content' },
    ],
  ])('does not go back %s', async (_, events, quirks) => {
    expect(JSON.stringify(await roundTrip(events, quirks))).not.toMatch(/reasoning|hm/)
  })

  it('is no text of the answer', async () => {
    play(chunk({ reasoning_content: 'hm' }), chunk({}, 'stop'))
    expect((await ask()).result).toMatchObject({ ok: false, kind: 'bad-answer' })
  })
})

describe('usage', () => {
  const counted = { prompt_tokens: 100, completion_tokens: 7 }
  it.each<[string, object, object]>([
    ['plain', { choices: [], usage: counted }, { inputTokens: 100, cacheReadTokens: 0 }],
    [
      'OpenAI',
      { choices: [], usage: { ...counted, prompt_tokens_details: { cached_tokens: 60 } } },
      { inputTokens: 40, cacheReadTokens: 60 },
    ],
    [
      'DeepSeek',
      { choices: [], usage: { ...counted, prompt_cache_hit_tokens: 60 } },
      { inputTokens: 40, cacheReadTokens: 60 },
    ],
    [
      'Moonshot',
      chunk({}, null, { usage: { ...counted, cached_tokens: 60 } }),
      { inputTokens: 40, cacheReadTokens: 60 },
    ],
    ['Groq', { choices: [], x_groq: { usage: counted } }, { inputTokens: 100, cacheReadTokens: 0 }],
    [
      'OpenRouter',
      { choices: [], usage: { ...counted, prompt_tokens_details: { cached_tokens: 60, cache_write_tokens: 30 } } },
      { inputTokens: 10, cacheReadTokens: 60, cacheWriteTokens: 30 },
    ],
    [
      'nobody',
      { choices: [], usage: null },
      { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 },
    ],
  ])('is read as %s tells it', async (_, told, expected) => {
    play(chunk({ content: 'a' }), chunk({}, 'stop'), told)
    expect((await ask()).result.usage).toMatchObject(expected)
  })

  it('of a failed call counts as well', async () => {
    play(chunk({ refusal: 'no' }), chunk({}, 'stop'), { choices: [], usage: counted })
    expect((await ask()).result).toMatchObject({ kind: 'refused', usage: { inputTokens: 100, outputTokens: 7 } })
  })
})
