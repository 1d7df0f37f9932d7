import { leftoversOf, rotatedLogs } from '../../repair/actions/clearUp.ts'
import { lookAt } from '../../repair/fileState.ts'
import type { DiskRoom } from '../../shared/diskRoom.ts'
import { isReserveWhole } from '../../shared/reserve.ts'
import type { Check, Finding, GuardianContext, RepairProposal } from '../check.ts'
import { say } from '../say.ts'

const MIB = 1_024 * 1_024

/** Is there room, in bytes and inodes, and is the reserve for a full disk in its place? */
export const disk: Check = {
  id: 'disk',
  title: 'room on the disk',
  look: (ctx) => {
    if (!lookAt(ctx.paths.home)) return []
    const room = ctx.readRoom(ctx.paths.home)
    if (room.isFull) return full(ctx, room)
    if (room.isLow) return low(ctx, room)
    const isMissing = !isReserveWhole(ctx.paths) && !room.isLow
    const reserve = isMissing ? [finding(ctx, room, 'reserve-missing', { action: 'make_reserve', args: {} })] : []
    return [...reserve, ...leftovers(ctx, 'ok')]
  },
}

/** From what costs least to what costs most. Only what would help is named: each try is two synced lines on a disk that has no room. */
function full(ctx: GuardianContext, room: DiskRoom): Finding[] {
  const hasReserve = lookAt(ctx.paths.reserve) !== undefined
  const hasLogs = rotatedLogs(ctx, 'remove').length > 0
  return [
    finding(ctx, room, 'disk-full', hasReserve ? { action: 'free_reserve', args: {} } : undefined),
    ...leftovers(ctx, 'warn'),
    ...(hasLogs ? [finding(ctx, room, 'disk-full', { action: 'compress_logs', args: { mode: 'remove' } })] : []),
  ]
}

function low(ctx: GuardianContext, room: DiskRoom): Finding[] {
  const hasLogs = rotatedLogs(ctx, 'compress').length > 0
  return [
    ...leftovers(ctx, 'warn'),
    finding(ctx, room, 'disk-low', hasLogs ? { action: 'compress_logs', args: { mode: 'compress' } } : undefined),
  ]
}

function leftovers(ctx: GuardianContext, severity: 'ok' | 'warn'): Finding[] {
  const count = leftoversOf(ctx).length
  if (count === 0) return []
  const what = say(ctx.language, 'guardian.leftovers', { count })
  return [{ check: 'disk', severity, what, fault: 'leftovers', repair: { action: 'prune_tmp', args: {} } }]
}

function finding(
  ctx: GuardianContext,
  room: DiskRoom,
  fault: 'disk-full' | 'disk-low' | 'reserve-missing',
  repair: RepairProposal | undefined,
): Finding {
  const params = { freeMb: Math.floor(room.freeBytes / MIB), inodes: room.freeInodes ?? '∞' }
  const keys = {
    'disk-full': 'guardian.diskFull',
    'disk-low': 'guardian.diskLow',
    'reserve-missing': 'guardian.reserveMissing',
  } as const
  const what = say(ctx.language, keys[fault], params)
  const base: Finding = { check: 'disk', severity: 'warn', what, fault, ...(repair ? { repair } : {}) }
  return fault === 'reserve-missing'
    ? base
    : { ...base, human: say(ctx.language, 'guardian.disk.human', { home: ctx.paths.home }) }
}
