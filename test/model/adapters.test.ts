/** One contract for both wires, through their SDKs and servers that speak them: what a provider does is a value, whatever it does. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { askAnthropic } from '../../src/model/anthropic.ts'
import type {
  AnswerTool,
  ModelRequest,
  Provider,
  ProviderAccess,
  ProviderResult,
  ToolOffer,
  Turn,
} from '../../src/model/modelCall.ts'
import { askOpenai } from '../../src/model/openai.ts'
import { startFakeAnthropic } from '../fakes/anthropic.ts'
import type { FakeModelServer, Script } from '../fakes/modelServer.ts'
import { startFakeOpenai } from '../fakes/openai.ts'

const KEY = 'sk-very-secret'
const PNG = 'iVBORw0KGgo='
const LIMIT_MS = 20_000

/** A wire with its words for the same things. */
type Wire = {
  readonly ask: Provider
  readonly start: () => Promise<FakeModelServer<unknown>>
  readonly path: string
  readonly words: { readonly end: string; readonly tools: string; readonly cut: string }
  /** Two calls whose pieces come in disorder, repeated events among them. */
  readonly disorder: readonly object[]
  readonly empty: readonly object[]
  /** Ends by a refusal without a word. */
  readonly declined: readonly object[]
  /** An answer that is more than its text and its calls, with one call. */
  readonly rich: readonly object[]
  readonly errorInStream: readonly object[]
}

const chunk = (delta: object, finish: string | null = null) => ({
  choices: [{ index: 0, delta, finish_reason: finish }],
})
const pieces = (...calls: readonly object[]) => chunk({ tool_calls: calls })
const block = (index: number, content: object) => ({ type: 'content_block_start', index, content_block: content })
const piece = (index: number, delta: object) => ({ type: 'content_block_delta', index, delta })
const json = (index: number, text: string) => piece(index, { type: 'input_json_delta', partial_json: text })
const stop = (index: number) => ({ type: 'content_block_stop', index })
const use = (id: string, name: string) => ({ type: 'tool_use', id, name, input: {} })
const begin = { type: 'message_start', message: { content: [], usage: { input_tokens: 5, output_tokens: 1 } } }
const end = (reason: string) => [
  { type: 'message_delta', delta: { stop_reason: reason }, usage: { output_tokens: 3 } },
  { type: 'message_stop' },
]
const usage = { choices: [], usage: { prompt_tokens: 5, completion_tokens: 3 } }

const WIRES: Readonly<Record<string, Wire>> = {
  anthropic: {
    ask: askAnthropic,
    start: startFakeAnthropic,
    path: '',
    words: { end: 'end_turn', tools: 'tool_use', cut: 'max_tokens' },
    disorder: [
      begin,
      begin,
      block(2, use('b', 'second')),
      json(1, '{"n":'),
      json(2, '{"n"'),
      block(1, use('a', 'first')),
      block(1, use('a', 'first')),
      json(2, ':2}'),
      stop(2),
      json(1, '1}'),
      stop(1),
      stop(1),
      json(1, 'again'),
      ...end('tool_use'),
      ...end('tool_use'),
    ],
    empty: [begin, ...end('end_turn')],
    declined: [begin, ...end('refusal')],
    rich: [
      begin,
      block(0, { type: 'thinking', thinking: '', signature: '' }),
      piece(0, { type: 'thinking_delta', thinking: 'let me ' }),
      piece(0, { type: 'thinking_delta', thinking: 'look' }),
      piece(0, { type: 'signature_delta', signature: 'sig-1' }),
      stop(0),
      block(1, { type: 'redacted_thinking', data: 'opaque' }),
      stop(1),
      block(2, use('call-1', 'look')),
      json(2, '{"at":"sky"}'),
      stop(2),
      ...end('tool_use'),
    ],
    errorInStream: [begin, { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }],
  },
  openai: {
    ask: askOpenai,
    start: startFakeOpenai,
    path: '/v1',
    words: { end: 'stop', tools: 'tool_calls', cut: 'length' },
    disorder: [
      chunk({ role: 'assistant', content: null }),
      chunk({ role: 'assistant', content: '' }),
      pieces({ index: 1, id: 'b', function: { name: 'second', arguments: '{"n"' } }),
      pieces({ index: 0, id: 'a', function: { name: 'first', arguments: '' } }),
      pieces({ index: 0, id: 'a', function: { name: 'first', arguments: '' } }),
      pieces({ index: 0, function: { arguments: '{"n":' } }, { index: 1, function: { arguments: ':2}' } }),
      pieces({ index: 0, function: { arguments: '1}' } }),
      chunk({}, 'tool_calls'),
      chunk({}, 'tool_calls'),
      usage,
      usage,
    ],
    empty: [chunk({ role: 'assistant', content: '' }), chunk({}, 'stop'), usage],
    declined: [chunk({}, 'content_filter'), usage],
    rich: [
      chunk({ role: 'assistant', reasoning_content: 'let me ' }),
      chunk({ reasoning_content: 'look' }),
      pieces({ index: 0, id: 'call-1', function: { name: 'look', arguments: '{"at":"sky"}' } }),
      chunk({}, 'tool_calls'),
      usage,
    ],
    errorInStream: [
      chunk({ content: 'a' }),
      { error: { message: 'Overloaded', type: 'server_error', code: 529 }, choices: [] },
    ],
  },
}

