import { Worker } from 'node:worker_threads'
import { monotonicMs } from '../../shared/clock.ts'
import { ownIdentity } from '../../shared/identity.ts'
import { LINK } from '../../shared/link.ts'
import { appVersion, type HomePaths } from '../../shared/paths.ts'
import { isSupervised } from '../../shared/processRole.ts'
import { readStat } from '../../shared/procfs.ts'
import type { LinkWorkerData } from './linkWorker.ts'
import { type SharedBeat, sharedBeat } from './sharedBeat.ts'

/** Counts as a hang until the settings are known, in milliseconds. */
const FIRST_HANG_MS = 2_000
/** A worker that failed is replaced after this pause, in milliseconds. */
const REPLACE_MS = 250

/** The main thread's side of the link: what it says about itself. */
export type Link = Pick<SharedBeat, 'announceBusy' | 'setHangMs' | 'setPhase'>

/**
 * Starts the link worker and marks the main thread's beat each {@link LINK.mainBeatMs}, for as long as the process lives.
 * A worker that fails is replaced: without it the watchdog would take a healthy agent for a dead one.
 */
export function startLink(paths: HomePaths, environment: NodeJS.ProcessEnv): Link {
  const beat = sharedBeat()
  beat.setHangMs(FIRST_HANG_MS)
  beat.mark(monotonicMs())
  const mark = () => beat.mark(monotonicMs())
  setInterval(mark, LINK.mainBeatMs)
  startWorker(paths, {
    buffer: beat.buffer,
    identity: ownIdentity(),
    version: appVersion(),
    home: paths.home,
    socketPath: paths.linkSocket,
    desiredPath: paths.desired,
    supervisor: isSupervised(environment) ? parentIdentity() : null,
    environment: { ...environment },
  })
  // Whoever says how far it is lives: without these marks, the end of a long start would look like a hang that nobody announced.
  return {
    setHangMs: beat.setHangMs,
    setPhase: (phase) => {
      mark()
      beat.setPhase(phase)
    },
    announceBusy: (untilMonoMs) => {
      mark()
      beat.announceBusy(untilMonoMs)
    },
  }
}

function startWorker(paths: HomePaths, workerData: LinkWorkerData): void {
  // With the compile cache from its first file on, the thread needs no TypeScript compiler of its own: 25 MB less.
  const env = workerData.environment
  const worker = new Worker(new URL('./linkWorker.ts', import.meta.url), { workerData, env })
  worker.on('error', () => {
    setTimeout(() => startWorker(paths, workerData), REPLACE_MS)
  })
}

/** Who started us, by identity: a parent that dies is replaced by init, and its pid is not ours to trust later. */
function parentIdentity(): LinkWorkerData['supervisor'] {
  const stat = readStat(process.ppid)
  return stat && stat.pid > 1 ? { pid: stat.pid, startTicks: stat.startTicks } : null
}
