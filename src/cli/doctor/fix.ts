/** `ottugi doctor --fix`: what can be mended beside a running agent, by the hands and by nobody else. */
import type { Finding } from '../../guardian/check.ts'
import { execute } from '../../repair/execute.ts'
import type { Language } from '../../shared/messages/message.ts'
import { text } from '../../shared/messages/text.ts'
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

/** What was tried, with the whole repair that its finding asked for. */
export type Tried = Fix & { readonly repair: string }

const nameOf = ({ repair }: Finding) => JSON.stringify(repair)

/** True where `--fix` would do something about it. */
export function isFixable({ repair }: Finding): boolean {
  return repair !== undefined && SAFE_ACTIONS.has(repair.action)
}

/** Mends one after the other; the same thing is tried once. */
export async function fixSafely(
  hands: { readonly paths: HomePaths; readonly environment: NodeJS.ProcessEnv },
  findings: readonly Finding[],
): Promise<Tried[]> {
  const fixes: Tried[] = []
  const tried = new Set<string>()
  for (const finding of findings.filter(isFixable)) {
    const { repair, fault } = finding
    const name = nameOf(finding)
    if (!repair || tried.has(name)) continue
    tried.add(name)
    const { ok, ...result } = await execute(hands, { ...repair, by: 'person', fault })
    const note = 'note' in result ? result.note : result.reason
    fixes.push({ action: repair.action, fault, ok, note, repair: name })
  }
  return fixes
}

/** PURE. Only what is not found again was mended: the hands prove what they did, and not that it was enough. `findings`: of a look afterwards. */
export function proveFixes(tried: readonly Tried[], findings: readonly Finding[], language: Language): Fix[] {
  return tried.map(({ repair, ...fix }) => {
    const again = findings.find((finding) => finding.fault === fix.fault && nameOf(finding) === repair)
    if (!fix.ok || !again) return fix
    return { ...fix, ok: false, note: text(language, 'doctor.stillThere', { what: again.what }) }
  })
}
