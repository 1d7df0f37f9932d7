import type { Response } from 'express'

/** A comment line each so many milliseconds keeps proxies and phones from closing a silent stream. */
const KEEP_ALIVE_MS = 15_000
/** A client that reads so slowly that this much waits for it is dropped, in bytes: it can come back with Last-Event-ID. */
const MAX_WAITING_BYTES = 1_048_576

/** A stream of server-sent events to one client. */
export type EventStream = {
  /** Sends one event; its data as JSON. */
  readonly send: (event: string, data: unknown, id?: number) => void
  readonly end: () => void
  /** Called once when the client is gone or the stream has ended. */
  readonly onClose: (listener: () => void) => void
}

/** Begins a stream of server-sent events. */
export function openEventStream(response: Response): EventStream {
  response.status(200).set({ 'Content-Type': 'text/event-stream; charset=utf-8', 'X-Accel-Buffering': 'no' })
  response.flushHeaders()
  const keepAlive = setInterval(() => response.write(': still here\n\n'), KEEP_ALIVE_MS)
  response.on('close', () => clearInterval(keepAlive))
  return {
    send: (event, data, id) => {
      if (response.writableEnded || response.destroyed) return
      if (response.writableLength > MAX_WAITING_BYTES) return void response.destroy()
      const idLine = id === undefined ? '' : `id: ${id}\n`
      response.write(`${idLine}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
    },
    end: () => response.end(),
    onClose: (listener) => {
      response.once('close', listener)
    },
  }
}
