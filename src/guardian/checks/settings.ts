import { readKnownGood } from '../../repair/knownGoodFile.ts'
import { settingsTextOf } from '../../repair/settingsText.ts'
import { commandAnywhere } from '../../shared/printedCommand.ts'
import { tokensFrom } from '../../shared/tokens.ts'
import type { Check, Finding, GuardianContext } from '../check.ts'
import { say } from '../say.ts'

/**
 * Are the settings valid, and is nothing open beyond this machine without a token? The settings code is loaded here and not before,
 * because it needs packages.
 */
export const settings: Check = {
  id: 'settings',
  title: 'settings',
  look: async (ctx) => {
    const { loadSettings, checkBind } = await import('../../shared/config/load.ts')
    const { formatProblem } = await import('../../shared/config/problem.ts')
    const { paths, environment, language } = ctx
    const loaded = loadSettings({ settingsFile: paths.settings, envFile: paths.env, environment })
    if (loaded.ok) {
      const problems = checkBind(loaded.settings, tokensFrom(loaded.secrets).length > 0, loaded.sources)
      return problems.map((problem) => {
        const what = say(language, 'guardian.bindWithoutToken', { problem: formatProblem(problem, language) })
        return finding(ctx, 'warn', 'bind-without-token', what)
      })
    }
    const good = readKnownGood(paths)
    const isMendable = good !== undefined && good.settingsText !== settingsTextOf(paths)
    return loaded.problems.map((problem, index) => ({
      ...finding(ctx, 'fail', 'settings-invalid', formatProblem(problem, language)),
      ...(isMendable && index === 0 && problem.where === 'ottugi.yaml'
        ? { repair: { action: 'restore_config', args: {} } }
        : {}),
    }))
  },
}

function finding(
  { language, paths }: GuardianContext,
  severity: Finding['severity'],
  fault: string,
  what: string,
): Finding {
  const command = commandAnywhere('config validate', paths.home)
  return { check: 'settings', severity, what, fault, human: say(language, 'guardian.settings.human', { command }) }
}
