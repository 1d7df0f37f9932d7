/** Nobody gets anything but a word of ours into an action: not by shell syntax, paths, options, letters that look alike, size, or type. */
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { ACTIONS } from '../../src/repair/actions/table.ts'
import { execute } from '../../src/repair/execute.ts'
import { may } from '../../src/repair/policy.ts'
import type { HomePaths } from '../../src/shared/paths.ts'
import { temporaryHome } from '../repair/support.ts'
import { HOSTILE, SHAPES } from './hostile.ts'
import { fingerprint } from './outside.ts'

const context = { actions: ACTIONS, riskLimit: 3, isHealthy: false } as const

/** Every field of every action, with arguments that are right but for it. */
const FIELDS = [...ACTIONS.values()].flatMap((action) =>
  action.examples.allowed
    .slice(-1)
    .flatMap((args) => Object.keys(args as object).map((field) => ({ action, field, args: args as object }))),
)
/** What is a word of ours after all: an id may begin with a dash or be called like anything. */
const PLAIN_ID = /^[A-Za-z0-9_-]{1,64}$/
const OPTIONAL = new Set(['avoid', 'witnessSeq'])

function isOwnWord(field: string, value: unknown): boolean {
  if (field === 'run' || field === 'session') return typeof value === 'string' && PLAIN_ID.test(value)
  if (OPTIONAL.has(field) && (value === null || value === undefined)) return true
  const isNumber = ['port', 'avoid', 'witnessSeq', 'minutes', 'mb'].includes(field)
  if (isNumber) return typeof value === 'number' && Number.isInteger(value) && value >= 0
  return value === 'agent'
}

describe.each(['shell', 'path', 'option', 'unicode', 'size', 'type'])('%s', (kind) => {
  it.each(HOSTILE.filter((hostile) => hostile.kind === kind))('$name is no argument', ({ value }) => {
    for (const { action, field, args } of FIELDS) {
      const given = { ...args, [field]: value }
      const answer = may(action.id, given, context)
      if (isOwnWord(field, value)) continue
      expect(answer.allowed, `${action.id}.${field}`).toBe(false)
      expect(answer.reason, `${action.id}.${field}`).toMatch(/^[\x20-\x7e]{1,300}$/)
    }
    expect(may(value as string, {}, context)).toEqual({
      allowed: false,
      reason: expect.stringMatching(/^[\x20-\x7e]{1,80}$/),
    })
  })
})

describe('shapes', () => {
  it.each(SHAPES)('$name is no set of arguments', ({ value }) => {
    for (const action of ACTIONS.values()) {
      const answer = may(action.id, value, context)
      // Without fields, an object that has none is what is wanted.
      const isEmpty = action.parseArgs({}).ok && typeof value === 'object' && value !== null
      if (isEmpty && !Array.isArray(value) && Object.keys(value).length === 0) continue
      expect(answer, action.id).toEqual({ allowed: false, reason: expect.stringMatching(/^[\x20-\x7e]{1,300}$/) })
    }
  })

  it('cannot be smuggled in by a polluted prototype', () => {
    const polluted = Object.prototype as Record<string, unknown>
    polluted['lock'] = 'start'
    polluted['avoid'] = 80
    try {
      expect(may('remove_lock', {}, context).allowed).toBe(false)
      const answer = may('use_fallback_port', { app: 'agent', port: 7_710, host: 'loopback' }, context)
      expect(answer).toMatchObject({ allowed: true, args: { avoid: null } })
    } finally {
      delete polluted['lock']
      delete polluted['avoid']
    }
  })
})

describe('what is refused', () => {
  let paths: HomePaths
  beforeAll(() => {
    paths = temporaryHome()
  })

  it('leaves a home without a line, a folder or a lock', async () => {
    const before = fingerprint(paths.home)
    for (const { action, field, args } of FIELDS) {
      for (const { value } of HOSTILE.filter((_, index) => index % 5 === 0)) {
        if (isOwnWord(field, value)) continue
        const request = { action: action.id, args: { ...args, [field]: value }, by: 'test', fault: 'test' }
        expect(await execute({ paths, environment: {} }, request)).toMatchObject({ ok: false, kind: 'refused' })
      }
    }
    expect(fingerprint(paths.home)).toEqual(before)
  })

  it('is everything on a healthy service, whatever the action and its risk', async () => {
    const before = fingerprint(paths.home)
    for (const action of ACTIONS.values()) {
      for (const args of action.examples.allowed) {
        const request = { action: action.id, args, by: 'test', fault: 'test', isHealthy: true, riskLimit: 3 as const }
        expect(await execute({ paths, environment: {} }, request)).toMatchObject({ ok: false, kind: 'refused' })
      }
    }
    expect(fingerprint(paths.home)).toEqual(before)
  })
})

it('understands any words at all as its own, or refuses them in plain words', () => {
  const word = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('agent', 'start', 'logs', 'env', 'compress', 'loopback', 'any', 'crash-loop', 'watchdog'),
    fc.integer(),
    fc.double(),
    fc.jsonValue(),
  )
  const keys = fc.constantFrom(
    'file',
    'folder',
    'lock',
    'app',
    'port',
    'host',
    'avoid',
    'mode',
    'reason',
    'minutes',
    'run',
    'session',
    'mb',
    'database',
    '__proto__',
  )
  fc.assert(
    fc.property(fc.constantFrom(...ACTIONS.keys()), fc.dictionary(keys, word), (id, args) => {
      const answer = may(id, args, context)
      expect(answer.reason).toMatch(/^[\x20-\x7e]{1,300}$/)
      if (answer.allowed) expect(JSON.parse(JSON.stringify(answer.args))).toEqual(answer.args)
    }),
    { numRuns: 3_000 },
  )
})
