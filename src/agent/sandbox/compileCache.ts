/**
 * What Node makes of our code when a child loads it, kept for the next child: halves the time until it takes calls. Written once, by a child that runs
 * no tool; all others can only read it, or it would be a way from one session to another.
 */
import { chownSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { HomePaths } from '../../shared/paths.ts'
import type { SandboxPlan } from '../../shared/sandbox/plan.ts'
import { FILL } from './fill.ts'
import { launchChild } from './launch.ts'

/** A cache that is being filled. */
export type CompileCache = {
  /** The plan with the cache, as soon as there is one. */
  readonly added: (plan: SandboxPlan) => SandboxPlan
  /** Resolves when it was filled, or could not be. */
  readonly filled: Promise<void>
  readonly close: () => Promise<void>
}

/** Begins to fill the cache of a home. Where that fails, children load without. */
export function fillCompileCache({ home }: Pick<HomePaths, 'home'>, plan: SandboxPlan): CompileCache {
  const folder = join(home, 'run', 'sandbox-cache')
  let isFilled = false
  if (!makeFolder(folder, plan.user?.uid))
    return { added: (given) => given, filled: Promise.resolve(), close: async () => {} }
  const cache = { path: folder, isWritable: true }
  const child = launchChild('bubblewrap', { ...plan, cache, command: [...plan.command, FILL] })
  const filled = child.ready.then(async (isReady) => {
    isFilled = isReady
    await child.kill()
  })
  return {
    // Somebody may have cleared run/ away.
    added: (given) =>
      isFilled && existsSync(folder) ? { ...given, cache: { path: folder, isWritable: false } } : given,
    filled,
    close: async () => {
      await child.kill()
      await filled
    },
  }
}

function makeFolder(folder: string, owner: number | undefined): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    if (owner !== undefined) chownSync(folder, owner, -1)
    return true
  } catch {
    return false
  }
}
