/** A person's wish to have the last known good settings back. */
import type { Verdict } from '../repair/action.ts'
import { execute } from '../repair/execute.ts'
import type { HomePaths } from '../shared/paths.ts'

/** Puts them back, as a repair like every other: on record, proved, and with the present ones kept beside. Nothing is restarted. */
export async function rollBackSettings(where: {
  readonly paths: HomePaths
  readonly environment: NodeJS.ProcessEnv
}): Promise<Verdict> {
  const request = { action: 'restore_config', args: {}, by: 'person', fault: 'asked' }
  const done = await execute(where, request)
  return done.ok ? { ok: true } : { ok: false, reason: done.reason }
}
