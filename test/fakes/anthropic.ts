/**
 * A fake model provider that speaks the real wire of `POST /v1/messages` with server-sent events, by script.
 * Also a program, for drills: `node test/fakes/anthropic.ts --port 0` prints its address; `POST /_script` changes what it does, `GET /_stats` counts.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'

/** What the provider does with a request. */
export type Script =
  /** Answers `echo: <last message>`, a word at a time. */
  | { readonly do: 'echo'; readonly chunkDelayMs?: number }
  | { readonly do: 'say'; readonly text: string; readonly chunkDelayMs?: number; readonly outputTokens?: number }
  | { readonly do: 'unauthorized' }
  | { readonly do: 'rateLimit'; readonly retryAfterSec: number }
  | { readonly do: 'overloaded' }
  /** Breaks the connection in the middle of the answer; `clean` ends the body properly, but too early. */
  | { readonly do: 'truncate'; readonly clean?: boolean }
  /** Takes the request and never says a word. */
  | { readonly do: 'silence' }
  /** Begins to answer and falls silent. */
  | { readonly do: 'stall' }
  | { readonly do: 'refuse' }
  /**
   * Calls tools. Without `name` the tool that was forced; `input` as it is, `json` as this text, in pieces. `before` is said first, `delayMs` waited
   * before anything, `cut` ends the stream in the middle of the input.
   */
  | {
      readonly do: 'call'
      readonly calls: readonly { readonly name?: string; readonly input?: unknown; readonly json?: string }[]
      readonly before?: string
      readonly delayMs?: number
      readonly cut?: boolean
      readonly stopReason?: string
    }
  /** Calls the forced tool with the first choice of its list, or with the first one that the question calls `action`. */
  | { readonly do: 'choose'; readonly action?: string; readonly reason?: string }
  /** Does what the text that it is shown says: `CHOOSE <word>` in it becomes the choice, as it stands there. */
  | { readonly do: 'obey' }

/** What a request looked like when it came in. */
export type SeenRequest = {
  readonly key: string | undefined
  readonly body: {
    readonly model: string
    readonly max_tokens: number
    readonly messages: readonly { readonly role: string; readonly content: string }[]
    readonly tools?: readonly {
      readonly name: string
      readonly input_schema: { readonly properties?: { readonly choice?: { readonly enum?: readonly string[] } } }
    }[]
    readonly tool_choice?: unknown
  }
}

export type FakeAnthropic = {
  readonly url: string
  readonly requests: readonly SeenRequest[]
  /** What happens from now on. */
  readonly setScript: (script: Script) => void
  /** Only this key is accepted; undefined accepts all. */
  readonly requireKey: (key: string | undefined) => void
  /** Resolves when so many requests have come in altogether. */
  readonly seen: (count: number) => Promise<void>
  readonly close: () => Promise<void>
}

