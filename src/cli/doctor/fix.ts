/** `ottugi doctor --fix`: what can be mended beside a running agent, by the hands and by nobody else. */
import type { Finding } from '../../guardian/check.ts'
import { execute } from '../../repair/execute.ts'
import type { HomePaths } from '../../shared/paths.ts'

/**
 * Nothing of these touches what the agent works with, loses anything, or ends a process that works. What the others do (put settings or a database
 * back, take another port) is the guardian's at a start, when nothing is in use.
 */
const SAFE_ACTIONS: ReadonlySet<string> = new Set([
  'set_mode',
  'make_dir',
  'remove_lock',
  'make_reserve',
  'prune_tmp',
  'compress_logs',
  'reinstall_dependencies',
])

/** One thing that was tried. `note` says what was done, or why it was not. */
export type Fix = { readonly action: string; readonly fault: string; readonly ok: boolean; readonly note: string }

/** True where `--fix` would do something about it. */
export function isFixable({ repair }: Finding): boolean {
  return repair !== undefined && SAFE_ACTIONS.has(repair.action)
}

/** Mends one after the other; the same thing is tried once. */
export async function fixSafely(
  hands: { readonly paths: HomePaths; readonly environment: NodeJS.ProcessEnv },
  findings: readonly Finding[],
): Promise<Fix[]> {
  const fixes: Fix[] = []
  const tried = new Set<string>()
  for (const { repair, fault } of findings.filter(isFixable)) {
    const name = JSON.stringify(repair)
    if (!repair || tried.has(name)) continue
    tried.add(name)
    const result = await execute(hands, { ...repair, by: 'person', fault })
    fixes.push({ action: repair.action, fault, ok: result.ok, note: result.ok ? result.note : result.reason })
  }
  return fixes
}
