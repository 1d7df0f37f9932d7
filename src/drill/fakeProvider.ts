/** A model provider on this machine that speaks the real wire of `POST /v1/messages`: repeats what it was told, and refuses every key but one. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { startLoopbackServer } from './loopbackServer.ts'

/** Where it is. A call to the foreign address ends here as well, but counts as one that leaves the machine, and so needs a key. */
export type FakeProvider = {
  readonly url: string
  readonly foreignUrl: string
  readonly close: () => Promise<void>
}

/** Starts it on a free port. Without `key` every key is taken, and none. Each answer takes `thinkMs`. */
export async function startFakeProvider(key?: string, thinkMs = 0): Promise<FakeProvider> {
  const { port, url, close } = await startLoopbackServer(async (request, body, response) => {
    const question = lastQuestion(body)
    await sleep(thinkMs)
    if (key !== undefined && keyOf(request) !== key) refuse(response)
    else echo(response, question)
  })
  return { url, foreignUrl: `http://0.0.0.0:${port}`, close }
}

/** Providers take the key in either header, and clients differ. */
function keyOf({ headers }: IncomingMessage): string | undefined {
  return headers['x-api-key']?.toString() ?? headers.authorization?.replace(/^Bearer /, '')
}

type Block = { readonly type: string; readonly text?: string }

/** The words of the last message, without the line below them that says when it was sent. */
function lastQuestion(body: string): string {
  const { messages } = JSON.parse(body) as { messages: { content: string | readonly Block[] }[] }
  const content = messages.at(-1)?.content ?? ''
  const words = typeof content === 'string' ? content : content.map(({ text = '' }) => text).join('')
  return words.replace(/\n\n\[sent [^\]]*\]$/, '')
}

function refuse(response: ServerResponse): void {
  const error = { type: 'authentication_error', message: 'invalid x-api-key' }
  response.writeHead(401, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ type: 'error', error, request_id: 'req_drill' }))
}

/** Answers as the provider does: one short text over the real wire. */
export function echo(response: ServerResponse, question: string): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  // All of it is known: it leaves in one piece.
  response.cork()
  const send = (type: string, data: object) =>
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`)
  const message = { id: 'msg_drill', type: 'message', role: 'assistant', model: 'drill', content: [] }
  send('message_start', { message: { ...message, stop_reason: null, usage: { input_tokens: 10, output_tokens: 1 } } })
  send('content_block_start', { index: 0, content_block: { type: 'text', text: '' } })
  send('content_block_delta', { index: 0, delta: { type: 'text_delta', text: `echo: ${question}` } })
  send('content_block_stop', { index: 0 })
  send('message_delta', { delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 5 } })
  send('message_stop', {})
  response.end()
}
