/** The settings as a plan would leave them: the same editing as `config set`, and nothing written. */
import type { CheckResult } from '../../shared/config/check.ts'
import { checkSettingsText } from '../../shared/config/load.ts'
import { withoutValue, withValue } from '../../shared/config/yamlEdit.ts'
import type { Current } from './current.ts'
import type { Plan } from './plan.ts'

/** The text of `ottugi.yaml` afterwards. */
export function draftText(
  { settingsText }: Pick<Current, 'settingsText'>,
  { settings }: Pick<Plan, 'settings'>,
): string {
  return settings.reduce(
    (text, { key, value }) => (value === undefined ? withoutValue(text, key) : withValue(text, key, value)),
    settingsText,
  )
}

/** The settings afterwards, or what would be wrong with them. */
export function draftSettings(current: Pick<Current, 'settingsText'>, plan: Pick<Plan, 'settings'>): CheckResult {
  return checkSettingsText(draftText(current, plan))
}

/** The secrets afterwards. */
export function draftSecrets({ secrets }: Pick<Current, 'secrets'>, plan: Pick<Plan, 'secrets'>): Map<string, string> {
  return new Map([...secrets, ...plan.secrets.map(({ name, value }) => [name, value] as const)])
}
