/** The gate: no call without a key, none that could break the budget, one line for each that was made. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createGate, type GateSettings, needsKey } from '../../src/model/gate.ts'
import type { ModelRequest, ProviderResult } from '../../src/model/modelCall.ts'
import { costUsd, worstCaseUsd } from '../../src/model/prices.ts'
import type { UsageLine } from '../../src/model/usageLog.ts'

const prices = { inputUsdPerMTok: 3, outputUsdPerMTok: 15 }
const request: ModelRequest = { model: 'm', system: '', turns: [{ role: 'user', text: 'hi' }], maxTokens: 1_000 }
const usage = { inputTokens: 100, outputTokens: 1_000, cacheReadTokens: 0, cacheWriteTokens: 0 }
const settings: GateSettings = {
  access: { baseUrl: 'https://api.example', timeoutMs: 1_000 },
  prices,
  keyVariable: 'SOME_KEY',
  dayUsd: 1,
}
const control = { run: 'r', signal: new AbortController().signal, onText: () => {} }

function setUp(options: { key?: string; spentUsd?: number; answer?: () => Promise<ProviderResult> } = {}) {
  const lines: UsageLine[] = []
  let calls = 0
  const gate = createGate({
    settings,
    readKey: () => ('key' in options ? options.key : 'k'),
    spentTodayUsd: () => options.spentUsd ?? 0,
    logUsage: (line) => void lines.push(line),
    provider: () => {
      calls++
      return options.answer?.() ?? Promise.resolve({ ok: true, text: 'x', usage, stopReason: 'end_turn' })
    },
  })
  return { gate, lines, calls: () => calls }
}

it('lets a call through and writes one line', async () => {
  const { gate, lines } = setUp()
  const result = await gate.ask(request, control)
  expect(result).toMatchObject({ ok: true, text: 'x', costUsd: 0.0153 })
  expect(lines).toMatchObject([{ run: 'r', model: 'm', ...usage, costUsd: 0.0153, result: 'ok' }])
})

it('asks nobody without a key', async () => {
  const { gate, lines, calls } = setUp({ key: '' })
  expect(await gate.ask(request, control)).toMatchObject({ ok: false, kind: 'no-key', reason: 'SOME_KEY is not set' })
  expect([calls(), lines]).toEqual([0, []])
})

it('counts calls that are still running', async () => {
  const { promise, resolve } = Promise.withResolvers<ProviderResult>()
  const { gate, calls } = setUp({ spentUsd: 1 - 1.5 * worstCaseUsd(request, prices), answer: () => promise })
  const first = gate.ask(request, control)
  expect(await gate.ask(request, control)).toMatchObject({ ok: false, kind: 'budget' })
  resolve({ ok: true, text: 'x', usage, stopReason: 'end_turn' })
  expect(await first).toMatchObject({ ok: true })
  expect(calls()).toBe(1)
})

it('pays for a failed call too', async () => {
  const failure: ProviderResult = { ok: false, kind: 'network', reason: 'gone', usage }
  const { gate, lines } = setUp({ answer: () => Promise.resolve(failure) })
  expect(await gate.ask(request, control)).toMatchObject({ ok: false, kind: 'network', costUsd: 0.0153 })
  expect(lines).toMatchObject([{ result: 'network', costUsd: 0.0153 }])
})

it('a forced tool is paid for before it is asked for, and its input comes through', async () => {
  const tool = {
    name: 't',
    description: 'd'.repeat(100),
    inputSchema: { type: 'object' as const },
    isValid: () => true,
  }
  expect(worstCaseUsd({ ...request, tool }, prices)).toBeGreaterThan(worstCaseUsd(request, prices) + 0.003)
  const answer: ProviderResult = { ok: true, text: '', toolInput: { choice: 'a' }, usage, stopReason: 'tool_use' }
  const { gate } = setUp({ answer: () => Promise.resolve(answer) })
  expect(await gate.ask({ ...request, tool }, control)).toMatchObject({ ok: true, toolInput: { choice: 'a' } })
})

describe('laws', () => {
  it('the worst case is never below the cost', () => {
    const text = fc.string({ maxLength: 500 })
    fc.assert(
      fc.property(
        text,
        text,
        fc.nat(5_000),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (system, asked, maxTokens, share) => {
          const one: ModelRequest = { model: 'm', system, turns: [{ role: 'user', text: asked }], maxTokens }
          const read = { inputTokens: system.length + asked.length, outputTokens: Math.floor(maxTokens * share) }
          const cost = costUsd({ ...read, cacheReadTokens: 0, cacheWriteTokens: 0 }, prices)
          expect(worstCaseUsd(one, prices)).toBeGreaterThanOrEqual(cost)
        },
      ),
    )
  })

  it('what was spent never passes the limit, in any order of calls', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 40_000 }), { maxLength: 20 }), async (sizes) => {
        let spentUsd = 0
        const gate = createGate({
          settings: { ...settings, dayUsd: 1 },
          readKey: () => 'k',
          spentTodayUsd: () => spentUsd,
          logUsage: (line) => {
            spentUsd += line.costUsd
          },
          provider: async (_access, { maxTokens }) => ({
            ok: true,
            text: 'x',
            usage: { ...usage, inputTokens: 0, outputTokens: maxTokens },
            stopReason: 'end_turn',
          }),
        })
        await Promise.all(sizes.map((maxTokens) => gate.ask({ ...request, maxTokens }, control)))
        expect(spentUsd).toBeLessThanOrEqual(1)
      }),
    )
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
})
