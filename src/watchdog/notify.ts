/**
 * Feeds systemd's WatchdogSec, which restarts the whole tree when nobody does. Node has no unix datagram socket, so that each word is a short
 * `systemd-notify`. Where the service manager asks for nothing (no NOTIFY_SOCKET), nothing is ever started.
 */
import { spawn } from 'node:child_process'
import type { Logger } from '../shared/log.ts'
import type { Beat } from './loop.ts'
import { mayFeed } from './notifyRule.ts'
import type { WatchState } from './watch.ts'

/** Part of systemd; found on the PATH. */
const PROGRAM = 'systemd-notify'
/** One that does not end holds the next one up, never longer than this. */
const CALL_LIMIT_MS = 5_000
/** Three words in the time that systemd waits: two may get lost. */
const WORDS_IN_TIME = 3

type FeederParts = {
  readonly environment: NodeJS.ProcessEnv
  readonly state: () => WatchState
  readonly log: Logger
}

/** One word of the watch to the service manager now and then. It is a beat like others: a loop that hangs says nothing. */
export function createServiceFeeder({ environment, state, log }: FeederParts): Beat {
  const everyMs = feedEveryMs(environment)
  if (everyMs === undefined) return () => {}
  let nextAt = Number.NEGATIVE_INFINITY
  let isUnderWay = false
  let isFailing = false
  return (now) => {
    if (isUnderWay || now < nextAt || !mayFeed(state(), now)) return
    nextAt = now + everyMs
    isUnderWay = true
    feed(environment, state().name, (problem) => {
      isUnderWay = false
      if (problem && !isFailing) log.warn({ problem }, 'the service manager was not told that the watchdog is well')
      isFailing = problem !== undefined
    })
  }
}

/** How often a word is due, in milliseconds; undefined where nobody waits for one. */
export function feedEveryMs(environment: NodeJS.ProcessEnv): number | undefined {
  const limitUs = Number(environment['WATCHDOG_USEC'])
  if (!environment['NOTIFY_SOCKET'] || !(limitUs > 0)) return undefined
  return limitUs / 1_000 / WORDS_IN_TIME
}

function feed(environment: NodeJS.ProcessEnv, name: string, done: (problem?: string) => void): void {
  const env = { PATH: environment['PATH'], NOTIFY_SOCKET: environment['NOTIFY_SOCKET'] }
  const child = spawn(PROGRAM, ['WATCHDOG=1', `STATUS=${name}`], {
    env,
    stdio: 'ignore',
    timeout: CALL_LIMIT_MS,
    killSignal: 'SIGKILL',
  })
  child.on('error', (error) => done(error.message))
  child.on('exit', (code, signal) => done(code === 0 ? undefined : `${PROGRAM} ended with ${signal ?? code}`))
}