const OFFERS: readonly ToolOffer[] = ['first', 'second', 'look'].map((name) => ({
  name,
  description: `does ${name}`,
  inputSchema: { type: 'object', properties: { n: { type: 'number' } } },
}))

function kindOf(result: ProviderResult): string {
  return result.ok ? 'ok' : result.kind
}

describe.each(Object.entries(WIRES))('%s', (_, wire) => {
  let server: FakeModelServer<unknown>
  beforeEach(async () => {
    server = await wire.start()
  })
  afterEach(() => server.close())

  type Changes = { readonly request?: Partial<ModelRequest>; readonly access?: Partial<ProviderAccess> }
  async function ask(script: Script, { request, access }: Changes = {}, signal = new AbortController().signal) {
    server.setScript(script)
    const heard: string[] = []
    const turns: readonly Turn[] = [{ role: 'user', text: 'hello' }]
    const result = await wire.ask(
      { baseUrl: `${server.url}${wire.path}`, key: KEY, timeoutMs: LIMIT_MS, maxRetries: 0, ...access },
      { model: 'fake-1', system: 'be brief', turns, maxTokens: 50, ...request },
      { signal, onText: (delta) => void heard.push(delta) },
    )
    expect(JSON.stringify(result)).not.toContain(KEY)
    return { result, heard }
  }
  const withTools = (turns?: readonly Turn[]): Changes => ({ request: { tools: OFFERS, ...(turns ? { turns } : {}) } })
  const events = (list: readonly object[]): Script => ({ do: 'events', events: list })

  describe('an answer', () => {
    it('is streamed as text, with what it cost', async () => {
      const { result, heard } = await ask({ do: 'say', text: 'a b c', outputTokens: 7 })
      expect(heard.filter(Boolean)).toEqual(['a', ' b', ' c'])
      expect(result).toEqual({
        ok: true,
        text: 'a b c',
        calls: [],
        stop: 'end',
        stopReason: wire.words.end,
        usage: { inputTokens: 12, outputTokens: 7, cacheReadTokens: 0, cacheWriteTokens: 0 },
      })
    })

    it('has calls of tools in the order of the model, with what was said before them', async () => {
      const calls = [
        { id: 'a', name: 'first', input: { n: 1 } },
        { id: 'b', name: 'second', input: { deep: [{ n: '"\\' }] } },
        { id: 'c', name: 'first', input: {} },
      ]
      const { result, heard } = await ask({ do: 'call', calls, before: 'I look.' }, withTools())
      expect(heard.join('')).toBe('I look.')
      expect(result).toMatchObject({ ok: true, text: 'I look.', calls, stop: 'tools', stopReason: wire.words.tools })
    })

    it('is put together whatever the order of its pieces, and however often they are said', async () => {
      const { result } = await ask(events(wire.disorder), withTools())
      expect(result).toMatchObject({
        ok: true,
        stop: 'tools',
        calls: [
          { id: 'a', name: 'first', input: { n: 1 } },
          { id: 'b', name: 'second', input: { n: 2 } },
        ],
        usage: { inputTokens: 5, outputTokens: 3 },
      })
    })

    it.each([
      ['no JSON', '{"path": "/etc'],
      ['words', 'rm -rf /'],
      ['a list', '[1]'],
      ['a number', '7'],
      ['nothing', 'null'],
      ['nesting without end', '['.repeat(50_000)],
    ])('with arguments that are %s tells them as broken', async (_name, written) => {
      const { result } = await ask({ do: 'call', calls: [{ id: 'a', name: 'first', json: written }] }, withTools())
      const broken = written.slice(0, 16_384)
      expect(result).toMatchObject({ ok: true, calls: [{ id: 'a', name: 'first', input: null, broken }] })
    })

    it('with no arguments at all has empty ones', async () => {
      const { result } = await ask({ do: 'call', calls: [{ id: 'a', name: 'first', json: '' }] }, withTools())
      expect(result).toMatchObject({ ok: true, calls: [{ id: 'a', name: 'first', input: {} }] })
      expect(result.ok && result.calls[0]).not.toHaveProperty('broken')
    })

    it('never has two calls of one id', async () => {
      const calls = [1, 2, 3].map((n) => ({ id: n === 1 ? '' : 'same', name: 'first', input: { n } }))
      const { result } = await ask({ do: 'call', calls }, withTools())
      const found = result.ok ? result.calls : []
      expect(found.map(({ input }) => input)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
      expect(new Set(found.map(({ id }) => id)).size).toBe(3)
      expect(found.every(({ id }) => id !== '')).toBe(true)
    })

    it('that was cut at its longest length says so, with a call that was cut as broken', async () => {
      expect((await ask({ do: 'say', text: 'a b', stopReason: wire.words.cut })).result).toMatchObject({
        ok: true,
        text: 'a b',
        stop: 'max-tokens',
      })
      const call: Script = { do: 'call', calls: [{ id: 'a', json: '{"n":' }], stopReason: wire.words.cut }
      expect((await ask(call, withTools())).result).toMatchObject({
        ok: true,
        stop: 'max-tokens',
        calls: [{ id: 'a', broken: '{"n":' }],
      })
    })

    it('has no calls where none was allowed', async () => {
      const none: Changes = { request: { tools: OFFERS, toolChoice: 'none' } }
      const spoken = await ask({ do: 'call', calls: [{ name: 'first' }], before: 'well' }, none)
      expect(spoken.result).toMatchObject({ ok: true, text: 'well', calls: [], stop: 'end' })
      expect(kindOf((await ask({ do: 'call', calls: [{ name: 'first' }] }, none)).result)).toBe('bad-answer')
    })

    it.each<[string, () => Script, string]>([
      ['says nothing', () => events(wire.empty), 'bad-answer'],
      ['is a refusal', () => ({ do: 'refuse' }), 'refused'],
      ['is a refusal without a word', () => events(wire.declined), 'refused'],
      ['is cut by the network', () => ({ do: 'truncate' }), 'network'],
      ['ends too early', () => ({ do: 'truncate', clean: true }), 'bad-answer'],
      ['ends in the middle of a call', () => ({ do: 'call', calls: [{ input: { n: 1 } }], cut: true }), 'bad-answer'],
      ['breaks off with an error', () => events(wire.errorInStream), 'overloaded'],
      ['has no events at all', () => events([]), 'bad-answer'],
    ])('that %s is a failure', async (_name, script, kind) => {
      expect(kindOf((await ask(script(), withTools())).result)).toBe(kind)
    })

    it.each<[string, Script]>([
      ['arguments', { do: 'call', calls: [{ json: `{"n":"${'a'.repeat(3_000_000)}"}` }] }],
      ['words', { do: 'say', text: `${'w'.repeat(1_000_000)} `.repeat(3) }],
    ])('with endless %s is given up', async (_name, script) => {
      const { result } = await ask(script, withTools())
      expect(result).toMatchObject({
        ok: false,
        kind: 'bad-answer',
        reason: expect.stringContaining('longer than any'),
      })
    })
  })

  describe('a provider', () => {
    it.each<[string, Script, string, number | undefined]>([
      ['refuses the key', { do: 'unauthorized' }, 'unauthorized', undefined],
      ['forbids it', { do: 'fail', status: 403, message: `${KEY} may not` }, 'unauthorized', undefined],
      ['limits the rate', { do: 'rateLimit', retryAfterSec: 7 }, 'rate-limited', 7_000],
      [
        'limits it to the millisecond',
        { do: 'fail', status: 429, headers: { 'retry-after-ms': '1500' } },
        'rate-limited',
        1_500,
      ],
      ['is overloaded', { do: 'overloaded' }, 'overloaded', undefined],
      ['fails', { do: 'fail', status: 500, type: 'api_error' }, 'overloaded', undefined],
      ['is being mended', { do: 'fail', status: 503, headers: { 'retry-after': '3' } }, 'overloaded', 3_000],
      ['does not know the model', { do: 'fail', status: 404, message: 'no model fake-1' }, 'bad-answer', undefined],
      ['is not paid', { do: 'fail', status: 402, message: 'no balance' }, 'bad-answer', undefined],
      ['does not like the request', { do: 'fail', status: 400, message: 'too long' }, 'bad-answer', undefined],
    ])('that %s is told so, once', async (_name, script, kind, retryAfterMs) => {
      const { result } = await ask(script)
      expect(result).toMatchObject({ ok: false, kind, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) })
      if (retryAfterMs === undefined) expect(result).not.toHaveProperty('retryAfterMs')
      expect(server.requests.length).toBe(1)
    })

    it('that says why is quoted', async () => {
      const { result } = await ask({ do: 'fail', status: 404, message: 'no model fake-1' })
      expect(result).toMatchObject({ reason: expect.stringContaining('no model fake-1') })
    })

    it('is asked again as often as it is told', async () => {
      await ask({ do: 'fail', status: 500, headers: { 'retry-after-ms': '1' } }, { access: { maxRetries: 2 } })
      expect(server.requests.length).toBe(3)
    })

    it.each<[string, Script]>([
      ['never answers', { do: 'silence' }],
      ['stops in the middle', { do: 'stall' }],
    ])('that %s is left after the time limit, and its connection closed', async (_name, script) => {
      const { result } = await ask(script, { access: { timeoutMs: 300 } })
      expect(kindOf(result)).toBe('timeout')
      await server.dropped(1)
    })

    it('that goes on speaking is heard out, however long it takes', async () => {
      const { result } = await ask({ do: 'say', text: 'a b c d', chunkDelayMs: 700 }, { access: { timeoutMs: 2_000 } })
      expect(result).toMatchObject({ ok: true, text: 'a b c d' })
    })

    it('that is not there is the network', async () => {
      const { result } = await ask({ do: 'echo' }, { access: { baseUrl: 'http://127.0.0.1:9' } })
      expect(kindOf(result)).toBe('network')
    })

    it('is left when the call is cancelled, in the middle of an answer', async () => {
      const controller = new AbortController()
      server.setScript({ do: 'say', text: 'a b c', chunkDelayMs: 1_000 })
      const heard: string[] = []
      const result = await wire.ask(
        { baseUrl: `${server.url}${wire.path}`, key: KEY, timeoutMs: LIMIT_MS, maxRetries: 0 },
        { model: 'fake-1', system: '', turns: [{ role: 'user', text: 'hello' }], maxTokens: 50 },
        {
          signal: controller.signal,
          onText: (delta) => {
            heard.push(delta)
            if (delta !== '') controller.abort()
          },
        },
      )
      expect([kindOf(result), heard.join('')]).toEqual(['cancelled', 'a'])
      await server.dropped(1)
    })

    it('is not called at all when the call was cancelled before', async () => {
      expect(kindOf((await ask({ do: 'echo' }, {}, AbortSignal.abort())).result)).toBe('cancelled')
      expect(server.requests.length).toBe(0)
    })

    it('gets the key, or none that is anybody’s', async () => {
      await ask({ do: 'echo' })
      await ask({ do: 'echo' }, { access: { key: undefined } })
      expect(server.requests.map(({ key }) => key)).toEqual([KEY, 'none'])
    })

    it.each(['bearer', 'x-api-key'] as const)('gets the key as %s where it wants it so', async (auth) => {
      await ask({ do: 'echo' }, { access: { quirks: { auth } } })
      expect(server.requests[0]?.key).toBe(KEY)
    })
  })

  describe('a conversation', () => {
    const answered: readonly Turn[] = [
      { role: 'user', text: 'what is above?' },
      { role: 'assistant', text: '', calls: [{ id: 'call-1', name: 'look', input: { at: 'sky' } }] },
      { role: 'user', text: '', answers: [{ id: 'call-1', text: 'clouds', isError: false }] },
    ]

    it('goes on after a tool', async () => {
      const { result } = await ask({ do: 'echo' }, withTools(answered))
      expect(result).toMatchObject({ ok: true, text: 'echo: clouds' })
    })

    it('shows pictures, where the model takes them', async () => {
      const turns: readonly Turn[] = [
        { role: 'user', text: 'what is this?', images: [{ mediaType: 'image/png', base64: PNG }] },
      ]
      await ask({ do: 'echo' }, { request: { turns } })
      await ask({ do: 'echo' }, { request: { turns }, access: { quirks: { noImages: true } } })
      const [seeing, blind] = server.requests.map(({ body }) => JSON.stringify(body))
      expect([seeing, blind].map((body) => body?.includes(PNG))).toEqual([true, false])
      expect(blind).toContain('left out')
    })

    it('brings back what the provider wrote beside text and calls, to the same model only', async () => {
      const { result } = await ask(events(wire.rich), withTools())
      expect(result).toMatchObject({ ok: true, calls: [{ id: 'call-1', name: 'look', input: { at: 'sky' } }] })
      if (!result.ok || !result.native) throw new Error('expected native content')
      const said: Turn = { role: 'assistant', text: result.text, calls: result.calls, native: result.native }
      const turns: readonly Turn[] = [
        { role: 'user', text: 'hello' },
        said,
        { role: 'user', text: '', answers: [{ id: 'call-1', text: 'clouds', isError: false }] },
      ]
      const access = { quirks: { reasoningBack: 'reasoning_content' as const } }
      const sent = async (request: Partial<ModelRequest>) => {
        await ask({ do: 'echo' }, { request: { tools: OFFERS, turns, ...request }, access })
        return JSON.stringify(server.requests.at(-1)?.body)
      }
      expect(await sent({})).toContain('let me look')
      expect(await sent({ model: 'fake-2' })).not.toContain('let me look')
      const foreign: Turn = {
        ...said,
        native: { ...result.native, wire: result.native.wire === 'openai' ? 'anthropic' : 'openai' },
      }
      expect(await sent({ turns: [...turns.slice(0, 1), foreign, ...turns.slice(2)] })).not.toContain('let me look')
    })

    it('sends broken arguments back as empty ones, so that no provider stumbles over them', async () => {
      const broken: Turn = {
        role: 'assistant',
        text: '',
        calls: [{ id: 'call-1', name: 'look', input: null, broken: '{"at":' }],
      }
      await ask({ do: 'echo' }, withTools([...answered.slice(0, 1), broken, ...answered.slice(2)]))
      const body = JSON.stringify(server.requests[0]?.body)
      expect(body).not.toContain('{\\"at\\":')
      expect(body).toMatch(/"(input":\{\}|arguments":"\{\}")/)
    })
  })

  describe('a forced tool', () => {
    const tool: AnswerTool = {
      name: 'choose',
      description: 'chooses',
      inputSchema: { type: 'object', properties: { choice: { type: 'string', enum: ['a'] } } },
      isValid: (input) => (input as { choice?: unknown } | null)?.choice === 'a',
    }
    const call = (...calls: Extract<Script, { do: 'call' }>['calls']): Script => ({ do: 'call', calls })
    const force = (script: Script) => ask(script, { request: { tool } })

    it('is the answer, and nothing is said beside it', async () => {
      const { result, heard } = await force({ ...call({ input: { choice: 'a' } }), before: 'I think a' } as Script)
      expect(heard).toEqual([])
      expect(result).toMatchObject({ ok: true, text: '', calls: [], toolInput: { choice: 'a' }, stop: 'tools' })
      expect(result).not.toHaveProperty('native')
    })

    it.each<[string, Script]>([
      ['words', { do: 'say', text: 'a' }],
      ['another tool', call({ name: 'bash', input: { choice: 'a' } })],
      ['two calls', call({ input: { choice: 'a' } }, { input: { choice: 'a' } })],
      ['no call', call()],
      ['an input that does not fit', call({ input: { choice: 'b' } })],
      ['an input that is no JSON', call({ json: '{"choice":' })],
      ['an endless input', call({ json: `{"choice":"${'a'.repeat(200_000)}"}` })],
      ['endless words', { do: 'say', text: `${'word'.repeat(5_000)} `.repeat(5) }],
      ['half a stream', { ...call({ input: { choice: 'a' } }), cut: true } as Script],
    ])('that is answered with %s is a bad answer', async (_name, script) => {
      expect((await force(script)).result).toMatchObject({ ok: false, kind: 'bad-answer' })
    })

    it('that was cut is a bad answer, also where its input is whole', async () => {
      const cut = { ...call({ input: { choice: 'a' } }), stopReason: wire.words.cut } as Script
      expect((await force(cut)).result).toMatchObject({ ok: false, reason: `it stopped by ${wire.words.cut}` })
    })
  })
})
