/** Which models a question may be put to. */
import type { RequestHandler } from 'express'
import { isLoopbackHost } from '../../src/shared/config/loopback.ts'
import { findModel, listModels, type ModelFacts } from '../../src/shared/config/models.ts'
import { formatProblem } from '../../src/shared/config/problem.ts'
import { sendProblem } from '../../src/shared/http/problem.ts'
import { languageOf } from '../language.ts'
import type { ActionContext } from './actionContext.ts'
import { load } from './settingsView.ts'

/** `GET /api/models`: every known model, the one of the settings marked; prices in US dollars a million tokens, null where nobody knows. */
export function modelsRoute(context: ActionContext): RequestHandler {
  return (request, response) => {
    const loaded = load(context)
    if (!loaded.ok) {
      const detail = loaded.problems.map((one) => formatProblem(one, languageOf(request, context))).join(' ')
      return sendProblem(response, { status: 503, name: 'settings-invalid', title: 'Settings invalid', detail })
    }
    const { settings, secrets } = loaded
    const chosen = findModel(settings)
    const isChosen = ({ provider, model }: ModelFacts) =>
      chosen.ok && chosen.facts.provider === provider && chosen.facts.model === model
    const models = listModels(settings).map((facts) => ({
      name: `${facts.provider}/${facts.model}`,
      isChosen: isChosen(facts),
      hasKey: isReady(facts, secrets),
      contextTokens: facts.contextTokens ?? null,
      inputUsdPerMTok: facts.prices?.inputUsdPerMTok ?? null,
      outputUsdPerMTok: facts.prices?.outputUsdPerMTok ?? null,
    }))
    response.json({ asOf: new Date().toISOString(), models })
  }
}

/** True where it has its key, or lies on this machine and asks for none. */
function isReady({ keyVariable, baseUrl }: ModelFacts, secrets: ReadonlyMap<string, string>): boolean {
  if (keyVariable && secrets.get(keyVariable)) return true
  const host = URL.parse(baseUrl)?.hostname.replace(/^\[|\]$/g, '') ?? ''
  return isLoopbackHost(host)
}
