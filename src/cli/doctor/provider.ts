/** The doctor's one look outside, with `--online`: does anybody answer where the model is called? Nothing is sent but the question itself: no key, no text. */
import type { Check } from '../../guardian/check.ts'
import { readEnvFile } from '../../shared/config/envFile.ts'
import { isLoopbackHost } from '../../shared/config/loopback.ts'
import { text } from '../../shared/messages/text.ts'
import { commandAnywhere } from '../../shared/printedCommand.ts'

const LIMIT_MS = 8_000

/** Any answer will do, also a refusal: whoever refuses is there. */
export const provider: Check = {
  id: 'provider',
  title: 'the provider of the model',
  look: async ({ settings, paths, language }) => {
    if (!settings) return []
    const { baseUrl, keyVariable } = settings.model
    const file = readEnvFile(paths.env)
    const needsKey = keyVariable !== '' && !isLoopbackHost(new URL(baseUrl).hostname.replace(/^\[|\]$/g, ''))
    const noKey = needsKey && file.ok && !file.variables.get(keyVariable)
    const reason = await silence(baseUrl)
    const base = { check: 'provider', severity: 'warn' } as const
    const command = commandAnywhere(`config secret set ${keyVariable}`, paths.home)
    return [
      ...(noKey
        ? [
            {
              ...base,
              what: text(language, 'doctor.noKey', { name: keyVariable }),
              fault: 'model-no-key',
              human: text(language, 'doctor.noKey.human', { command }),
            },
          ]
        : []),
      reason === undefined
        ? {
            ...base,
            severity: 'ok',
            what: text(language, 'doctor.providerThere', { baseUrl }),
            fault: 'provider-answers',
          }
        : {
            ...base,
            what: text(language, 'doctor.providerSilent', { baseUrl, reason }),
            fault: 'provider-unreachable',
            human: text(language, 'doctor.providerSilent.human'),
          },
    ]
  },
}

/** Why nobody answered; undefined where somebody did. */
async function silence(baseUrl: string): Promise<string | undefined> {
  try {
    const answer = await fetch(baseUrl, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(LIMIT_MS) })
    await answer.body?.cancel()
    return undefined
  } catch (error) {
    const { code, message } = ((error as Error).cause ?? error) as NodeJS.ErrnoException
    return code ?? message
  }
}
