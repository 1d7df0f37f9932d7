/**
 * The link worker: a thread that goes on when the main thread does not. It tells the watchdog how the main thread is,
 * takes its stack when it hangs, and is the one who watches the watchdog.
 * Imports `node:` built-ins and files of ours that need nothing else: it must start before anything can be missing.
 */
import { workerData } from 'node:worker_threads'
import { monotonicMs } from '../../shared/clock.ts'
import { readDesired } from '../../shared/desired.ts'
import { type Identity, isAlive, signalIdentity, stateOf } from '../../shared/identity.ts'
import { LINK } from '../../shared/link.ts'
import { spawnRevive } from '../../shared/revive.ts'
import { captureMainStack } from './captureStack.ts'
import { lookAtMain, mainAgeMs, NO_SILENCE } from './mainSilence.ts'
import { sharedBeat } from './sharedBeat.ts'
import { openWatchdogLink } from './watchdogLink.ts'
import { startWatch, type WatchdogAct, watchTheWatchdog } from './watchTheWatchdog.ts'

/** What the main thread hands to its worker. */
export type LinkWorkerData = {
  readonly buffer: SharedArrayBuffer
  readonly identity: Identity
  readonly version: string
  readonly home: string
  readonly socketPath: string
  readonly desiredPath: string
  /** The supervisor that started us; null when a person did: then nothing is ever revived. */
  readonly supervisor: Pick<Identity, 'pid' | 'startTicks'> | null
  readonly environment: NodeJS.ProcessEnv
}

/** A main thread that is silent for longer than this is looked at more closely, in milliseconds. */
const CLOSE_LOOK_MS = 50
const STACK_LIMIT_MS = 800

const data = workerData as LinkWorkerData
const beat = sharedBeat(data.buffer)
const link = openWatchdogLink(data.socketPath, { type: 'hello', identity: data.identity, version: data.version })

let silence = NO_SILENCE
let watch = startWatch(monotonicMs())
let dueMonoMs = monotonicMs()
let sentMonoMs = Number.NEGATIVE_INFINITY
let hang: 'none' | 'captured' | 'told' = 'none'

tick()

function tick(): void {
  const nowMonoMs = monotonicMs()
  const ownLateMs = Math.max(0, nowMonoMs - dueMonoMs)
  silence = lookAtMain(silence, beat.markMonoMs(), ownLateMs)
  const ageMs = mainAgeMs(silence, nowMonoMs)
  reportMain(nowMonoMs, ageMs)
  watchIt(nowMonoMs, ownLateMs)
  // While the main thread is punctual one look each beat is enough: the idle budget is small.
  const pauseMs = ageMs > LINK.mainLateMs ? CLOSE_LOOK_MS : LINK.beatMs
  dueMonoMs = nowMonoMs + pauseMs
  setTimeout(tick, pauseMs)
}

function reportMain(nowMonoMs: number, ageMs: number): void {
  const hangMs = beat.hangMs()
  if (ageMs < LINK.mainLateMs) hang = 'none'
  const isExpected = nowMonoMs < (beat.busyUntilMonoMs() ?? 0)
  const crossesLimit = hang !== 'told' && ageMs > hangMs && !isExpected
  if (crossesLimit || nowMonoMs - sentMonoMs >= LINK.beatMs - CLOSE_LOOK_MS / 2) sendBeat(nowMonoMs, ageMs)
  if (hang === 'none' && ageMs > hangMs / 2 && !isExpected) {
    hang = 'captured'
    void sendStack()
  }
  if (crossesLimit) hang = 'told'
}

function sendBeat(nowMonoMs: number, ageMs: number): void {
  sentMonoMs = nowMonoMs
  link.send({
    type: 'beat',
    phase: beat.phase(),
    mainAgeMs: Math.round(ageMs),
    busyUntilMonoMs: beat.busyUntilMonoMs(),
  })
}

async function sendStack(): Promise<void> {
  const frames = await captureMainStack(STACK_LIMIT_MS)
  if (frames) link.send({ type: 'stack', frames })
}

function watchIt(nowMonoMs: number, ownLateMs: number): void {
  const heardFrom = link.takeHeard()
  const isDown = !link.isUp()
  const known = heardFrom ?? watch.known
  const state = known ? stateOf(known) : undefined
  const [next, act] = watchTheWatchdog(watch, {
    nowMonoMs,
    ownLateMs,
    linkUp: !isDown,
    heardFrom,
    processState: state === undefined || state === 'Z' ? null : state,
    // Looked at only where it matters: the idle budget is small.
    supervisorAlive: data.supervisor !== null && (!isDown || isAlive(data.supervisor)),
    isWanted: isDown && data.supervisor !== null && readDesired(data.desiredPath) === 'running',
  })
  watch = next
  if (act) perform(act)
}

function perform(act: WatchdogAct): void {
  if (act.do === 'revive') {
    spawnRevive(data.home, data.environment)
    return
  }
  signalIdentity(act.identity, 'SIGCONT')
  signalIdentity(act.identity, 'SIGKILL')
}
