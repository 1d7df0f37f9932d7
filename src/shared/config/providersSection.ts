/** The settings of providers beside the one of `model`: what is known of each can be set otherwise, and others can be added. */
import * as z from 'zod'
import { phrase } from '../messages/phrase.ts'
import { amount, type RuleBroken, secretVariable, setting, webAddress, whole } from './fields.ts'
import { knownProvider } from './providerTable.ts'

const price = amount(0, 100_000).optional()

const modelFacts = z
  .strictObject({
    contextTokens: whole(1_000, 100_000_000).optional(),
    inputUsdPerMTok: price,
    outputUsdPerMTok: price,
    cacheReadUsdPerMTok: price,
    cacheWriteUsdPerMTok: price,
  })
  .refine((model) => (model.inputUsdPerMTok === undefined) === (model.outputUsdPerMTok === undefined), {
    params: { expected: phrase('expected.bothPrices') } satisfies RuleBroken,
  })

const providerFacts = z.strictObject({
  wire: z.enum(['anthropic', 'openai']).optional(),
  baseUrl: webAddress.optional(),
  /** Empty for a server that asks for no key. */
  keyVariable: z.union([z.literal(''), secretVariable]).optional(),
  models: z.record(z.string().min(1).max(200), modelFacts).optional(),
})

const providerName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/)

const providerList = z
  .record(providerName, providerFacts)
  .refine((listed) => Object.entries(listed).every(([name, facts]) => knownProvider(name) || facts.baseUrl), {
    params: { expected: phrase('expected.providerAddress') } satisfies RuleBroken,
  })

/** The providers by name. */
export const providersSetting = setting(
  providerList,
  {},
  {
    description:
      'Providers of models by name: for each a baseUrl, a keyVariable, and under models the contextTokens and prices of a model, wherever the built-in table says otherwise or nothing. A name that is not in the table needs a baseUrl; its wire is openai unless it says anthropic.',
    ownerOnly: true,
    form: 'providers',
  },
)
