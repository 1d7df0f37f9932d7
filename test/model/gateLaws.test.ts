/** Laws of money: whatever the calls do, and in whatever order they end, no limit is ever passed and nothing stays held. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { BudgetLimits } from '../../src/model/budget.ts'
import type { Image, ModelRequest, ProviderResult, Turn, Wire } from '../../src/model/modelCall.ts'
import { costUsd, tokensOf, worstCase } from '../../src/model/prices.ts'
import { failed, PRICES, REQUEST, rig, said, target } from './gateRig.ts'

type Call = {
  readonly run: number
  readonly session: number
  readonly job: boolean
  readonly priced: boolean
  readonly maxTokens: number
  readonly share: number
  readonly end: 'ok' | 'bad-answer' | 'cancel' | 'trouble'
}

const share = fc.double({ min: 0, max: 1, noNaN: true })
const calls = fc.array(
  fc.record<Call>({
    run: fc.nat(3),
    session: fc.nat(2),
    job: fc.boolean(),
    priced: fc.boolean(),
    maxTokens: fc.integer({ min: 1, max: 20_000 }),
    share,
    end: fc.constantFrom('ok', 'bad-answer', 'cancel', 'trouble'),
  }),
  { maxLength: 25 },
)
const usd = fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 2, noNaN: true }))
const tokens = fc.oneof(fc.constant(0), fc.integer({ min: 1_000, max: 100_000 }))
const limits = fc.record({
  ...{ dayUsd: fc.double({ min: 0, max: 2, noNaN: true }), monthUsd: usd, runUsd: usd, sessionUsd: usd, jobUsd: usd },
  ...{ dayTokens: tokens, monthTokens: tokens, runTokens: tokens, sessionTokens: tokens, jobTokens: tokens },
})

/** Usage of any kind within what the request can come to: that much is read, in some mixture of ways. */
function usageOf(read: number, { maxTokens, share: part }: Pick<Call, 'maxTokens' | 'share'>) {
  const cacheWriteTokens = Math.floor(read * part)
  return {
    inputTokens: read - cacheWriteTokens,
    cacheWriteTokens,
    cacheReadTokens: 0,
    outputTokens: Math.floor(maxTokens * part),
  }
}

async function play(history: readonly Call[], budget: Partial<BudgetLimits>) {
  const targets = [target('one/m'), target('two/free', { prices: undefined })]
  const played = rig({
    targets,
    budget,
    model: { callsAtOnce: 3, tries: 3, breakAfter: 1_000 },
    provider: async (_access, { maxTokens, turns }, { signal }): Promise<ProviderResult> => {
      const { end, ...call } = JSON.parse(turns[0]?.text ?? '') as Call
      const usage = usageOf(20, { ...call, maxTokens })
      // Some are over at once, some later: the order in which calls end is another one than that in which they begin.
      for (let turn = 0; turn < Math.floor(call.share * 4); turn++) await new Promise(setImmediate)
      if (signal.aborted) return failed('cancelled', { usage })
      if (end === 'trouble') return failed('overloaded', { usage })
      return end === 'bad-answer' ? failed('bad-answer', { usage }) : said('x', usage)
    },
  })
  await Promise.all(
    history.map(({ maxTokens, ...call }) => {
      const cancel = new AbortController()
      if (call.end === 'cancel') setImmediate(() => cancel.abort())
      return played.ask(
        {
          turns: [{ role: 'user', text: JSON.stringify(call) }],
          maxTokens,
          ...(call.priced ? {} : { model: 'two/free' }),
        },
        {
          ...{ run: `r${call.run}`, session: `s${call.session}`, signal: cancel.signal },
          ...(call.job ? { job: 'j', priority: 'job' } : {}),
        },
      )
    }),
  )
  return played
}

it('what was spent never passes a limit, in any order of calls, failures, tries and cancellations', async () => {
  await fc.assert(
    fc.asyncProperty(calls, limits, async (history, budget) => {
      const { spent } = await play(history, budget)
      const within = (scope: Parameters<typeof spent>[0], most: { readonly usd: number; readonly tokens: number }) => {
        const is = spent(scope)
        if (most.usd > 0) expect(is.usd).toBeLessThanOrEqual(most.usd + 1e-9)
        if (most.tokens > 0) expect(is.tokens).toBeLessThanOrEqual(most.tokens)
      }
      expect(spent({}).usd).toBeLessThanOrEqual(budget.dayUsd + 1e-9)
      within({}, { usd: budget.monthUsd, tokens: Math.min(budget.dayTokens || 1e12, budget.monthTokens || 1e12) })
      for (const { run, session } of history) {
        within({ run: `r${run}` }, { usd: budget.runUsd, tokens: budget.runTokens })
        within({ session: `s${session}` }, { usd: budget.sessionUsd, tokens: budget.sessionTokens })
      }
      within({ job: 'j' }, { usd: budget.jobUsd, tokens: budget.jobTokens })
    }),
    { numRuns: 60 },
  )
})

