import * as z from 'zod'
import { amount, duration, section, setting, whole } from './fields.ts'

/** The settings of TIER 4: what runbook and model may do by themselves, and what that may cost. Apart from the agent's own budget. */
export const recoverySection = section('Recovery: what is tried when restarts and the guardian did not help.', {
  autonomy: setting(z.enum(['none', 'safe', 'full']), 'safe', {
    description:
      'What is done without asking: nothing; what is small and can be undone (risk 0 and 1); or also what a person should know first (risk 2).',
    ownerOnly: true,
  }),
  model: setting(z.boolean(), true, {
    description:
      'Whether a model may be asked to choose an action when no rule knows the fault. It sees masked facts only.',
    ownerOnly: true,
  }),
  modelName: setting(z.string(), '', { description: 'The model that is asked; empty takes model.name.' }),
  timeoutMs: setting(duration(1_000), 30_000, { description: 'How long one recovery may take.', unit: 'ms' }),
  callsPerHour: setting(whole(0, 1_000), 6, {
    description: 'Most model calls of recovery in one hour.',
    unit: 'calls',
    ownerOnly: true,
  }),
  maxTokens: setting(whole(64, 16_384), 4_096, {
    description: 'Longest answer of one call of recovery, the thinking of the model included.',
    unit: 'tokens',
  }),
  dayUsd: setting(amount(0, 1_000), 0.5, {
    description: 'Most that model calls of recovery may cost in one day, apart from budget.dayUsd.',
    unit: 'USD',
    ownerOnly: true,
  }),
  approvalMs: setting(duration(60_000), 86_400_000, {
    description: 'How long a question to a person stays open.',
    unit: 'ms',
  }),
})
