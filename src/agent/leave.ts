import type { Server } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { HANDOVER, readBoots } from '../shared/bootledger.ts'
import type { Boot } from '../shared/entry.ts'
import { closeServer } from '../shared/http/listen.ts'
import { isAlive, ownIdentity, sameProcess } from '../shared/identity.ts'
import type { Logger } from '../shared/log.ts'
import type { SelfEnd } from '../shared/selfEnd.ts'
import type { Journal } from './journal/journal.ts'
import type { Later } from './later.ts'
import type { Link } from './link/link.ts'
import type { Runs } from './runs/runs.ts'
import type { ToolRunner } from './sandbox/toolRunner.ts'

/** What has to be put away. */
export type LeaveParts = {
  readonly boot: Boot
  readonly link: Pick<Link, 'setPhase'>
  readonly server: Server
  readonly runs: Runs
  readonly journal: Journal
  readonly leaving: AbortController
  /** Time for what is being worked on, in milliseconds. */
  readonly drainMs: number
  readonly log: Logger
  readonly later: Pick<Later, 'stop'>
  readonly runner: Pick<ToolRunner, 'close'>
}

/** Why the agent leaves by itself. */
export type Departure = {
  /** For the boot ledger, in English. */
  readonly reason: string
  /** Set when it leaves because something is wrong with itself: then nobody planned this end, and the brake counts it. */
  readonly fault?: SelfEnd
  /** The drain may take this long at most, in milliseconds, where that is less than the settings give it. */
  readonly withinMs?: number
}

/** After the model calls were cut off, answers have this long to go out, in milliseconds. */
const LAST_WORDS_MS = 500

/**
 * How the agent ends when it is told to: it closes its port at once (a successor may be waiting for it), finishes what it is doing,
 * and leaves what does not finish in time to its successor. A second request to end changes nothing.
 */
export function createLeave(parts: LeaveParts): (departure?: Departure) => void {
  let isLeaving = false
  return (departure) => {
    if (isLeaving) return
    isLeaving = true
    void leave(parts, departure)
  }
}

async function leave(parts: LeaveParts, departure: Departure | undefined): Promise<void> {
  const { boot, link, server, runs, journal, leaving, log, later, runner } = parts
  const drainMs = Math.min(parts.drainMs, departure?.withinMs ?? parts.drainMs)
  if (departure?.fault) log.warn({ ...departure, live: runs.liveCount() }, 'leaving before a limit is reached')
  link.setPhase('draining')
  const closed = closeServer(server)
  leaving.abort()
  // What is due from now on is the successor's.
  await Promise.race([later.stop(), sleep(drainMs)])
  const done = Promise.all([runs.drain(), closed])
  await Promise.race([done, sleep(drainMs)])
  runs.letGo()
  await Promise.race([done, sleep(LAST_WORDS_MS)])
  server.closeAllConnections()
  await Promise.race([runner.close(), sleep(LAST_WORDS_MS)])
  const reason = departure?.reason ?? (hasSuccessor(boot) ? HANDOVER : 'stop')
  log.info({ reason }, 'leaving')
  journal.close()
  if (departure?.fault) boot.fail(`${departure.fault}: ${reason}`)
  boot.leave(reason)
}

/** A living agent that started after us. The ledger knows it before it announces itself, since it waits for our port. */
function hasSuccessor({ paths }: Boot): boolean {
  const own = ownIdentity()
  return readBoots(paths.boots).some(
    (record) => record.app === 'agent' && record.kind === 'start' && !sameProcess(record, own) && isAlive(record),
  )
}
