/**
 * Looks at the room on the disk while all is well, and lets the guardian make some: `guardian make-room` beside the living agent, which is
 * never touched for it. Where no repair of ours makes room, an alert says so, and it is over as soon as somebody else has made some.
 */
import { join } from 'node:path'
import { type DiskRoom, readDiskRoom } from '../shared/diskRoom.ts'
import type { Logger } from '../shared/log.ts'
import { appRoot, type HomePaths } from '../shared/paths.ts'
import { isReserveWhole, writeWithReserve } from '../shared/reserve.ts'
import { createChildJob } from './childJob.ts'
import { closeDiskFull, type DiskStory, openDiskIncident, tellDiskFull } from './diskIncident.ts'
import { type DiskAction, type DiskView, type DiskWatch, NEW_DISK_WATCH, stepDisk } from './diskWatch.ts'
import type { Beat } from './loop.ts'

/** One `statfs` each time, some microseconds: a disk that fills in a second is noticed within this. */
const LOOK_MS = 2_000
const MAKE_ROOM_LIMIT_MS = 60_000

/** What it works with. */
export type DiskChoreParts = DiskStory & {
  readonly log: Logger
  readonly environment: NodeJS.ProcessEnv
  /** Has the watchdog look at once: what was freed may not last until the next look. */
  readonly wake: () => void
}

/** Makes the chore. It goes on with an incident that an earlier watchdog has opened. */
export function createDiskChore(parts: DiskChoreParts): Beat {
  const { paths, store, log, environment } = parts
  const wordsOf = () => [join(appRoot, 'src', 'guardian', 'main.ts'), 'make-room', '--json', '--home', paths.home]
  let watch: DiskWatch | undefined
  let lookAt = Number.NEGATIVE_INFINITY
  const onChange = () => {
    lookAt = Number.NEGATIVE_INFINITY
    parts.wake()
  }
  const job = createChildJob({ home: paths.home, environment, wordsOf, read: () => ({}), onChange })
  let roomyAt: number | undefined
  let detectMs: number | null = null
  const act = (action: DiskAction, room: DiskRoom, now: number) => {
    log.warn({ action, ...room }, 'disk')
    const times = { forMs: watch?.name === 'full' ? now - watch.since : 0, detectMs }
    if (action === 'makeRoom') job.run(now + MAKE_ROOM_LIMIT_MS, null)
    if (action === 'tell') tellDiskFull(parts, room, times)
    if (action === 'close') closeDiskFull(parts, times)
  }
  return (now, isResting) => {
    if (isResting || now < lookAt) return
    lookAt = now + LOOK_MS
    watch ??= openDiskIncident(store) ? { name: 'full', since: now, triedAt: null, isTold: true } : NEW_DISK_WATCH
    const room = readDiskRoom(paths.home)
    const [next, actions] = stepDisk(watch, viewOf(paths, room, job.view().state === 'running'), now)
    if (!room.isFull) roomyAt = now
    else if (watch.name !== 'full') detectMs = roomyAt === undefined ? null : Math.round(now - roomyAt)
    for (const action of actions) writeWithReserve(paths, () => act(action, room, now))
    // Last: what could not be written down is done again at the next look.
    watch = next
  }
}

function viewOf(paths: HomePaths, { isFull, isLow }: DiskRoom, isBusy: boolean): DiskView {
  const level = isFull ? 'full' : isLow ? 'low' : 'roomy'
  return { level, isBusy, hasReserve: () => isReserveWhole(paths) }
}
