/** The settings as a start needs them: valid, and open to other machines only with a token. */
import { checkBind, loadSettings } from '../../shared/config/load.ts'
import { formatProblem, type SettingsProblem } from '../../shared/config/problem.ts'
import type { Settings } from '../../shared/config/schema.ts'
import { text } from '../../shared/messages/text.ts'
import { tokensFrom } from '../../shared/tokens.ts'
import type { CliContext } from '../context.ts'

/** Settings and secrets. */
export type StartSettings = {
  readonly ok: true
  readonly settings: Settings
  readonly secrets: ReadonlyMap<string, string>
}

/** Reads and checks everything, or gives all that is wrong. */
export function readStartSettings({
  paths,
  environment,
}: CliContext): StartSettings | { readonly ok: false; readonly problems: readonly SettingsProblem[] } {
  const loaded = loadSettings({ settingsFile: paths.settings, envFile: paths.env, environment })
  if (!loaded.ok) return loaded
  const problems = checkBind(loaded.settings, tokensFrom(loaded.secrets).length > 0, loaded.sources)
  return problems.length > 0 ? { ok: false, problems } : loaded
}

/** Tells every problem, a line each, and what follows from them: `outcome` names the places to mend. */
export function tellProblems(
  { err, language, paths }: CliContext,
  problems: readonly SettingsProblem[],
  outcome: 'start.settingsInvalid' | 'restart.settingsInvalid',
): void {
  for (const problem of problems) err(formatProblem(problem, language))
  const files = {
    'ottugi.yaml': paths.settings,
    '.env': paths.env,
    environment: text(language, 'config.sourceEnvironment'),
  }
  const places = [...new Set(problems.map(({ where }) => files[where]))].join(', ')
  err(text(language, outcome, { places }))
}
