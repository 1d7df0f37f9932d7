/** A person's wish for safe mode, or for its end. The agent follows it at its next start. */
import { unlinkSync } from 'node:fs'
import type { Verdict } from '../repair/action.ts'
import { readSafeMode } from '../repair/actions/enterSafeMode.ts'
import { execute } from '../repair/execute.ts'
import { inputsHash } from '../repair/inputs.ts'
import { appRoot, type HomePaths } from '../shared/paths.ts'

type Where = { readonly paths: HomePaths; readonly environment: NodeJS.ProcessEnv }

/** Writes it down. What is so already stays so, and counts as done. */
export async function setSafeMode({ paths, environment }: Where, wish: string | undefined): Promise<Verdict> {
  if (wish === 'off') return endSafeMode(paths)
  if (wish !== 'on') return { ok: false, reason: `safe-mode: expected on or off, got ${JSON.stringify(wish ?? '')}` }
  if (readSafeMode(paths)?.settingsHash === inputsHash(paths, appRoot)) return { ok: true }
  const request = { action: 'enter_safe_mode', args: { reason: 'asked' }, by: 'person', fault: 'asked' }
  const done = await execute({ paths, environment }, request)
  return done.ok ? { ok: true } : { ok: false, reason: done.reason }
}

function endSafeMode(paths: HomePaths): Verdict {
  if (readSafeMode(paths)) unlinkSync(paths.safeMode)
  return { ok: true }
}
