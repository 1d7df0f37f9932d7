/** The watchdog's end of the link: remembers the last word of the agent's worker, and beats back. */
import { chmodSync, unlinkSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { monotonicMs } from '../shared/clock.ts'
import { type Identity, isIdentity, ownIdentity } from '../shared/identity.ts'
import { type AgentMessage, createLineReader, encodeLine, LINK } from '../shared/link.ts'

/** What the link knows now. Times are monotonic milliseconds. */
export type LinkState = {
  readonly identity: Identity | null
  readonly connected: boolean
  /** When the last message came, or the link closed, or the server began to listen. */
  readonly lastAt: number
  readonly beat: Extract<AgentMessage, { type: 'beat' }> | null
  readonly stack: readonly string[]
}

export type LinkServer = {
  readonly state: () => LinkState
  /** Tells everybody who is connected that we are there. */
  readonly beat: () => void
  readonly close: () => void
}

/**
 * Listens on `path` (0600). `onChange` is called when something happened that should not wait for the next beat,
 * a silence of `silentMs` among it.
 */
export async function listenForAgent(path: string, silentMs: number, onChange: () => void): Promise<LinkServer> {
  await removeDeadSocket(path)
  let state: LinkState = { identity: null, connected: false, lastAt: monotonicMs(), beat: null, stack: [] }
  let current: Socket | undefined
  const sockets = new Set<Socket>()
  const stale = createStaleTimer(silentMs, () => state.connected && onChange())
  const server = createServer((socket) => {
    socket.on('error', () => {})
    const read = createLineReader(
      (value) => {
        const before = state
        stale.restart()
        state = accept(state, value as AgentMessage, socket === current)
        if ((value as AgentMessage).type === 'hello' && state.identity !== before.identity) current = socket
        if (isNews(before, state)) onChange()
      },
      () => socket.destroy(),
    )
    socket.on('data', read)
    sockets.add(socket)
    // At once: the agent can only judge a watchdog that it has heard.
    say(socket)
    socket.on('close', () => {
      sockets.delete(socket)
      if (socket !== current) return
      current = undefined
      state = { ...state, connected: false, lastAt: monotonicMs() }
      onChange()
    })
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve))
  chmodSync(path, 0o600)
  return {
    state: () => state,
    beat: () => {
      for (const socket of sockets) say(socket)
    },
    close: () => {
      stale.stop()
      closeServer(server, current)
    },
  }
}

function say(socket: Socket): void {
  socket.write(encodeLine({ type: 'beat', identity: ownIdentity() }))
}

/** The judge counts whole milliseconds; a moment later the silence is certainly longer than its limit. */
const STALE_GRACE_MS = 20

function createStaleTimer(silentMs: number, onStale: () => void) {
  const timer = setTimeout(onStale, silentMs + STALE_GRACE_MS)
  return { restart: () => void timer.refresh(), stop: () => clearTimeout(timer) }
}

function closeServer(server: ReturnType<typeof createServer>, socket: Socket | undefined): void {
  socket?.destroy()
  server.close()
}

/** PURE but for the clock. Only a hello makes a connection the agent's; beats of an older connection are dropped. */
function accept(state: LinkState, message: AgentMessage, isCurrent: boolean): LinkState {
  const lastAt = monotonicMs()
  if (message.type === 'hello' && isIdentity(message.identity)) {
    return { identity: message.identity, connected: true, lastAt, beat: null, stack: [] }
  }
  if (!isCurrent) return state
  if (message.type === 'beat') return { ...state, lastAt, beat: message }
  if (message.type === 'stack' && Array.isArray(message.frames))
    return { ...state, lastAt, stack: message.frames.slice(0, 50) }
  return state
}

function isNews(before: LinkState, after: LinkState): boolean {
  return (
    before.identity !== after.identity ||
    before.beat?.phase !== after.beat?.phase ||
    (after.beat?.mainAgeMs ?? 0) > 1_000
  )
}

/** PURE. True while the agent's worker and its main thread both spoke just now: neither can have hung for long enough to matter. */
export function isFresh({ connected, beat, lastAt }: LinkState, now: number): boolean {
  if (!connected || beat?.phase !== 'ready') return false
  const silentMs = now - lastAt
  return silentMs < 2 * LINK.beatMs && silentMs + beat.mainAgeMs < LINK.mainLateMs + LINK.beatMs
}

/** Nobody unlinks a socket that answers: only one that nobody listens on any more is removed. */
export async function removeDeadSocket(path: string): Promise<void> {
  const answers = await new Promise<boolean>((resolve) => {
    const probe = connect(path)
    probe.once('connect', () => {
      probe.destroy()
      resolve(true)
    })
    probe.once('error', () => resolve(false))
  })
  if (answers) throw new Error(`another process listens on ${path}: expected no other watchdog in this home`)
  try {
    unlinkSync(path)
  } catch {
    // Not there: the usual case.
  }
}
