/** The runbook: its proofs, and laws over any facts. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { corroborates } from '../../src/recovery/corroborate.ts'
import { FAULT_CLASSES } from '../../src/recovery/evidence/faultClass.ts'
import type { Facts } from '../../src/recovery/facts.ts'
import { loopOf, WELL } from '../../src/recovery/runbook/exampleFacts.ts'
import { brokenRules, consultRunbook, RULES } from '../../src/recovery/runbook.ts'
import { ACTIONS } from '../../src/repair/actions/table.ts'
import { anyFacts } from './randomFacts.ts'

const RUNS = { numRuns: 500 }
const stepsOf = (facts: Facts) => consultRunbook({ facts }).map(({ action, args }) => ({ action, args }))

describe('the rules', () => {
  it('prove themselves by their own examples', () => {
    expect(brokenRules()).toEqual([])
  })

  it('have names of their own, and an example each that must match and one that must not', () => {
    expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length)
    const oneSided = RULES.filter(
      ({ examples }) =>
        !(examples.some(({ steps }) => steps.length > 0) && examples.some(({ steps }) => steps.length === 0)),
    )
    expect(oneSided.map(({ id }) => id)).toEqual([])
  })

  it('know every kind of fault but the unknown', () => {
    const treated = new Set(RULES.flatMap(({ treats }) => [...treats]))
    expect(FAULT_CLASSES.filter((one) => !treated.has(one))).toEqual(['unknown'])
  })

  it('say nothing of a home where all is well', () => {
    expect(consultRunbook({ facts: WELL })).toEqual([])
  })
})

describe('laws over any facts', () => {
  it('every plan is an action of the table with arguments that it takes', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        for (const { action, args } of consultRunbook({ facts })) {
          expect(ACTIONS.get(action)?.parseArgs(args)).toMatchObject({ ok: true })
        }
      }),
      RUNS,
    )
  })

  it('the facts agree with every plan', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        for (const { action, args } of consultRunbook({ facts })) {
          expect({ action, ...corroborates(action, args, facts) }).toEqual({ action, ok: true })
        }
      }),
      RUNS,
    )
  })

  it('a person is called once at most, and last', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const alerts = stepsOf(facts)
          .map(({ action }) => action)
          .lastIndexOf('raise_alert')
        expect(stepsOf(facts).filter(({ action }) => action === 'raise_alert').length).toBeLessThanOrEqual(1)
        if (alerts !== -1) expect(alerts).toBe(stepsOf(facts).length - 1)
      }),
      RUNS,
    )
  })

  it('an agent that answers is never restarted', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const well = { ...facts, answers: { ...facts.answers, agent: true } }
        expect(stepsOf(well).filter(({ action }) => action === 'restart')).toEqual([])
      }),
      RUNS,
    )
  })

  it('the names of strangers and the words of the ledger move no argument', () => {
    fc.assert(
      fc.property(anyFacts, fc.string(), (facts, name) => {
        const renamed = { ...facts, ports: facts.ports.map((port) => ({ ...port, owner: name })) }
        expect(stepsOf(renamed)).toEqual(stepsOf(facts))
      }),
      RUNS,
    )
  })
})

describe('faults from outside', () => {
  it.each(['unauthorized', 'no-key', 'rate-limited', 'overloaded', 'network', 'timeout'] as const)(
    'a provider that is %s never touches a healthy agent',
    (failure) => {
      expect(stepsOf({ ...WELL, provider: { failure, inARow: 50 } })).toEqual([{ action: 'raise_alert', args: {} }])
    },
  )

  it.each([
    'Error ENOTFOUND',
    'Error EAI_AGAIN',
    'Error CERT_HAS_EXPIRED',
    'Error CERT_NOT_YET_VALID',
    'Error 401',
    'Error 429',
    'Error 529',
    'Error ECONNREFUSED',
  ])('a crash loop of %s is held, not restarted', (reason) => {
    expect(stepsOf({ ...WELL, ...loopOf(3, reason) })).toEqual([
      { action: 'hold_restart', args: { minutes: 5 } },
      { action: 'raise_alert', args: {} },
    ])
  })

  it('one end of another kind among them is no such loop', () => {
    const facts = { ...WELL, ...loopOf(3, 'Error ENOTFOUND') }
    const [first, ...others] = facts.lifeEnds
    expect(stepsOf({ ...facts, lifeEnds: [{ ...first, reason: 'TypeError' } as never, ...others] })).toEqual([])
  })

  it('an agent that has lived for a minute by now is in no crash loop', () => {
    expect(stepsOf({ ...WELL, ...loopOf(9, 'Error ENOTFOUND'), isAgentAlive: true, symptom: null })).toEqual([])
  })
})

it('a cause comes before what it causes', () => {
  const facts: Facts = {
    ...WELL,
    ...loopOf(6, 'SqliteError sqlite-full'),
    disk: { freeMb: 0, freeInodes: 9_000, isLow: true, isFull: true, inodesLow: false },
    databases: { agent: 'damaged', watchdog: 'ok' },
    changed: { settingsMs: 1_000, secretsMs: null, dependenciesMs: null },
    knownGoodDiffers: true,
  }
  expect(stepsOf(facts).map(({ action }) => action)).toEqual([
    ...['free_reserve', 'restore_database', 'restore_config', 'hold_restart', 'raise_alert'],
  ])
})
