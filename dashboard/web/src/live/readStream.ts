/** One live stream: opened, read, opened again, until it is told to end. Each event is handed on as it comes. */
import { askRaw } from './ask.ts'
import { retryDelayMs } from './backoff.ts'
import { readEventStream, type StreamedEvent } from './eventParser.ts'
import { STALE_AFTER_MS } from './staleness.ts'

/** What the stream works with. */
export type StreamReader = {
  /** The id of the newest event that was seen, by whichever tab; null at first. */
  readonly lastId: () => string | null
  readonly onEvent: (event: StreamedEvent) => void
}

/** Reads until `signal` is aborted or nobody is signed in any more. */
export async function readStream({ lastId, onEvent }: StreamReader, signal: AbortSignal): Promise<void> {
  let tries = 0
  while (!signal.aborted) {
    const isSignedOut = await readOnce(signal, lastId(), (event) => {
      tries = 0
      onEvent(event)
    })
    if (isSignedOut) return
    await pause(retryDelayMs(tries, Math.random()), signal)
    tries += 1
  }
}

/** One connection. A connection that says nothing for as long as figures may live is given up: it is dead or asleep. */
async function readOnce(
  signal: AbortSignal,
  lastId: string | null,
  onEvent: (event: StreamedEvent) => void,
): Promise<boolean> {
  const connection = new AbortController()
  const giveUp = () => connection.abort()
  signal.addEventListener('abort', giveUp)
  let silence = setTimeout(giveUp, STALE_AFTER_MS)
  try {
    const headers = { Accept: 'text/event-stream', ...(lastId ? { 'Last-Event-ID': lastId } : {}) }
    const answer = await askRaw('api/events', { headers, signal: connection.signal })
    if (!answer.ok) return answer.status === 401
    for await (const event of answer.value.body ? readEventStream(answer.value.body) : []) {
      clearTimeout(silence)
      silence = setTimeout(giveUp, STALE_AFTER_MS)
      onEvent(event)
    }
  } catch {
    // The connection broke; the loop opens another one.
  } finally {
    clearTimeout(silence)
    signal.removeEventListener('abort', giveUp)
    connection.abort()
  }
  return false
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        resolve()
      },
      { once: true },
    )
  })
}
