/** A fake of Telegram's Bot API: `sendMessage` and the long poll of `getUpdates`, on a real socket. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

type Update = { readonly update_id: number; readonly message: Record<string, unknown> }

export type SentMessage = { readonly chat_id: string; readonly text: string }

export type FakeTelegram = {
  readonly url: string
  readonly sent: SentMessage[]
  /** Offsets that were asked for. */
  readonly polls: number[]
  /** Somebody writes to the bot. `date` is seconds since 1970. */
  readonly say: (chat: number, text: string, date?: number) => void
  /** The next answers to `sendMessage`. */
  readonly setAnswer: (status: number, body: Record<string, unknown>) => void
  /** Resolves when `condition` holds, looked at after every request. */
  readonly until: (condition: () => boolean) => Promise<void>
  readonly close: () => Promise<void>
}

/** Starts it; every other token than this one is refused. */
export async function startFakeTelegram(token: string): Promise<FakeTelegram> {
  const updates: Update[] = []
  const sent: SentMessage[] = []
  const polls: number[] = []
  const open = new Set<{ offset: number; response: ServerResponse }>()
  const watchers = new Set<() => void>()
  let answer: { status: number; body: Record<string, unknown> } = { status: 200, body: { ok: true, result: {} } }
  const flush = () => {
    for (const poll of open) {
      const result = updates.filter(({ update_id }) => update_id >= poll.offset)
      if (result.length === 0) continue
      open.delete(poll)
      json(poll.response, 200, { ok: true, result })
    }
  }
  const server = createServer(async (request, response) => {
    const body = JSON.parse((await readBody(request)) || '{}')
    if (request.url === `/bot${token}/sendMessage`) {
      if (answer.status === 200) sent.push(body)
      json(response, answer.status, answer.body)
    } else if (request.url === `/bot${token}/getUpdates`) {
      polls.push(body.offset)
      const poll = { offset: body.offset, response }
      open.add(poll)
      response.on('close', () => open.delete(poll))
      flush()
    } else json(response, 401, { ok: false, error_code: 401, description: `Unauthorized ${request.url}` })
    for (const check of watchers) check()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent,
    polls,
    say(chat, text, date = Math.floor(Date.now() / 1_000)) {
      const message = { date, text, chat: { id: chat }, from: { username: 'kim' } }
      updates.push({ update_id: updates.length + 1, message })
      flush()
    },
    setAnswer: (status, body) => {
      answer = { status, body }
    },
    until: (condition) =>
      new Promise((resolve) => {
        const check = () => {
          if (!condition()) return
          watchers.delete(check)
          resolve()
        }
        watchers.add(check)
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

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
