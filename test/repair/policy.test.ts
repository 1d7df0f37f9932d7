import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ACTIONS } from '../../src/repair/actions/table.ts'
import { brokenExamples, effectiveRisk, may } from '../../src/repair/policy.ts'

const context = { actions: ACTIONS, riskLimit: 1, isHealthy: false } as const

describe('the table', () => {
  it.each([...ACTIONS.values()])('$id keeps its examples, says why, and can be done without a person', (action) => {
    expect(brokenExamples(action)).toEqual([])
    expect(action.examples.allowed.length).toBeGreaterThan(0)
    expect(action.examples.refused.length).toBeGreaterThan(0)
    expect(action.why).toMatch(/\.$/)
    expect(effectiveRisk(action)).toBeLessThanOrEqual(1)
    for (const args of action.examples.allowed) {
      const parsed = action.parseArgs(args)
      expect(parsed.ok && action.plan(parsed.args)).toBeTruthy()
    }
  })

  it('refuses arbitrary arguments or understands them as its own words', () => {
    const anything = fc.oneof(
      fc.anything(),
      fc.dictionary(fc.constantFrom('file', 'lock', 'app', 'port', 'mode', 'path'), fc.anything()),
    )
    const property = fc.property(fc.constantFrom(...ACTIONS.values()), anything, (action, value) => {
      const parsed = action.parseArgs(value)
      // What was understood is understood again as the same, and holds nothing else.
      if (parsed.ok) expect(action.parseArgs(JSON.parse(JSON.stringify(parsed.args)))).toEqual(parsed)
    })
    fc.assert(property, { numRuns: 2_000 })
  })
})

describe('may', () => {
  it('allows a known action with understood arguments', () => {
    expect(may('make_dir', { folder: 'logs' }, context)).toMatchObject({ allowed: true, args: { folder: 'logs' } })
  })

  it.each([
    { name: 'an unknown action', action: 'rm', args: {}, when: context, reason: /no action/ },
    { name: 'no words of ours', action: 'make_dir', args: { folder: '/etc' }, when: context, reason: /must be one of/ },
    {
      name: 'anything on a healthy service',
      action: 'make_dir',
      args: { folder: 'logs' },
      when: { ...context, isHealthy: true },
      reason: /healthy/,
    },
    {
      name: 'more risk than the limit',
      action: 'restore_config',
      args: {},
      when: { ...context, riskLimit: 0 as const },
      reason: /risk 1/,
    },
    {
      name: 'what cannot be undone, one risk higher',
      action: 'stop_own_orphan',
      args: { app: 'agent' },
      when: { ...context, riskLimit: 0 as const },
      reason: /risk 1/,
    },
  ])('refuses $name', ({ action, args, when, reason }) => {
    const answer = may(action, args, when)
    expect(answer.allowed).toBe(false)
    expect(answer.reason).toMatch(reason)
  })
})
