import { unlinkSync, writeFileSync } from 'node:fs'
import { writeFileDurably } from '../../shared/atomicFile.ts'
import { defineAction, HOLDS, refuse } from '../action.ts'
import { exactly } from '../closedSet.ts'
import { lookAt } from '../fileState.ts'

/** Size of `data/.reserve` in bytes: room for both databases to go on writing while somebody clears up. */
export const RESERVE_BYTES = 8 * 1_024 * 1_024

type Snapshot = { readonly bytes: number | null }

/** Gives the reserve up, so that databases and journals can be written on a full disk. */
export const freeReserve = defineAction<Record<string, never>, Snapshot>({
  id: 'free_reserve',
  why: 'The disk is full: give up the reserve, so that the databases can still write.',
  risk: 0,
  timeLimitMs: 5_000,
  parseArgs: exactly({}),
  precondition: (ctx) => (ctx.readRoom(ctx.paths.home).isFull ? HOLDS : refuse('the disk is not full')),
  plan: () => 'give up the reserve of 8 MiB',
  snapshot: (ctx) => ({ bytes: lookAt(ctx.paths.reserve)?.size ?? null }),
  act: (ctx, _args, { bytes }) => {
    // On a disk without a free byte the journal itself may have taken it already.
    if (lookAt(ctx.paths.reserve)) unlinkSync(ctx.paths.reserve)
    return { note: bytes === null ? 'the reserve had been given up' : `gave up the reserve of ${bytes} bytes` }
  },
  undo: (ctx, _args, { bytes }) => {
    if (bytes !== null && !lookAt(ctx.paths.reserve)) writeFileDurably(ctx.paths.reserve, Buffer.alloc(bytes))
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
  precondition: (ctx) => {
    if (lookAt(ctx.paths.reserve)?.size === RESERVE_BYTES) return refuse('the reserve is there')
    return ctx.readRoom(ctx.paths.home).isLow ? refuse('there is no room for a reserve') : HOLDS
  },
  plan: () => 'set aside a reserve of 8 MiB',
  snapshot: () => null,
  act: (ctx) => {
    // Not durable on purpose: losing it in a power cut costs nothing, and syncing 8 MiB costs a slow disk half a second.
    writeFileSync(ctx.paths.reserve, Buffer.alloc(RESERVE_BYTES), { mode: 0o600 })
    return { note: 'set aside the reserve of 8 MiB' }
  },
  undo: (ctx) => {
    if (lookAt(ctx.paths.reserve)) unlinkSync(ctx.paths.reserve)
  },
  postcondition: (ctx) =>
    lookAt(ctx.paths.reserve)?.size === RESERVE_BYTES ? HOLDS : refuse('the reserve is not whole'),
  examples: { allowed: [{}], refused: [{ args: { bytes: 1 }, reason: 'its size is ours to know' }] },
})
