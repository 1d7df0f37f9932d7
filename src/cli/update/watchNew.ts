/** Looks at the ring after a switch until the new version has proved itself, or has to be taken back. */
import { setTimeout as delay } from 'node:timers/promises'
import { beginHold, type HoldLimits, type HoldLook, type HoldVerdict, judgeHold } from '../../service/update/hold.ts'
import { monotonicMs } from '../../shared/clock.ts'
import { isServing } from '../../shared/http/isServing.ts'
import { isAlive } from '../../shared/identity.ts'
import { APPS, type AppName, type HomePaths } from '../../shared/paths.ts'
import { type RuntimeFile, readLiving } from '../../shared/runtimeFile.ts'
import { lookAtRing } from '../lifecycle/awaitRing.ts'

/** The ring as it was before the switch. */
export type RingBefore = Readonly<Partial<Record<AppName, RuntimeFile>>>

const LOOK_AGAIN_MS = 50
/** So long may one answer take while a new version is watched: two that are missing are enough for a verdict. */
const ANSWER_MS = 600

/** The processes that run now, by what they say of themselves. */
export function ringNow(paths: HomePaths): RingBefore {
  const living = APPS.flatMap((app) => {
    const file = readLiving(paths, app)
    return file ? [[app, file] as const] : []
  })
  return Object.fromEntries(living)
}

/** What is watched. `onReady` is called once, when all of the new version is ready; `signal` ends the watch as `not-ready`. */
export type NewRing = {
  readonly before: RingBefore
  readonly version: string
  readonly limits: HoldLimits
  readonly onReady: () => void
  readonly signal: AbortSignal
}

/** How a watch ends. */
export type WatchEnd = Exclude<HoldVerdict, 'wait' | 'ready'>

/** Looks until there is a verdict that ends the watch. */
export async function watchNew(
  paths: HomePaths,
  { before, version, limits, onReady, signal }: NewRing,
): Promise<WatchEnd> {
  let hold = beginHold(monotonicMs())
  while (!signal.aborted) {
    const askedAt = monotonicMs()
    const look = await lookAtNew(paths, before, version)
    const [next, verdict] = judgeHold(hold, { ...look, askedAt }, monotonicMs(), limits)
    hold = next
    if (verdict === 'ready') onReady()
    else if (verdict !== 'wait') return verdict
    await delay(LOOK_AGAIN_MS)
  }
  return 'not-ready'
}

async function lookAtNew(paths: HomePaths, before: RingBefore, version: string): Promise<Omit<HoldLook, 'askedAt'>> {
  const view = await lookAtRing(paths, APPS, ANSWER_MS)
  const isNew = (app: AppName) =>
    view[app] !== undefined && view[app]?.nonce !== before[app]?.nonce && view[app]?.version === version
  const isNewReady = view.isReady && APPS.every(isNew)
  const old = before.agent
  const doesAnswer = isNewReady || !view.missing.includes('agent') || (await doesOldAnswer(old))
  return { isNewReady, doesAnswer, agent: isNew('agent') ? (view.agent?.nonce ?? null) : null }
}

/** The new one may have announced itself while the old one still serves. */
async function doesOldAnswer(old: RuntimeFile | undefined): Promise<boolean> {
  return old?.url ? isAlive(old) && (await isServing(old.url, ANSWER_MS)) : false
}
