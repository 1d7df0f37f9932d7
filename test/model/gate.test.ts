/** The gate: no call without a key, none that could break a limit, one line for each that was made. */
import { describe, expect, it } from 'vitest'
import { needsKey } from '../../src/model/gate.ts'
import type { ProviderResult } from '../../src/model/modelCall.ts'
import { worstCase } from '../../src/model/prices.ts'
import { failed, PRICES, REQUEST, rig, said, target, USAGE } from './gateRig.ts'

const WORST_USD = worstCase({ ...REQUEST, model: 'm', maxTokens: 1_000 }, PRICES, 'anthropic').usd

it('lets a call through, says what it was, and writes one line', async () => {
  const { ask, lines } = rig()
  expect(await ask({ task: 'deep' }, { job: 'morning' })).toEqual({
    ...said(),
    ...{ model: 'm', provider: 'one', why: 'task deep → the model of the settings' },
    ...{ costUsd: 0.0153, isPriced: true, latencyMs: 0, waitedMs: 0, attempts: 1 },
  })
  expect(lines).toEqual([
    {
      ...{ run: 'r', session: 's', job: 'morning', task: 'deep', provider: 'one', model: 'm' },
      ...{ ...USAGE, costUsd: 0.0153, isPriced: true, latencyMs: 0, result: 'ok' },
    },
  ])
})

it('asks nobody without a key, and nobody by a name that is not known', async () => {
  const keyless = target('one/m', {
    access: { baseUrl: 'https://a.example', key: '', timeoutMs: 1 },
    keyVariable: 'A_KEY',
  })
  const { ask, gate, lines } = rig({ targets: [keyless] })
  expect(await ask()).toMatchObject({ ok: false, kind: 'no-key', reason: 'A_KEY is not set', attempts: 0 })
  expect(gate.check(REQUEST, { run: 'r', session: 's' })).toEqual({ kind: 'no-key', reason: 'A_KEY is not set' })
  const unknown = { kind: 'bad-answer', reason: 'there is no model x/y' }
  expect(await ask({ model: 'x/y' })).toMatchObject({ ok: false, ...unknown, model: '', attempts: 0 })
  expect(gate.check({ ...REQUEST, model: 'x/y' }, { run: 'r', session: 's' })).toEqual(unknown)
  expect(lines).toEqual([])
})

it('asks where no key is needed: on this machine, and where the provider has no variable for one', async () => {
  const at = (baseUrl: string) => ({ baseUrl, key: undefined, timeoutMs: 1 })
  const local = target('one/m', { access: at('http://127.0.0.1:1'), keyVariable: 'A_KEY' })
  const open = target('two/n', { access: at('http://192.168.0.2:1'), keyVariable: '' })
  const { ask } = rig({ targets: [local, open] })
  expect([(await ask()).ok, (await ask({ model: 'two/n' })).ok]).toEqual([true, true])
})

it('counts calls that are still running, and lets the next one in when they are done', async () => {
  const { promise, resolve } = Promise.withResolvers<ProviderResult>()
  const { ask, gate } = rig({ budget: { dayUsd: 1.5 * WORST_USD }, provider: () => promise })
  const first = ask()
  await new Promise(setImmediate)
  expect(gate.check(REQUEST, { run: 'other', session: 'other' })).toMatchObject({ kind: 'budget' })
  expect(await ask({}, { run: 'other', session: 'other' })).toMatchObject({ ok: false, kind: 'budget', attempts: 0 })
  resolve(said('x', { ...USAGE, outputTokens: 10 }))
  expect(await first).toMatchObject({ ok: true })
  await new Promise(setImmediate)
  expect(gate.check(REQUEST, { run: 'other', session: 'other' })).toBeUndefined()
})

it('counts a call at every moment between its end and its line in the journal', async () => {
  const { ask, gate } = rig({ budget: { dayUsd: 1.5 * WORST_USD }, provider: async () => said() })
  let isDone = false
  const done = ask().then(() => {
    isDone = true
  })
  const seen: (string | undefined)[] = []
  while (!isDone) {
    await null
    seen.push(gate.check(REQUEST, { run: 'other', session: 'other' })?.kind)
  }
  await done
  expect(seen.slice(seen.indexOf('budget')).filter((kind) => kind !== 'budget')).toEqual([])
  expect(seen).toContain('budget')
})

