/**
 * The link between agent and watchdog: lines of JSON over a unix socket that the agent holds open.
 * The kernel closes it when the agent dies: end of file within milliseconds. Both sides beat each {@link LINK.beatMs}.
 */
import type { Identity } from './identity.ts'

/** Pace and limits of the link. */
export const LINK = {
  /** Silence is judged in seconds, and every wake-up of an idle machine costs 0.3 ms: twice a second is enough. */
  beatMs: 500,
  /** The agent's main thread marks its own beat this often: a hang is judged in seconds as well. */
  mainBeatMs: 500,
  /** A mark that is older than this is looked at more closely. */
  mainLateMs: 650,
  /** A longer line is not ours: the connection is dropped. */
  maxLineBytes: 64 * 1_024,
} as const

/** Where the agent is on its way from start to end. */
export type AgentPhase = 'preflight' | 'starting' | 'ready' | 'draining'

/** Agent → watchdog. `hello` is first; `stack` follows when the main thread was silent and in JavaScript. */
export type AgentMessage =
  | { readonly type: 'hello'; readonly identity: Identity; readonly version: string }
  | {
      readonly type: 'beat'
      readonly phase: AgentPhase
      /** Age of the main thread's last mark in milliseconds, by the worker's clock. */
      readonly mainAgeMs: number
      /** A longer step that the agent announced (preflight): until then silence of the main thread is expected. Monotonic ms, or null. */
      readonly busyUntilMonoMs: number | null
    }
  | { readonly type: 'stack'; readonly frames: readonly string[] }

/** Watchdog → agent: its own beat, by which the agent sees a hung watchdog. */
export type WatchdogMessage = { readonly type: 'beat'; readonly identity: Identity }

/** One message as it goes over the wire. */
export function encodeLine(message: AgentMessage | WatchdogMessage | Record<string, unknown>): string {
  return `${JSON.stringify(message)}\n`
}

/** Splits a stream of bytes into JSON values. Bad JSON or an endless line calls `onBad` and stops. */
export function createLineReader(
  onValue: (value: unknown) => void,
  onBad: (reason: string) => void,
): (chunk: Buffer) => void {
  let rest = ''
  const decoder = new TextDecoder()
  return (chunk) => {
    rest += decoder.decode(chunk, { stream: true })
    const lines = rest.split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > LINK.maxLineBytes) return onBad(`a line is longer than ${LINK.maxLineBytes} bytes`)
    for (const line of lines) {
      let value: unknown
      try {
        value = JSON.parse(line)
      } catch {
        return onBad('a line is not JSON')
      }
      if (typeof value !== 'object' || value === null) return onBad('a line is no message')
      onValue(value)
    }
  }
}
