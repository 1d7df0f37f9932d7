import { isReserveWhole, RESERVE_BYTES, RESERVE_INODES } from '../../shared/reserve.ts'
import { defineAction, HOLDS, refuse } from '../action.ts'
import { exactly } from '../closedSet.ts'
import { lookAt } from '../fileState.ts'
import { lookAtHeld } from '../heldFile.ts'
import { giveUpReserve, makeBytes, makeInodes, removeInodeFolder, setReserveAside } from '../reserve.ts'

/** What there was of it: bytes of the file, null where there was none, and whether inodes were held. */
type Snapshot = { readonly bytes: number | null; readonly inodes: boolean }

/** Gives the reserve up, so that databases and journals can be written on a full disk. */
export const freeReserve = defineAction<Record<string, never>, Snapshot>({
  id: 'free_reserve',
  why: 'The disk is full: give up the reserve, so that the databases can still write.',
  risk: 0,
  timeLimitMs: 5_000,
  parseArgs: exactly({}),
  precondition: (ctx) => (ctx.readRoom(ctx.paths.home).isFull ? HOLDS : refuse('the disk is not full')),
  plan: () => `give up the reserve of 8 MiB and ${RESERVE_INODES} files`,
  // What an undo would make again is never larger than what we made.
  snapshot: ({ paths }) => {
    const size = lookAtHeld(paths.home, paths.reserve)?.size
    const inodes = lookAtHeld(paths.home, paths.reserveInodes) !== undefined
    return { bytes: size === undefined ? null : Math.min(size, RESERVE_BYTES), inodes }
  },
  act: ({ paths }, _args, { bytes }) => {
    // On a disk without a free byte the journal itself may have taken it already.
    giveUpReserve(paths)
    return { note: bytes === null ? 'the reserve had been given up' : `gave up the reserve of ${bytes} bytes` }
  },
  undo: ({ paths }, _args, { bytes, inodes }) => {
    if (bytes !== null) makeBytes(paths, bytes)
    if (inodes) makeInodes(paths)
  },
  postcondition: (ctx) => (lookAt(ctx.paths.reserve) ? refuse('the reserve is still there') : HOLDS),
  examples: { allowed: [{}], refused: [{ args: { bytes: 1 }, reason: 'all of it, or nothing' }] },
})

/** Sets the reserve aside again, once there is room. */
export const makeReserve = defineAction<Record<string, never>, null>({
  id: 'make_reserve',
  why: 'The reserve is missing and the disk has room: set it aside again.',
  risk: 0,
  timeLimitMs: 10_000,
  parseArgs: exactly({}),
  precondition: ({ paths, readRoom }) => {
    const found = lookAt(paths.reserve)
    if (found && !found.isFile()) return refuse('something else is in its place')
    if (isReserveWhole(paths)) return refuse('the reserve is there')
    return readRoom(paths.home).isLow ? refuse('there is no room for a reserve') : HOLDS
  },
  plan: () => `set aside a reserve of 8 MiB and ${RESERVE_INODES} files`,
  snapshot: () => null,
  act: ({ paths }) => {
    setReserveAside(paths)
    return { note: 'set aside the reserve of 8 MiB' }
  },
  undo: ({ paths }) => {
    giveUpReserve(paths)
    removeInodeFolder(paths)
  },
  postcondition: ({ paths }) => (isReserveWhole(paths) ? HOLDS : refuse('the reserve is not whole')),
  examples: { allowed: [{}], refused: [{ args: { bytes: 1 }, reason: 'its size is ours to know' }] },
})