it('counts a call until the journal has it, however long that takes, but not for ever', async () => {
  const { gate, paid, clock } = rig({ budget: { dayUsd: 1.5 * WORST_USD }, provider: async () => said() })
  const isRefused = () => gate.check(REQUEST, { run: 'other', session: 'other' })?.kind === 'budget'
  const who = { run: 'r', session: 's', signal: new AbortController().signal, onText: () => {} }
  await gate.ask(REQUEST, who)
  for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate)
  expect(isRefused()).toBe(true)
  paid.push({ ...who, usd: 0, tokens: 1_100, at: new Date(clock.wallMs()).toISOString() })
  expect(isRefused()).toBe(false)
  await gate.ask(REQUEST, who)
  expect(isRefused()).toBe(true)
  await clock.sleep(10_000, who.signal)
  expect(isRefused()).toBe(false)
})

it('does not count a call twice once it is written down', async () => {
  const { ask } = rig({ budget: { dayUsd: 2.05 * WORST_USD }, provider: async () => said() })
  // Right after each other, within one turn of the event loop.
  expect([(await ask()).ok, (await ask()).ok]).toEqual([true, true])
})

it('pays for a failed call too', async () => {
  const { ask, lines } = rig({ provider: async () => failed('bad-answer', { usage: USAGE }) })
  expect(await ask()).toMatchObject({ ok: false, kind: 'bad-answer', costUsd: 0.0153, usage: USAGE })
  expect(lines).toMatchObject([{ result: 'bad-answer', costUsd: 0.0153 }])
})

it('lets go of everything when the adapter has a bug', async () => {
  let calls = 0
  const { ask, gate } = rig({
    budget: { dayUsd: 1.5 * WORST_USD },
    model: { callsAtOnce: 1 },
    provider: async () => {
      if (calls++ === 0) throw new Error('a bug')
      return said('x', { ...USAGE, outputTokens: 10 })
    },
  })
  await expect(ask()).rejects.toThrow('a bug')
  expect(gate.check(REQUEST, { run: 'r', session: 's' })).toBeUndefined()
  expect(await ask()).toMatchObject({ ok: true })
})

it('a forced tool comes through', async () => {
  const tool = { name: 't', description: 'd', inputSchema: { type: 'object' as const }, isValid: () => true }
  const { ask } = rig({
    provider: async () => ({
      ...said(''),
      ok: true,
      text: '',
      calls: [],
      toolInput: { a: 1 },
      usage: USAGE,
      stop: 'tools',
      stopReason: 'tool_use',
    }),
  })
  expect(await ask({ tool })).toMatchObject({ ok: true, toolInput: { a: 1 } })
})

