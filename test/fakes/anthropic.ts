/**
 * A fake model provider that speaks the real wire of `POST /v1/messages` with server-sent events, by script.
 * Also a program, for drills: `node test/fakes/anthropic.ts --port 0` prints its address; `POST /_script` changes what it does, `GET /_stats` counts.
 */
import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createPromptCache, type PromptCache } from './anthropicCache.ts'
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

export type { Script } from './modelServer.ts'

/** A message as it came: a text, or blocks. */
export type SeenMessage = { readonly role: string; readonly content: string | readonly SeenBlock[] }
export type SeenBlock = { readonly type: string; readonly [key: string]: unknown }

/** The body of a request. */
export type SeenBody = {
  readonly model: string
  readonly max_tokens: number
  readonly system?: string | readonly SeenBlock[]
  readonly messages: readonly SeenMessage[]
  readonly tools?: readonly {
    readonly name: string
    readonly input_schema: { readonly properties?: { readonly choice?: { readonly enum?: readonly string[] } } }
  }[]
  readonly tool_choice?: unknown
}

/** What a request looked like when it came in. */
export type SeenRequest = Seen<SeenBody>

export type FakeAnthropic = FakeModelServer<SeenBody>

/** Starts the fake on a free port of the loopback (or on the one given). */
export async function startFakeAnthropic(
  script: ScriptSource<SeenRequest> = { do: 'echo' },
  port = 0,
): Promise<FakeAnthropic> {
  const cache = createPromptCache()
  return startModelServer<SeenBody>(
    {
      path: '/v1/messages',
      error: (response, { status, type, message }) =>
        sendJson(response, status, { type: 'error', error: { type, message }, request_id: 'req_fake' }),
      play: (played, seen, response) => play(played, { seen, response, cache }),
    },
    script,
    port,
  )
}

/** What a message says, its blocks together: what a reader would see of it. */
export function textOf(message: SeenMessage | undefined): string {
  if (typeof message?.content === 'string') return message.content
  return (message?.content ?? [])
    .flatMap((block) =>
      block.type === 'text' ? [String(block['text'])] : block.type === 'tool_result' ? [String(block['content'])] : [],
    )
    .join('\n')
}

type Stage = { readonly seen: SeenRequest; readonly response: ServerResponse; readonly cache: PromptCache }

async function play(script: PlayedScript, stage: Stage): Promise<void> {
  const { seen, response } = stage
  // When it was sent stands below a message; what is repeated is what was said.
  const question = textOf(seen.body.messages.at(-1)).replace(/\n\n\[sent [^\]]*\]$/, '')
  const choices = seen.body.tools?.[0]?.input_schema.properties?.choice?.enum ?? []
  switch (script.do) {
    case 'stall':
      return beginMessage(stage)
    case 'truncate':
      beginMessage(stage)
      writeText(response, 'half an')
      return void (script.clean ? response.end() : setImmediate(() => response.destroy()))
    case 'refuse':
      beginMessage(stage)
      return endMessage(response, 'refusal', 1)
    case 'events':
      openStream(response)
      for (const event of script.events) writeEvent(response, event as WireEvent)
      return void (script.open || response.end())
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

async function say({ chunkDelayMs, outputTokens, stopReason = 'end_turn' }: Saying, text: string, stage: Stage) {
  const words = wordsOf(text)
  beginMessage(stage)
  for (const word of words) {
    if (chunkDelayMs) await sleep(chunkDelayMs)
    writeText(stage.response, word)
  }
  endMessage(stage.response, stopReason, outputTokens ?? words.length)
}

async function callTools(script: Extract<Script, { do: 'call' }>, stage: Stage): Promise<void> {
  const { seen, response } = stage
  if (script.delayMs) await sleep(script.delayMs)
  beginMessage(stage)
  if (script.before) writeText(response, script.before)
  // Like the real ones: unlike those of any other message.
  const message = randomUUID().replaceAll('-', '')
  for (const [index, { name, input, json, id }] of script.calls.entries()) {
    const called = {
      type: 'tool_use',
      id: id ?? `toolu_${message}_${index}`,
      name: name ?? seen.body.tools?.[0]?.name ?? 'nothing',
      input: {},
    }
    writeEvent(response, { type: 'content_block_start', index: index + 1, content_block: called })
    for (const piece of inPieces(json ?? JSON.stringify(input ?? {}), script.cut)) {
      const delta = { type: 'input_json_delta', partial_json: piece }
      writeEvent(response, { type: 'content_block_delta', index: index + 1, delta })
    }
    if (script.cut) return void response.end()
    writeEvent(response, { type: 'content_block_stop', index: index + 1 })
  }
  endMessage(response, script.stopReason ?? 'tool_use', 20)
}

function openStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' })
}

function beginMessage({ seen, response, cache }: Stage): void {
  const { body } = seen
  openStream(response)
  const message = {
    id: 'msg_fake',
    type: 'message',
    role: 'assistant',
    model: body.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { ...cache.read(body), output_tokens: 1 },
  }
  writeEvent(response, { type: 'message_start', message })
  writeEvent(response, { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } })
  writeEvent(response, { type: 'ping' })
}

function writeText(response: ServerResponse, text: string): void {
  writeEvent(response, { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })
}

function endMessage(response: ServerResponse, stopReason: string, outputTokens: number): void {
  writeEvent(response, { type: 'content_block_stop', index: 0 })
  writeEvent(response, {
    type: 'message_delta',
    delta: { stop_reason: stopReason, stop_sequence: null },
    usage: { output_tokens: outputTokens },
  })
  writeEvent(response, { type: 'message_stop' })
  response.end()
}

type WireEvent = { readonly type: string; readonly [key: string]: unknown }

function writeEvent(response: ServerResponse, event: WireEvent): void {
  response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { port: { type: 'string' }, script: { type: 'string' } } })
  const fake = await startFakeAnthropic(JSON.parse(values.script ?? '{"do":"echo"}'), Number(values.port ?? 0))
  process.stdout.write(`${fake.url}\n`)
}