/** Starts the fake on a free port of the loopback (or on the one given). */
export async function startFakeAnthropic(script: Script = { do: 'echo' }, port = 0): Promise<FakeAnthropic> {
  const state = { script, key: undefined as string | undefined }
  const requests: SeenRequest[] = []
  const waiting = new Set<() => void>()
  const server = createServer(async (request, response) => {
    const text = await readBody(request)
    if (request.url === '/_stats') return sendJson(response, 200, { requests: requests.length })
    if (request.url === '/_script') {
      state.script = JSON.parse(text)
      return sendJson(response, 200, state.script)
    }
    if (request.method !== 'POST' || request.url?.split('?')[0] !== '/v1/messages') {
      return sendError(response, 404, 'not_found_error', 'not found')
    }
    const seen = { key: keyOf(request), body: JSON.parse(text) }
    requests.push(seen)
    for (const check of waiting) check()
    const isWrongKey = state.key !== undefined && seen.key !== state.key
    await play(isWrongKey ? { do: 'unauthorized' } : state.script, seen, response)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    setScript: (next) => {
      state.script = next
    },
    requireKey: (key) => {
      state.key = key
    },
    seen: (count) =>
      new Promise((resolve) => {
        const check = () => {
          if (requests.length < count) return
          waiting.delete(check)
          resolve()
        }
        waiting.add(check)
        check()
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

function keyOf({ headers }: IncomingMessage): string | undefined {
  return headers['x-api-key']?.toString() ?? headers.authorization?.replace(/^Bearer /, '')
}

async function play(script: Script, seen: SeenRequest, response: ServerResponse): Promise<void> {
  switch (script.do) {
    case 'unauthorized':
      return sendError(response, 401, 'authentication_error', 'invalid x-api-key')
    case 'rateLimit':
      response.setHeader('retry-after', String(script.retryAfterSec))
      return sendError(response, 429, 'rate_limit_error', 'Number of requests has exceeded your rate limit')
    case 'overloaded':
      return sendError(response, 529, 'overloaded_error', 'Overloaded')
    case 'silence':
      return
    case 'stall':
      return void beginMessage(response, seen)
    case 'truncate':
      beginMessage(response, seen)
      writeText(response, 'half an')
      return void (script.clean ? response.end() : setImmediate(() => response.destroy()))
    case 'refuse':
      beginMessage(response, seen)
      return endMessage(response, 'refusal', 1)
    case 'call':
      return callTools(script, seen, response)
    case 'choose':
      return callTools(
        {
          do: 'call',
          calls: [{ input: { choice: choiceIn(seen, script.action), reason: script.reason ?? 'it fits' } }],
        },
        seen,
        response,
      )
    case 'obey':
      return callTools(
        { do: 'call', calls: [{ input: { choice: orderIn(seen), reason: 'the log says so' } }] },
        seen,
        response,
      )
    default:
      return answer(script, seen, response)
  }
}

async function answer(
  script: Extract<Script, { do: 'echo' | 'say' }>,
  seen: SeenRequest,
  response: ServerResponse,
): Promise<void> {
  const text = script.do === 'say' ? script.text : `echo: ${seen.body.messages.at(-1)?.content ?? ''}`
  const words = text.match(/\s*\S+/g) ?? [text]
  beginMessage(response, seen)
  for (const word of words) {
    if (script.chunkDelayMs) await sleep(script.chunkDelayMs)
    writeText(response, word)
  }
  endMessage(response, 'end_turn', (script.do === 'say' ? script.outputTokens : undefined) ?? words.length)
}

function choicesOf({ body }: SeenRequest): readonly string[] {
  return body.tools?.[0]?.input_schema.properties?.choice?.enum ?? []
}

function choiceIn(seen: SeenRequest, action: string | undefined): string | undefined {
  if (action === undefined) return choicesOf(seen)[0]
  return new RegExp(`^(\\S+): ${action}\\b`, 'm').exec(seen.body.messages.at(-1)?.content ?? '')?.[1]
}

function orderIn({ body }: SeenRequest): string {
  return /CHOOSE (\S+)/.exec(body.messages.at(-1)?.content ?? '')?.[1] ?? 'none'
}

async function callTools(
  script: Extract<Script, { do: 'call' }>,
  seen: SeenRequest,
  response: ServerResponse,
): Promise<void> {
  if (script.delayMs) await sleep(script.delayMs)
  beginMessage(response, seen)
  if (script.before) writeText(response, script.before)
  for (const [index, { name, input, json }] of script.calls.entries()) {
    const called = {
      type: 'tool_use',
      id: `toolu_${index}`,
      name: name ?? seen.body.tools?.[0]?.name ?? 'nothing',
      input: {},
    }
    writeEvent(response, 'content_block_start', { index: index + 1, content_block: called })
    const text = json ?? JSON.stringify(input)
    const half = Math.ceil(text.length / 2)
    for (const piece of script.cut ? [text.slice(0, half)] : [text.slice(0, half), text.slice(half)]) {
      writeEvent(response, 'content_block_delta', {
        index: index + 1,
        delta: { type: 'input_json_delta', partial_json: piece },
      })
    }
    if (script.cut) return void response.end()
    writeEvent(response, 'content_block_stop', { index: index + 1 })
  }
  endMessage(response, script.stopReason ?? 'tool_use', 20)
}

function beginMessage(response: ServerResponse, { body }: SeenRequest): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' })
  const inputTokens = body.messages.reduce((sum, { content }) => sum + Math.ceil(content.length / 4), 10)
  writeEvent(response, 'message_start', {
    message: {
      id: 'msg_fake',
      type: 'message',
      role: 'assistant',
      model: body.model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: {
        input_tokens: inputTokens,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 0,
        output_tokens: 1,
      },
    },
  })
  writeEvent(response, 'content_block_start', { index: 0, content_block: { type: 'text', text: '' } })
  writeEvent(response, 'ping', {})
}

function writeText(response: ServerResponse, text: string): void {
  writeEvent(response, 'content_block_delta', { index: 0, delta: { type: 'text_delta', text } })
}

function endMessage(response: ServerResponse, stopReason: string, outputTokens: number): void {
  writeEvent(response, 'content_block_stop', { index: 0 })
  writeEvent(response, 'message_delta', {
    delta: { stop_reason: stopReason, stop_sequence: null },
    usage: { output_tokens: outputTokens },
  })
  writeEvent(response, 'message_stop', {})
  response.end()
}

function writeEvent(response: ServerResponse, type: string, data: Record<string, unknown>): void {
  response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`)
}

function sendError(response: ServerResponse, status: number, type: string, message: string): void {
  sendJson(response, status, { type: 'error', error: { type, message }, request_id: 'req_fake' })
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { port: { type: 'string' }, script: { type: 'string' } } })
  const fake = await startFakeAnthropic(JSON.parse(values.script ?? '{"do":"echo"}'), Number(values.port ?? 0))
  process.stdout.write(`${fake.url}\n`)
}
