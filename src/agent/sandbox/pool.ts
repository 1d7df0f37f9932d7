/**
 * The children of the sessions. Promises: a child serves one session only, and either tools that start programs or tools that do not; one call at a
 * time; one clean child is kept ready while there is work; idle children end.
 */
import { tellingLine } from '../../shared/sandbox/tellingLine.ts'
import type { SandboxChild } from './launch.ts'

/** Whose child it is. */
export type Owner = { readonly session: string; readonly programs: boolean }

export type Pool = {
  /** A child of this owner that takes calls, new where none is free; undefined where none can be started. */
  readonly take: (owner: Owner) => Promise<{ readonly child: SandboxChild } | { readonly failure: string }>
  /** Takes it back; one that cannot be trusted any more is ended. */
  readonly giveBack: (child: SandboxChild, owner: Owner, isGood: boolean) => void
  /** Starts a clean child ahead, if there is none. */
  readonly prepare: () => void
  /** Ends every child. */
  readonly close: () => Promise<void>
}

/** What the pool is given. `idleMs`: how long an unused child is kept; `maxIdle`: how many. */
export type PoolInput = { readonly launch: () => SandboxChild; readonly idleMs: number; readonly maxIdle: number }

/** Builds an empty pool. */
export function createPool({ launch, idleMs, maxIdle }: PoolInput): Pool {
  const living = new Set<SandboxChild>()
  const shelf = createShelf()
  let isClosed = false
  const start = () => {
    const child = launch()
    living.add(child)
    void child.ended.then(() => {
      living.delete(child)
      shelf.take((entry) => entry.child === child)
    })
    return child
  }
  const prepare = () => {
    if (!isClosed && !shelf.has(isClean))
      shelf.put({ child: start(), owner: undefined }, Math.max(idleMs, MIN_SPARE_MS))
  }
  return {
    prepare,
    take: async (owner) => {
      if (isClosed) return { failure: 'the agent is leaving' }
      const known = shelf.take((entry) => isSame(entry.owner, owner))
      const child = known ?? shelf.take(isClean) ?? start()
      if (!(await child.ready)) return { failure: tellingLine((await child.ended).said) || 'it ended at once' }
      if (!known) prepare()
      return { child }
    },
    giveBack: (child, owner, isGood) => {
      child.listen(undefined)
      if (!isGood || isClosed || child.isGone()) return void child.kill()
      shelf.put({ child, owner }, idleMs)
      if (shelf.count() > maxIdle) void shelf.take((entry) => entry.owner !== undefined)?.kill()
    },
    close: async () => {
      isClosed = true
      await Promise.all([...living].map((child) => child.kill()))
    },
  }
}

/** A child that waits; without an owner it is a clean one. */
type Waiting = { readonly child: SandboxChild; readonly owner: Owner | undefined }

/** Children that wait, the oldest first. What is taken or too old is out of reach before it ends: nobody is given a child that is being killed. */
function createShelf() {
  let waiting: (Waiting & { readonly timer: NodeJS.Timeout })[] = []
  const take = (fits: (entry: Waiting) => boolean) => {
    const found = waiting.find((entry) => fits(entry))
    if (!found) return undefined
    clearTimeout(found.timer)
    waiting = waiting.filter((entry) => entry !== found)
    return found.child
  }
  return {
    take,
    has: (fits: (entry: Waiting) => boolean) => waiting.some(fits),
    count: () => waiting.length,
    put: (entry: Waiting, forMs: number) => {
      const timer = setTimeout(() => void take(({ child }) => child === entry.child)?.kill(), forMs).unref()
      waiting.push({ ...entry, timer })
    },
  }
}

function isClean({ owner }: Waiting): boolean {
  return owner === undefined
}

/** A child that was prepared must live long enough to be of use. */
const MIN_SPARE_MS = 10_000

function isSame(a: Owner | undefined, b: Owner): boolean {
  return a !== undefined && a.session === b.session && a.programs === b.programs
}
