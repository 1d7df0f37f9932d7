/** The settings that decide which model is asked, and how patiently. They stand in the section `model`. */
import * as z from 'zod'
import { duration, setting, whole } from './fields.ts'

const modelName = z.string().regex(/^\S+$/)
const optionalModel = z.string().regex(/^\S*$/)

/** Spread into the section `model`. */
export const routingSettings = {
  quick: setting(optionalModel, '', {
    description: 'The model for small work (titles, summaries), as provider/model; empty takes model.name.',
    form: 'optionalModel',
  }),
  deep: setting(optionalModel, '', {
    description: 'The model for hard work, as provider/model; empty takes model.name.',
    form: 'optionalModel',
  }),
  fallbacks: setting(z.array(modelName), [], {
    description:
      'Models that are asked, in this order, when the one that was chosen is overloaded, silent or not reachable.',
    ownerOnly: true,
    form: 'models',
  }),
  fallbackWhenRefused: setting(z.boolean(), false, {
    description:
      'Whether the fallbacks of another provider are also asked when a key is missing or refused, when a model declines to answer, and when its answer cannot be used.',
    ownerOnly: true,
  }),
  callsAtOnce: setting(whole(1, 10_000), 16, {
    description:
      'Calls to one provider at the same time; more wait: persons first, then programs, then scheduled jobs.',
    unit: 'calls',
  }),
  tries: setting(whole(1, 20), 4, {
    description: 'How often one call is tried at one model while the provider is overloaded or not reachable.',
    unit: 'tries',
  }),
  patienceMs: setting(duration(0), 60_000, {
    description: 'How long one call waits altogether for a provider that is limited, overloaded or not reachable.',
    unit: 'ms',
  }),
  breakAfter: setting(whole(1, 1_000), 5, {
    description: 'Failures of a provider in a row after which it is left alone for a while.',
    unit: 'failures',
  }),
  breakMs: setting(duration(100), 30_000, {
    description: 'How long it is left alone before one call tries it again.',
    unit: 'ms',
  }),
}
