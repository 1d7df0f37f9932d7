/** A fake model provider that speaks the real wire of `POST /v1/chat/completions` with server-sent events, by script. */
import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  choiceIn,
  type FakeModelServer,
  inPieces,
  orderIn,
  type PlayedScript,
  type Script,
  type ScriptSource,
  type Seen,
  sendJson,
  startModelServer,
  wordsOf,
} from './modelServer.ts'

/** The body of a request. */
export type SeenChatBody = {
  readonly model: string
  readonly messages: readonly {
    readonly role: string
    readonly content?: string | null | readonly { readonly type: string; readonly text?: string }[]
    readonly [key: string]: unknown
  }[]
  readonly tools?: readonly {
    readonly function: {
      readonly name: string
      readonly parameters: { readonly properties?: { readonly choice?: { readonly enum?: readonly string[] } } }
    }
  }[]
  readonly stream_options?: { readonly include_usage?: boolean }
  readonly [key: string]: unknown
}

export type FakeOpenai = FakeModelServer<SeenChatBody>

/** Starts the fake on a free port of the loopback. Its base URL is `<url>/v1`, where it also lists the models that it is given. */
export async function startFakeOpenai(
  script: ScriptSource<Seen<SeenChatBody>> = { do: 'echo' },
  models: readonly string[] = [],
): Promise<FakeOpenai> {
  return startModelServer<SeenChatBody>(
    {
      path: '/v1/chat/completions',
      lists: { '/v1/models': { object: 'list', data: models.map((id) => ({ id, object: 'model' })) } },
      error: (response, { status, type, message }) =>
        sendJson(response, status, { error: { message, type, param: null, code: null } }),
      play: (played, seen, response) => play(played, { seen, response }),
    },
    script,
  )
}

type Stage = { readonly seen: Seen<SeenChatBody>; readonly response: ServerResponse }

async function play(script: PlayedScript, stage: Stage): Promise<void> {
  const { seen, response } = stage
  const question = lastText(seen.body)
  const choices = seen.body.tools?.[0]?.function.parameters.properties?.choice?.enum ?? []
  switch (script.do) {
    case 'stall':
      return beginAnswer(stage)
    case 'truncate':
      beginAnswer(stage)
      writeDelta(stage, { content: 'half an' })
      return void (script.clean ? response.end() : setImmediate(() => response.destroy()))
    case 'refuse':
      beginAnswer(stage)
      writeDelta(stage, { refusal: 'I cannot help with that.' })
      return endAnswer(stage, 'stop', 1)
    case 'events':
      openStream(response)
      for (const event of script.events) writeChunk(response, event)
      if (script.open) return
      return void response.end('data: [DONE]\n\n')
    case 'call':
      return callTools(script, stage)
    case 'choose': {
      const input = { choice: choiceIn(choices, question, script.action), reason: script.reason ?? 'it fits' }
      return callTools({ do: 'call', calls: [{ input }] }, stage)
    }
    case 'obey':
      return callTools(
        { do: 'call', calls: [{ input: { choice: orderIn(question), reason: 'the log says so' } }] },
        stage,
      )
    case 'say':
      return say(script, script.text, stage)
    default:
      return say(script.do === 'echo' ? script : {}, `echo: ${question}`, stage)
  }
}

type Saying = { readonly chunkDelayMs?: number; readonly outputTokens?: number; readonly stopReason?: string }

async function say({ chunkDelayMs, outputTokens, stopReason = 'stop' }: Saying, text: string, stage: Stage) {
  const words = wordsOf(text)
  beginAnswer(stage)
  for (const word of words) {
    if (chunkDelayMs) await sleep(chunkDelayMs)
    writeDelta(stage, { content: word })
  }
  endAnswer(stage, stopReason, outputTokens ?? words.length)
}

async function callTools(script: Extract<Script, { do: 'call' }>, stage: Stage): Promise<void> {
  if (script.delayMs) await sleep(script.delayMs)
  beginAnswer(stage)
  if (script.before) writeDelta(stage, { content: script.before })
  const first = stage.seen.body.tools?.[0]?.function.name ?? 'nothing'
  for (const [index, { name = first, input, json, id }] of script.calls.entries()) {
    const head = { index, id: id ?? `call_${randomUUID()}`, type: 'function', function: { name, arguments: '' } }
    writeDelta(stage, { tool_calls: [head] })
    for (const piece of inPieces(json ?? JSON.stringify(input ?? {}), script.cut)) {
      writeDelta(stage, { tool_calls: [{ index, function: { arguments: piece } }] })
    }
    if (script.cut) return void stage.response.end()
  }
  endAnswer(stage, script.stopReason ?? 'tool_calls', 20)
}

function lastText({ messages }: SeenChatBody): string {
  const content = messages.at(-1)?.content
  return typeof content === 'string' ? content : (content ?? []).map(({ text }) => text ?? '').join('\n')
}

function openStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' })
}

function beginAnswer(stage: Stage): void {
  openStream(stage.response)
  writeDelta(stage, { role: 'assistant', content: '' })
}

function writeDelta({ response, seen }: Stage, delta: object, finishReason: string | null = null): void {
  const choice = { index: 0, delta, logprobs: null, finish_reason: finishReason }
  writeChunk(response, {
    id: 'chatcmpl-fake',
    object: 'chat.completion.chunk',
    model: seen.body.model,
    choices: [choice],
  })
}

/** Usage is told in a chunk without choices, and only where it was asked for: so does OpenAI. */
function endAnswer(stage: Stage, stopReason: string, outputTokens: number): void {
  const { response, seen } = stage
  writeDelta(stage, {}, stopReason)
  if (seen.body.stream_options?.include_usage) {
    const usage = { prompt_tokens: promptTokens(seen.body), completion_tokens: outputTokens }
    writeChunk(response, { id: 'chatcmpl-fake', object: 'chat.completion.chunk', choices: [], usage })
  }
  response.end('data: [DONE]\n\n')
}

/** Messages of the conversation alone are counted: like the other fake. */
function promptTokens({ messages }: SeenChatBody): number {
  return messages
    .filter(({ role }) => role !== 'system')
    .reduce((sum, { content }) => sum + Math.ceil((typeof content === 'string' ? content : '').length / 4), 10)
}

function writeChunk(response: ServerResponse, chunk: object): void {
  response.write(`data: ${JSON.stringify(chunk)}\n\n`)
}
