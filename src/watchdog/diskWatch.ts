/** PURE. Is there room on the disk, and what is done about it while the agent is well? The agent itself is never touched for it. */

/** What can be seen. */
export type DiskView = {
  readonly level: 'roomy' | 'low' | 'full'
  /** Is the reserve in its place? Only asked where it may be missing. */
  readonly hasReserve: () => boolean
  /** Is room being made just now? */
  readonly isBusy: boolean
}

/** What is remembered; times are monotonic milliseconds. */
export type DiskWatch =
  | { readonly name: 'roomy'; readonly triedAt: number | null; readonly isReserveKnown: boolean }
  | { readonly name: 'low'; readonly triedAt: number | null }
  | { readonly name: 'full'; readonly since: number; readonly triedAt: number | null; readonly isTold: boolean }

/** `tell`: an incident and an alert, because no repair of ours made room. `close`: it is over. */
export type DiskAction = 'makeRoom' | 'tell' | 'close'

/** At first the reserve counts as being in its place: the preflight of each start sees to that. */
export const NEW_DISK_WATCH: DiskWatch = { name: 'roomy', triedAt: null, isReserveKnown: true }

/** Somebody else fills the disk again and again: so often it is worth a try, in milliseconds. */
const AGAIN_MS = { full: 60_000, low: 600_000, roomy: 60_000 } as const

/** One look. */
export function stepDisk(watch: DiskWatch, view: DiskView, now: number): readonly [DiskWatch, readonly DiskAction[]] {
  if (view.level === 'full') return whenFull(watch, view, now)
  if (watch.name === 'full') return [afterFull(watch, view), ['close']]
  return view.level === 'low' ? whenLow(watch, view, now) : whenRoomy(watch, view, now)
}

function whenFull(watch: DiskWatch, { isBusy }: DiskView, now: number): readonly [DiskWatch, readonly DiskAction[]] {
  if (watch.name !== 'full') return [{ name: 'full', since: now, triedAt: now, isTold: false }, ['makeRoom']]
  if (isBusy) return [watch, []]
  if (watch.triedAt === null) return [{ ...watch, triedAt: now }, ['makeRoom']]
  if (!watch.isTold) return [{ ...watch, isTold: true }, ['tell']]
  return isDue(watch.triedAt, now, AGAIN_MS.full) ? [{ ...watch, triedAt: now }, ['makeRoom']] : [watch, []]
}

/** What was done for a full disk was more than is done for a low one. */
function afterFull({ triedAt }: DiskWatch, { level }: DiskView): DiskWatch {
  return level === 'low' ? { name: 'low', triedAt } : { name: 'roomy', triedAt: null, isReserveKnown: false }
}

function whenLow(watch: DiskWatch, { isBusy }: DiskView, now: number): readonly [DiskWatch, readonly DiskAction[]] {
  const triedAt = watch.name === 'low' ? watch.triedAt : null
  if (isBusy || !isDue(triedAt, now, AGAIN_MS.low)) return [{ name: 'low', triedAt }, []]
  return [{ name: 'low', triedAt: now }, ['makeRoom']]
}

/** After a full or low disk the reserve may be gone: it is set aside again. */
function whenRoomy(watch: DiskWatch, view: DiskView, now: number): readonly [DiskWatch, readonly DiskAction[]] {
  const known: DiskWatch = watch.name === 'roomy' ? watch : { name: 'roomy', triedAt: null, isReserveKnown: false }
  if (known.isReserveKnown || view.isBusy || !isDue(known.triedAt, now, AGAIN_MS.roomy)) return [known, []]
  if (view.hasReserve()) return [NEW_DISK_WATCH, []]
  return [{ ...known, triedAt: now }, ['makeRoom']]
}

function isDue(triedAt: number | null, now: number, everyMs: number): boolean {
  return triedAt === null || now - triedAt >= everyMs
}
