/** A small HTTP server on a free port of loopback, as the providers of the drills are. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Where it is. */
export type LoopbackServer = { readonly port: number; readonly url: string; readonly close: () => Promise<void> }

/** Starts it. `answer` is given the whole body; `close` ends what is still open, too. */
export async function startLoopbackServer(
  answer: (request: IncomingMessage, body: string, response: ServerResponse) => void | Promise<void>,
): Promise<LoopbackServer> {
  const server = createServer(async (request, response) => answer(request, await readBody(request), response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
