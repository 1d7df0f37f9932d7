import { connect, type Socket } from 'node:net'
import { type Identity, isIdentity } from '../../shared/identity.ts'
import { type AgentMessage, createLineReader, encodeLine } from '../../shared/link.ts'

/** A lost connection is tried again this often, in milliseconds. */
const RECONNECT_MS = 250

/** The agent's end of the socket: reconnects by itself, for as long as the worker lives. */
export type WatchdogLink = {
  readonly isUp: () => boolean
  /** Writes a message; dropped without a word while the link is down. */
  readonly send: (message: AgentMessage) => void
  /** The identity that sent a beat since the last call, or null. */
  readonly takeHeard: () => Identity | null
}

/** Connects to the watchdog's socket and keeps doing so. `hello` is the first line of every connection. */
export function openWatchdogLink(path: string, hello: AgentMessage): WatchdogLink {
  let socket: Socket | undefined
  let isUp = false
  let heard: Identity | null = null

  const open = () => {
    const current = connect(path)
    socket = current
    current.on('connect', () => {
      isUp = true
      current.write(encodeLine(hello))
    })
    const drop = () => current.destroy()
    current.on(
      'data',
      createLineReader((value) => {
        heard = beatOf(value) ?? heard
      }, drop),
    )
    current.on('error', drop)
    current.on('close', () => {
      isUp = false
      setTimeout(open, RECONNECT_MS)
    })
  }
  open()

  return {
    isUp: () => isUp,
    send: (message) => {
      if (isUp) socket?.write(encodeLine(message))
    },
    takeHeard: () => {
      const value = heard
      heard = null
      return value
    },
  }
}

function beatOf(value: unknown): Identity | undefined {
  const { type, identity } = (value ?? {}) as { type?: unknown; identity?: unknown }
  return type === 'beat' && isIdentity(identity) ? identity : undefined
}
