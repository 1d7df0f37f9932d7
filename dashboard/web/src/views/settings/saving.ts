/** Looks at a change of settings, and saves exactly what was looked at. */
import type { SettingsCheck } from '../../../../contractViews.ts'
import { ask } from '../../live/ask.ts'
import type { Answer } from '../../live/problem.ts'
import type { Changes } from './SettingsView.tsx'

/** Saves it, unless the file is another one than that of the check by now. */
export function saveChecked(changes: Changes, { base }: SettingsCheck): Promise<Answer<SettingsCheck>> {
  const body = { changes, ...(base === undefined ? {} : { base }) }
  return ask('api/settings', { method: 'POST', body })
}