it('when all calls have ended, whatever they came to, nothing is held any more', async () => {
  await fc.assert(
    fc.asyncProperty(calls, limits, async (history, budget) => {
      const { gate, spent } = await play(history, budget)
      await new Promise(setImmediate)
      const who = { run: 'new', session: 'new' }
      const request: ModelRequest = { ...REQUEST, model: 'm', maxTokens: 1_000 }
      const worst = worstCase(request, PRICES, 'anthropic')
      const { usd: used, tokens: usedTokens } = spent({})
      const fits = (most: number, of: number, more: number) => most === 0 || of + more <= most
      const mayPass =
        used + worst.usd <= budget.dayUsd &&
        fits(budget.monthUsd, used, worst.usd) &&
        fits(budget.runUsd, 0, worst.usd) &&
        fits(budget.sessionUsd, 0, worst.usd) &&
        [budget.dayTokens, budget.monthTokens].every((most) => fits(most, usedTokens, worst.tokens)) &&
        [budget.runTokens, budget.sessionTokens].every((most) => fits(most, 0, worst.tokens))
      expect(gate.check(REQUEST, who) === undefined).toBe(mayPass)
    }),
    { numRuns: 60 },
  )
})

it('one line is written for each attempt, and the lines cost what the calls cost', async () => {
  await fc.assert(
    fc.asyncProperty(calls, async (history) => {
      const { lines, paid } = await play(history, {})
      const sumOf = (all: readonly number[]) => all.reduce((sum, one) => sum + one, 0)
      expect(sumOf(lines.map((line) => line.costUsd))).toBeCloseTo(sumOf(paid.map((one) => one.usd)), 9)
      expect(sumOf(lines.map(tokensOf))).toBe(sumOf(paid.map((one) => one.tokens)))
    }),
    { numRuns: 30 },
  )
})

const word = fc.oneof(fc.string({ maxLength: 200 }), fc.string({ unit: 'grapheme', maxLength: 100 }))
const image: Image = { mediaType: 'image/png', base64: 'AAAA' }
const turn: fc.Arbitrary<Turn> = fc.oneof(
  fc.record({
    role: fc.constant('user' as const),
    text: word,
    images: fc.array(fc.constant(image), { maxLength: 2 }),
    answers: fc.array(fc.record({ id: word, text: word, isError: fc.boolean() }), { maxLength: 3 }),
  }),
  fc.record({
    role: fc.constant('assistant' as const),
    text: word,
    calls: fc.array(fc.record({ id: word, name: word, input: fc.dictionary(word, word, { maxKeys: 3 }) }), {
      maxLength: 3,
    }),
  }),
)
const price = fc.double({ min: 0, max: 100, noNaN: true })
const prices = fc.record(
  { inputUsdPerMTok: price, outputUsdPerMTok: price, cacheReadUsdPerMTok: price, cacheWriteUsdPerMTok: price },
  { requiredKeys: ['inputUsdPerMTok', 'outputUsdPerMTok'] },
)

it('the worst case is never below the cost, on both wires, however the cache was read and written', () => {
  const wires: fc.Arbitrary<Wire> = fc.constantFrom('anthropic', 'openai')
  const sent = fc.record({ turns: fc.array(turn, { maxLength: 5 }), system: word })
  fc.assert(
    fc.property(wires, sent, prices, fc.tuple(share, share, share), (wire, { turns, system }, of, [a, b, c]) => {
      const request: ModelRequest = { model: 'm', system, turns, maxTokens: 2_000 }
      // All that is sent, a token for each byte of it, and what each picture counts.
      const texts = turns.flatMap((one) =>
        one.role === 'user'
          ? [one.text, ...(one.answers ?? []).map((answer) => answer.text)]
          : [one.text, ...(one.calls ?? []).map((call) => call.name + JSON.stringify(call.input))],
      )
      const pictures = turns.reduce((sum, one) => sum + (one.role === 'user' ? (one.images?.length ?? 0) : 0), 0)
      const read = Buffer.byteLength(system + texts.join('')) + pictures * (wire === 'openai' ? 36_835 : 4_784)
      const cacheReadTokens = Math.floor(read * a)
      const cacheWriteTokens = Math.floor((read - cacheReadTokens) * b)
      const inputTokens = read - cacheReadTokens - cacheWriteTokens
      const usage = { inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens: Math.floor(2_000 * c) }
      const worst = worstCase(request, of, wire)
      expect(worst.usd).toBeGreaterThanOrEqual(costUsd(usage, of) - 1e-12)
      expect(worst.tokens).toBeGreaterThanOrEqual(tokensOf(usage))
      expect(worstCase(request, undefined, wire)).toEqual({ usd: 0, tokens: worst.tokens })
    }),
  )
})

it('what is offered and what a provider wrote itself is counted', () => {
  const request: ModelRequest = { model: 'm', system: '', turns: [], maxTokens: 1 }
  const offer = { name: 'n', description: 'd'.repeat(500), inputSchema: { type: 'object' as const } }
  const more = (changed: Partial<ModelRequest>) =>
    worstCase({ ...request, ...changed }, PRICES, 'anthropic').tokens - worstCase(request, PRICES, 'anthropic').tokens
  expect(more({ system: '가'.repeat(1_000) })).toBe(3_000)
  expect(more({ tools: [offer] })).toBeGreaterThan(1_500)
  expect(more({ tool: { ...offer, isValid: () => true } })).toBe(more({ tools: [offer] }))
  const native = { wire: 'anthropic' as const, model: 'm', content: ['t'.repeat(3_000)] }
  expect(more({ turns: [{ role: 'assistant', text: 'short', native }] })).toBeGreaterThan(3_000)
})
