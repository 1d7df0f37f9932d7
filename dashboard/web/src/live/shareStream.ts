/**
 * One stream for all tabs: the visible tab that holds the lock reads it and hands each event to the others. A hidden tab neither reads nor leads;
 * where the browser has no locks (a page that did not come over https or from this machine), each visible tab reads for itself.
 */
import { basePath } from './basePath.ts'
import type { StreamedEvent } from './eventParser.ts'
import { readStream } from './readStream.ts'

const NAME = `ottugi-stream${basePath}`

/** Runs the sharing for the life of the page. `onEvent` gets each event, own or handed over; ids go up, and none is handed on twice. */
export function shareStream(onEvent: (event: StreamedEvent) => void): void {
  const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(NAME)
  let lastId: string | null = null
  let leading: AbortController | null = null
  const receive = (event: StreamedEvent) => {
    lastId = event.id ?? lastId
    onEvent(event)
  }
  const onOwnEvent = (event: StreamedEvent) => {
    receive(event)
    channel?.postMessage(event)
  }
  channel?.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (isEvent(data)) receive(data)
  })
  const follow = () => {
    if (document.hidden) {
      leading?.abort()
      leading = null
    } else if (!leading) {
      leading = new AbortController()
      lead({ lastId: () => lastId, onEvent: onOwnEvent }, leading.signal)
    }
  }
  document.addEventListener('visibilitychange', follow)
  // A page that is kept for the back button must not keep the lock.
  window.addEventListener('pagehide', () => {
    leading?.abort()
    leading = null
  })
  window.addEventListener('pageshow', follow)
  follow()
}

function lead(reader: Parameters<typeof readStream>[0], signal: AbortSignal): void {
  const locks: LockManager | undefined = navigator.locks
  if (!locks) void readStream(reader, signal)
  // An abort while waiting rejects; that is how a tab gives up its place in the queue.
  else locks.request(NAME, { signal }, () => readStream(reader, signal)).catch(() => undefined)
}

function isEvent(data: unknown): data is StreamedEvent {
  return typeof data === 'object' && data !== null && 'event' in data && 'data' in data && typeof data.data === 'string'
}
