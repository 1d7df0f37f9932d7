/**
 * What Node makes of our code when a child loads it, kept for the next child: halves the time until it takes calls. Written once for each state of our
 * code, by a child that runs no tool; all others can only read it, or it would be a way from one session to another.
 */
import { chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HomePaths } from '../../shared/paths.ts'
import type { SandboxPlan } from '../../shared/sandbox/plan.ts'
import { launchChild } from './launch.ts'

/** A cache that is being filled. */
export type CompileCache = {
  /** The plan with the cache, as soon as there is one. */
  readonly added: (plan: SandboxPlan) => SandboxPlan
  /** Resolves when it was filled, or could not be. */
  readonly filled: Promise<void>
  readonly close: () => Promise<void>
}

/** Begins to fill the cache of a home, where that was not done for this state of the code. Where it fails, children load without. */
export function fillCompileCache(
  { home }: Pick<HomePaths, 'home'>,
  plan: SandboxPlan,
  codeKey: string | undefined,
): CompileCache {
  const folder = join(home, 'run', 'sandbox-cache')
  const mark = { file: `${folder}.key`, text: `${process.version} ${codeKey}` }
  let isFilled = codeKey !== undefined && isMarked(mark)
  // Somebody may have cleared run/ away.
  const added = (given: SandboxPlan) =>
    isFilled && existsSync(folder) ? { ...given, cache: { path: folder, isWritable: false } } : given
  if (!makeFolder(folder, plan.user?.uid)) return { added: (given) => given, ...NOTHING_TO_DO }
  if (isFilled) return { added, ...NOTHING_TO_DO }
  const cache = { path: folder, isWritable: true }
  const child = launchChild('bubblewrap', { ...plan, cache, command: [...plan.command, 'fill', folder] })
  const filled = child.ready.then(async (isReady) => {
    isFilled = isReady
    await child.kill()
    if (isReady && codeKey !== undefined) writeMark(mark)
  })
  return {
    added,
    filled,
    close: async () => {
      await child.kill()
      await filled
    },
  }
}

const NOTHING_TO_DO = { filled: Promise.resolve(), close: async () => {} }

type Mark = { readonly file: string; readonly text: string }

function isMarked({ file, text }: Mark): boolean {
  try {
    return readFileSync(file, 'utf8') === text
  } catch {
    return false
  }
}

/** Without a mark the next life fills it again. */
function writeMark({ file, text }: Mark): void {
  try {
    writeFileSync(file, text, { mode: 0o600 })
  } catch {
    // As said above.
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