describe('limits', () => {
  it.each([
    ['run', { runUsd: 0.001 }, /^this run: \$0\.0000 of \$0\.0010 are used, .* \(budget\.runUsd\)$/],
    ['session', { sessionUsd: 0.001 }, /^this session: .*budget\.sessionUsd/],
    ['job', { jobUsd: 0.001 }, /^this job, today: .*budget\.jobUsd/],
    ['day', { dayUsd: 0.001 }, /^today: .*budget\.dayUsd/],
    ['month', { monthUsd: 0.001 }, /^this month: .*budget\.monthUsd/],
    ['tokens of a run', { runTokens: 900 }, /^this run: 0 of 900 tokens .*budget\.runTokens/],
    ['tokens of a day', { dayTokens: 900 }, /^today: .*budget\.dayTokens/],
  ] as const)('of a %s stops a call before it is made', async (_, budget, reason) => {
    const { ask, lines } = rig({ budget })
    expect(await ask({}, { job: 'j' })).toMatchObject({
      ok: false,
      kind: 'budget',
      reason: expect.stringMatching(reason),
    })
    expect(lines).toEqual([])
  })

  it('of one run go below those of the settings', async () => {
    const { ask } = rig({ budget: { runUsd: 1 } })
    expect(await ask({}, { limits: { usd: 0.01 } })).toMatchObject({ kind: 'budget' })
    expect(await ask({}, { limits: { tokens: 10 } })).toMatchObject({ kind: 'budget' })
    expect(await ask({}, { limits: { usd: 5 } })).toMatchObject({ ok: true })
  })

  it('of a session count all sessions that grew out of it', async () => {
    const { ask } = rig({ budget: { sessionUsd: 2.2 * WORST_USD } })
    for (const session of ['a', 'b']) {
      expect(await ask({}, { session, tree: 'root' })).toMatchObject({ ok: true })
      await new Promise(setImmediate)
    }
    expect(await ask({}, { session: 'c', tree: 'root' })).toMatchObject({ ok: false, kind: 'budget' })
    expect(await ask({}, { session: 'd' })).toMatchObject({ ok: true })
  })

  it('of tokens hold a model without a price, and those of money do not', async () => {
    const { ask, lines } = rig({
      targets: [target('one/m', { prices: undefined })],
      budget: { dayUsd: 0, dayTokens: 2_500 },
    })
    expect(await ask()).toMatchObject({ ok: true, costUsd: 0, isPriced: false })
    expect(lines).toMatchObject([{ costUsd: 0, isPriced: false }])
    await ask()
    expect(await ask()).toMatchObject({
      ok: false,
      kind: 'budget',
      reason: expect.stringContaining('budget.dayTokens'),
    })
  })

  it('warn once each, at their share', async () => {
    const { ask } = rig({
      budget: { dayUsd: 0.02, runUsd: 0.005 },
      provider: async () => said('x', { ...USAGE, inputTokens: 10, outputTokens: 100 }),
    })
    const told: (string | undefined)[] = []
    for (const run of ['a', 'a', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j']) {
      const { ok, warning } = await ask({ maxTokens: 100 }, { run })
      told.push(ok ? warning : 'refused')
      await new Promise(setImmediate)
    }
    const nothing = (count: number) => Array.from({ length: count }, () => undefined)
    expect(told).toEqual([
      ...nothing(2),
      'Budget (budget.runUsd): 91 % of $0.0050 for this run are used.',
      ...nothing(7),
      'Budget (budget.dayUsd): 84 % of $0.0200 for today are used.',
      undefined,
    ])
  })

  it('do not warn of what is only held', async () => {
    const { ask } = rig({
      budget: { dayUsd: 5.5 * WORST_USD },
      provider: async () => {
        await new Promise(setImmediate)
        return said('x', { ...USAGE, outputTokens: 10 })
      },
    })
    const results = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((run) => ask({}, { run })))
    expect(results.map(({ ok, warning }) => [ok, warning])).toEqual(results.map(() => [true, undefined]))
  })

  it('make scheduled jobs wait when the day is nearly used up, and nobody else', async () => {
    const { ask, clock, waits } = rig({
      budget: { dayUsd: 0.1 },
      provider: async () => said('x', { ...USAGE, outputTokens: 6_000 }),
    })
    await ask({ maxTokens: 6_000 })
    await new Promise(setImmediate)
    await ask({ maxTokens: 10 }, { priority: 'program' })
    expect(clock.slept).toEqual([])
    expect(await ask({ maxTokens: 10 }, { priority: 'job' })).toMatchObject({ waitedMs: 30_000 })
    expect([clock.slept, waits]).toEqual([
      [30_000],
      [['the budget is nearly used up, so scheduled jobs go slowly', 30_000]],
    ])
  })
})

it('plans without asking', () => {
  const { gate } = rig({ targets: [target('one/m'), target('two/n')], model: { quick: 'two/n' } })
  expect([
    gate.plan({ ...REQUEST }),
    gate.plan({ ...REQUEST, task: 'quick' }),
    gate.plan({ ...REQUEST, task: 'quick', model: 'one/m' }),
    gate.plan({ ...REQUEST, model: 'x/y' }),
  ]).toEqual([
    { provider: 'one', model: 'm', why: 'task default → the model of the settings' },
    { provider: 'two', model: 'n', why: 'task quick → two/n' },
    { provider: 'one', model: 'm', why: 'asked for by name' },
    { provider: '', model: 'x/y', why: 'there is no model x/y' },
  ])
})

it.each([
  ['https://api.anthropic.com', true],
  ['http://192.168.0.2:8080', true],
  ['http://127.0.0.1:8080/v1', false],
  ['http://localhost:1', false],
  ['http://[::1]:1', false],
  ['http://localhost.evil.example', true],
])('%s needs a key: %s', (url, expected) => {
  expect(needsKey(url)).toBe(expected)
})
