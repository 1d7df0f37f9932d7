import { setTimeout as delay } from 'node:timers/promises'
import { readBoots } from '../../shared/bootledger.ts'
import { bootId } from '../../shared/clock.ts'
import { isServing } from '../../shared/http/isServing.ts'
import { APPS, type AppName, type HomePaths } from '../../shared/paths.ts'
import { type RuntimeFile, readLiving } from '../../shared/runtimeFile.ts'

/** What came up, and what did not. */
export type RingView = { readonly [App in AppName]: RuntimeFile | undefined } & {
  readonly isReady: boolean
  readonly missing: readonly AppName[]
}

const LOOK_AGAIN_MS = 25

/** How long a start that failed is waited for: somebody else may have made it at the same moment, and the supervisor then refuses the second one. */
export const AFTER_FAILURE_MS = 5_000

/** Waits until all three processes live and those with an address answer `/readyz`, or the time is over. */
export async function awaitRing(paths: HomePaths, limitMs: number, apps: readonly AppName[] = APPS): Promise<RingView> {
  const deadline = performance.now() + limitMs
  for (;;) {
    const view = await lookAtRing(paths, apps)
    if (view.isReady || performance.now() >= deadline) return view
    await delay(LOOK_AGAIN_MS)
  }
}

/** One look; an answer that takes longer than `limitMs` counts as none. */
export async function lookAtRing(
  paths: HomePaths,
  apps: readonly AppName[] = APPS,
  limitMs?: number,
): Promise<RingView> {
  const found = {
    agent: readLiving(paths, 'agent'),
    watchdog: readLiving(paths, 'watchdog'),
    dashboard: readLiving(paths, 'dashboard'),
  }
  const ready = await Promise.all(apps.map(async (app) => isReady(app, found[app], limitMs)))
  const missing = apps.filter((_, index) => !ready[index])
  return { ...found, isReady: missing.length === 0, missing }
}

async function isReady(app: AppName, file: RuntimeFile | undefined, limitMs?: number): Promise<boolean> {
  if (!file) return false
  return app === 'watchdog' || (file.url !== null && (await isServing(file.url, limitMs)))
}

/** The guardian's last word about an app that is not there: why its start was refused, or how it ended. */
export function lastWord(
  paths: HomePaths,
  app: AppName,
): { readonly isRefusal: boolean; readonly text: string } | undefined {
  const record = readBoots(paths.boots).findLast((candidate) => candidate.app === app && candidate.bootId === bootId())
  if (record?.kind === 'refused') return { isRefusal: true, text: `${record.fault}: ${record.reason}` }
  if (record?.kind === 'end') return { isRefusal: false, text: record.reason.split('\n')[0] ?? record.reason }
  return undefined
}
