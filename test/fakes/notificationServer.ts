/** A fake HTTP server of notifications (ntfy, webhooks, a dead-man switch), by script, over a real socket. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the server does with a request. */
export type Script =
  | {
      readonly do: 'answer'
      readonly status: number
      readonly headers?: Record<string, string>
      readonly body?: string
    }
  /** Takes the request and never says a word. */
  | { readonly do: 'hang' }
  /** Closes the connection without a word. */
  | { readonly do: 'close' }
  /** Says 200, and closes in the middle of the body. */
  | { readonly do: 'closeMidAnswer' }
  /** Says 200, and a body without an end. */
  | { readonly do: 'endless' }

export type SeenRequest = {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export type FakeServer = {
  readonly url: string
  readonly requests: SeenRequest[]
  readonly setScript: (script: Script | ((request: SeenRequest) => Script)) => void
  /** Resolves when so many requests have come in altogether. */
  readonly seen: (count: number) => Promise<void>
  readonly close: () => Promise<void>
}

/** Starts it on a free port of the loopback, or on the one given. */
export async function startNotificationServer(port = 0): Promise<FakeServer> {
  let script: Script | ((request: SeenRequest) => Script) = { do: 'answer', status: 200 }
  const requests: SeenRequest[] = []
  const waiting = new Set<() => void>()
  const server = createServer(async (request, response) => {
    const body = await readBody(request)
    const seen = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body }
    requests.push(seen)
    for (const check of waiting) check()
    play(typeof script === 'function' ? script(seen) : script, response)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    setScript: (next) => {
      script = next
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

function play(script: Script, response: ServerResponse): void {
  switch (script.do) {
    case 'answer':
      return void response.writeHead(script.status, script.headers).end(script.body ?? '')
    case 'close':
      return void response.destroy()
    case 'closeMidAnswer':
      response.writeHead(200, { 'content-length': '1000' }).write('half an')
      return void setImmediate(() => response.destroy())
    case 'endless': {
      response.writeHead(200)
      const chunk = 'x'.repeat(64 * 1_024)
      const more = () => {
        while (!response.destroyed && response.write(chunk));
      }
      response.on('drain', more).on('error', () => {})
      return more()
    }
    default:
      return
  }
}
