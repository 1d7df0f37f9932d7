/** Serves the built page and fixtures as the real server does: the same policy, one live stream, problems as problems. For tests of the page only. */
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { PAGE_POLICY } from '../../dashboard/staticFiles.ts'

/** An answer for a path: JSON, a problem where it has a `problem` with its status, or nothing for a 404. */
export type Answers = (path: string, query: URLSearchParams, method: string) => unknown

/** A running server. `send` writes an event to every open stream; `silence` ends the streams and refuses new ones. */
export type PageServer = {
  readonly url: string
  readonly asked: string[]
  /** The `Last-Event-ID` of each stream that was opened; null where it had none. */
  readonly resumedFrom: (string | null)[]
  readonly send: (event: string, data: unknown, id?: string) => void
  readonly streams: () => number
  readonly silence: (isSilent: boolean) => void
  readonly close: () => Promise<void>
}

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
}

/** Starts it on a free port. */
export async function startPageServer(distFolder: string, answers: Answers, basePath = ''): Promise<PageServer> {
  const streams = new Set<ServerResponse>()
  const asked: string[] = []
  const resumedFrom: (string | null)[] = []
  let isSilent = false
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const path = url.pathname.slice(basePath.length)
    asked.push(`${request.method} ${path}${url.search}`)
    response.setHeader('Content-Security-Policy', PAGE_POLICY)
    if (isSilent) return void request.socket.destroy()
    if (path === '/api/events') {
      resumedFrom.push(request.headers['last-event-id']?.toString() ?? null)
      return openStream(response, streams)
    }
    if (path.startsWith('/api/') || path === '/login' || path === '/logout')
      return answer(response, answers(path, url.searchParams, request.method ?? 'GET'))
    serveFile({ request, response, path, distFolder, basePath })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${basePath}/`,
    asked,
    resumedFrom,
    send: (event, data, id) => {
      for (const stream of streams)
        stream.write(`${id ? `id: ${id}\n` : ''}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
    },
    streams: () => streams.size,
    silence: (silent) => {
      isSilent = silent
      if (silent) for (const stream of streams) stream.destroy()
    },
    close: () => closeAll(server),
  }
}

function openStream(response: ServerResponse, streams: Set<ServerResponse>): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
  response.write(`event: beat\ndata: {"at":"${new Date().toISOString()}"}\n\n`)
  streams.add(response)
  response.on('close', () => streams.delete(response))
}

function answer(response: ServerResponse, body: unknown): void {
  if (typeof body === 'object' && body !== null && 'problem' in body) {
    response.writeHead(Number(body.problem), { 'Content-Type': 'application/problem+json' })
    response.end('{}')
    return
  }
  if (body === undefined) {
    response.writeHead(404, { 'Content-Type': 'application/problem+json' })
    response.end(
      JSON.stringify({
        type: 'urn:ottugi:problem:not-found',
        title: 'Not found',
        status: 404,
        detail: 'There is nothing here.',
      }),
    )
    return
  }
  response.writeHead(200, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify(body))
}

type FileRequest = {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly path: string
  readonly distFolder: string
  readonly basePath: string
}

function serveFile({ response, path, distFolder, basePath }: FileRequest): void {
  const type = TYPES[extname(path)]
  if (type) {
    response.writeHead(200, { 'Content-Type': type })
    response.end(readFileSync(join(distFolder, path)))
    return
  }
  const page = readFileSync(join(distFolder, 'index.html'), 'utf8')
  const linked = page.replace(/ (href|src)="\.\//g, ` $1="${basePath}/`)
  response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' })
  response.end(linked.replace('<head>', `<head><meta name="ottugi-base" content="${basePath}">`))
}

function closeAll(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
