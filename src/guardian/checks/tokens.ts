import { readEnvFile } from '../../shared/config/envFile.ts'
import { isLoopbackHost } from '../../shared/config/loopback.ts'
import { text } from '../../shared/messages/text.ts'
import { commandAnywhere } from '../../shared/printedCommand.ts'
import { TOKEN_VARIABLES } from '../../shared/tokens.ts'
import type { Check, Finding, GuardianContext } from '../check.ts'

/** A token of ours has 43 letters after its name; one that a person wrote needs this much to be beyond guessing. */
const SHORTEST = 32
/** Fewer different letters than this are a pattern. */
const LEAST_LETTERS = 12

/** PURE. Could somebody guess it? */
export function isWeak(token: string): boolean {
  return token.length < SHORTEST || new Set(token).size < LEAST_LETTERS
}

/** Are the tokens in `.env` beyond guessing, and each for itself? A weak one is only bearable where nobody else reaches the ports. */
export const tokens: Check = {
  id: 'tokens',
  title: 'strength of the tokens',
  look: (ctx) => {
    const file = readEnvFile(ctx.paths.env)
    if (!file.ok) return []
    const set = TOKEN_VARIABLES.flatMap((name) => {
      const value = file.variables.get(name)
      return value ? [{ name, value }] : []
    })
    const weak = set.filter(({ value }) => isWeak(value)).map(({ name }) => finding(ctx, 'token-weak', { names: name }))
    const twins = set.filter(({ value }, at) => set.some((other, index) => index !== at && other.value === value))
    const names = twins.map(({ name }) => name).join(', ')
    return [...weak, ...(names === '' ? [] : [finding(ctx, 'token-shared', { names })])]
  },
}

function finding(
  { language, paths, settings }: GuardianContext,
  fault: 'token-weak' | 'token-shared',
  params: { readonly names: string },
): Finding {
  const hosts = settings ? [settings.agent.host, settings.dashboard.host] : []
  const isReachable = hosts.some((host) => !isLoopbackHost(host)) || Boolean(settings?.dashboard.publicUrl)
  const key = fault === 'token-weak' ? 'doctor.tokenWeak' : 'doctor.tokenShared'
  const command = commandAnywhere('security rotate-tokens', paths.home)
  return {
    check: 'tokens',
    severity: isReachable ? 'fail' : 'warn',
    what: text(language, key, params),
    fault,
    human: text(language, 'doctor.token.human', { command }),
  }
}
