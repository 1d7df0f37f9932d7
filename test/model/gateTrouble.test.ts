/** A provider in trouble, over the real wire: who waits, how long, who is asked instead, and what is never asked twice. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { askAnthropic } from '../../src/model/anthropic.ts'
import type { GateSettings } from '../../src/model/gateParts.ts'
import type { Provider, ProviderResult } from '../../src/model/modelCall.ts'
import { type FakeAnthropic, type Script, startFakeAnthropic } from '../fakes/anthropic.ts'
import { failed, REQUEST, type Rig, rig, said, target, USAGE } from './gateRig.ts'

let one: FakeAnthropic
let two: FakeAnthropic

beforeEach(async () => {
  one = await startFakeAnthropic()
  two = await startFakeAnthropic({ do: 'say', text: 'from two' })
})

afterEach(async () => {
  await one.close()
  await two.close()
})

function overHttp(model: Partial<GateSettings['model']> = {}, timeoutMs = 20_000): Rig {
  const at = (fake: FakeAnthropic) => ({ access: { baseUrl: fake.url, key: 'k', timeoutMs } })
  const targets = [target('one/m', at(one)), target('two/n', at(two)), target('one/other', at(one))]
  return rig({ provider: askAnthropic, model, targets })
}

/** Asks; the provider gets well (or does something else) as soon as the call waits for it. */
function askUntil({ ask, waits }: Rig, next: Script) {
  return ask(
    {},
    {
      onWait: (why, ms) => {
        waits.push([why, ms])
        one.setScript(next)
      },
    },
  )
}

describe('a provider that limits its calls', () => {
  it('is waited for as long as it wished, and the whole lane waits with the call', async () => {
    one.setScript({ do: 'rateLimit', retryAfterSec: 7 })
    const played = overHttp()
    const first = askUntil(played, { do: 'echo' })
    await one.seen(1)
    expect(await first).toMatchObject({ ok: true, text: 'echo: hi', attempts: 2, waitedMs: 7_000 })
    expect(played.waits).toEqual([['one limits its calls and asked for a pause', 7_000]])
    expect(played.lines.map(({ result }) => result)).toEqual(['rate-limited', 'ok'])
  })

  it('holds a call of somebody else too, and not that of another provider', async () => {
    one.setScript({ do: 'rateLimit', retryAfterSec: 30 })
    const { ask, clock, gate } = overHttp({ tries: 1 })
    expect(await ask()).toMatchObject({ ok: false, kind: 'rate-limited', retryAfterMs: 30_000, attempts: 1 })
    one.setScript({ do: 'echo' })
    expect(gate.check(REQUEST, { run: 'x', session: 'x' })).toBeUndefined()
    const fromMs = clock.monoMs()
    const [held, free] = await Promise.all([ask({}, { session: 'other' }), ask({ model: 'two/n' })])
    expect([held.ok, held.waitedMs, free.ok, free.waitedMs]).toEqual([true, 30_000, true, 0])
    expect(clock.monoMs() - fromMs).toBe(30_000)
  })

  it('is not waited for longer than the patience, by nobody', async () => {
    one.setScript({ do: 'rateLimit', retryAfterSec: 3_000 })
    const { ask, clock } = overHttp()
    expect(await ask()).toMatchObject({ ok: false, kind: 'rate-limited', retryAfterMs: 3_000_000, attempts: 1 })
    const second = await ask({}, { session: 'other' })
    expect(second).toMatchObject({
      ok: false,
      kind: 'rate-limited',
      reason: 'one asked for a pause of 3000 s',
      attempts: 0,
    })
    expect([one.requests.length, clock.slept.filter((ms) => ms < 3_000_000)]).toEqual([1, []])
  })

  it('is not waited for again and again either', async () => {
    one.setScript({ do: 'rateLimit', retryAfterSec: 30 })
    const { ask } = overHttp({ tries: 20 })
    expect(await ask()).toMatchObject({ ok: false, kind: 'rate-limited', attempts: 3, waitedMs: 60_000 })
  })

  it('is stood in for by the next model when it wants more than the patience', async () => {
    one.setScript({ do: 'rateLimit', retryAfterSec: 3_000 })
    const { ask } = overHttp({ fallbacks: ['two/n'] })
    expect(await ask()).toMatchObject({
      ...{ ok: true, text: 'from two', provider: 'two', model: 'n', attempts: 2 },
      why: 'task default → the model of the settings; one/m failed (rate-limited), so two/n',
    })
  })
})

describe('a provider that is overloaded or cannot be reached', () => {
  it('is tried again after doubling waits, so often and no more', async () => {
    one.setScript({ do: 'overloaded' })
    const { ask, clock, lines } = overHttp()
    expect(await ask()).toMatchObject({ ok: false, kind: 'overloaded', attempts: 4, waitedMs: 250 + 500 + 1_000 })
    expect([clock.slept, one.requests.length, lines.length]).toEqual([[250, 500, 1_000], 4, 4])
  })

  it('is tried again until it answers', async () => {
    one.setScript({ do: 'overloaded' })
    const played = overHttp()
    expect(await askUntil(played, { do: 'echo' })).toMatchObject({ ok: true, attempts: 2 })
    expect(played.waits).toEqual([['one could not answer (overloaded); it is asked again', 250]])
  })

  it('is not waited for longer than the patience altogether', async () => {
    one.setScript({ do: 'overloaded' })
    const { ask, clock } = overHttp({ patienceMs: 1_000, tries: 20 })
    expect(await ask()).toMatchObject({ ok: false, kind: 'overloaded', attempts: 3 })
    expect(clock.slept).toEqual([250, 500])
  })

  it('waits are spread by chance, up to the double', async () => {
    one.setScript({ do: 'overloaded' })
    const { ask, clock } = rig({
      provider: askAnthropic,
      random: () => 0.999,
      targets: [target('one/m', { access: { baseUrl: one.url, key: 'k', timeoutMs: 20_000 } })],
    })
    await ask()
    expect(clock.slept).toEqual([500, 1_000, 1_999])
  })

  it('a lost connection is tried again too', async () => {
    const gone = await startFakeAnthropic()
    const { url } = gone
    await gone.close()
    const { ask } = rig({
      provider: askAnthropic,
      targets: [target('one/m', { access: { baseUrl: url, key: 'k', timeoutMs: 20_000 } })],
    })
    expect(await ask()).toMatchObject({ ok: false, kind: 'network', attempts: 4 })
  })

  it('is never asked again once a word was handed over, nor is another one', async () => {
    one.setScript({ do: 'truncate' })
    const { ask } = overHttp({ fallbacks: ['two/n'] })
    const heard: string[] = []
    const result = await ask({}, { onText: (delta) => void heard.push(delta) })
    expect(result).toMatchObject({ ok: false, kind: 'network', provider: 'one', attempts: 1 })
    expect([heard.join(''), one.requests.length, two.requests.length]).toEqual(['half an', 1, 0])
  })

  it('a wait ends when the call is cancelled', async () => {
    one.setScript({ do: 'overloaded' })
    const { ask } = overHttp()
    const cancel = new AbortController()
    const result = await ask({}, { signal: cancel.signal, onWait: () => cancel.abort() })
    expect(result).toMatchObject({ ok: false, kind: 'cancelled', attempts: 1 })
    expect(one.requests.length).toBe(1)
  })
})

describe('after failures in a row', () => {
  it('the next model is asked at once, and after the pause one call tries the first again', async () => {
    one.setScript({ do: 'overloaded' })
    const { ask, clock } = overHttp({ fallbacks: ['two/n'], tries: 2, breakAfter: 2 })
    expect(await ask()).toMatchObject({ ok: true, provider: 'two', attempts: 3 })
    expect(one.requests.length).toBe(2)
    expect(await ask()).toMatchObject({ ok: true, provider: 'two', attempts: 1, waitedMs: 0 })
    expect(one.requests.length).toBe(2)
    await clock.sleep(30_000, new AbortController().signal)
    one.setScript({ do: 'echo' })
    expect(await ask()).toMatchObject({ ok: true, provider: 'one', attempts: 1 })
  })

  it('where no other model is, a call waits for the end of the pause, and goes on', async () => {
    one.setScript({ do: 'overloaded' })
    const { ask, waits } = overHttp({ tries: 1, breakAfter: 1 })
    expect(await ask()).toMatchObject({ ok: false, kind: 'overloaded' })
    one.setScript({ do: 'echo' })
    expect(await ask()).toMatchObject({ ok: true, attempts: 1, waitedMs: 30_000 })
    expect(waits).toEqual([['one failed again and again and is left alone for a while', 30_000]])
  })

  it('one call tries for all: the others wait for what becomes of it', async () => {
    let calls = 0
    const { promise, resolve } = Promise.withResolvers<ProviderResult>()
    const { ask, clock } = rig({
      model: { tries: 1, breakAfter: 1 },
      provider: async () => {
        calls++
        return calls === 1 ? failed('overloaded') : calls === 2 ? promise : said()
      },
    })
    await ask()
    await clock.sleep(30_000, new AbortController().signal)
    const both = Promise.all([ask({}, { session: 'a' }), ask({}, { session: 'b' })])
    await clock.sleep(2_000, new AbortController().signal)
    expect(calls).toBe(2)
    resolve(said())
    expect((await both).map(({ ok }) => ok)).toEqual([true, true])
    expect(calls).toBe(3)
  })

  it('a call that had its place and its money when the provider was left alone gives both back, and comes again', async () => {
    let calls = 0
    const { ask } = rig({
      model: { tries: 1, breakAfter: 1, callsAtOnce: 1 },
      budget: { runTokens: 1_500 },
      provider: async () => {
        await new Promise(setImmediate)
        return calls++ === 0 ? failed('overloaded') : said('x', { ...USAGE, outputTokens: 1 })
      },
    })
    const [first, second] = await Promise.all([ask({}, { run: 'a' }), ask({}, { run: 'b', session: 'b' })])
    expect([first, second]).toMatchObject([
      { ok: false, kind: 'overloaded' },
      { ok: true, attempts: 1, waitedMs: 30_000 },
    ])
  })

  it('and without the patience for it, it is told so at once', async () => {
    one.setScript({ do: 'overloaded' })
    const { ask } = overHttp({ tries: 1, breakAfter: 1, patienceMs: 1_000 })
    await ask()
    expect(await ask()).toMatchObject({ ok: false, kind: 'overloaded', retryAfterMs: 30_000, attempts: 0 })
    expect(one.requests.length).toBe(1)
  })
})

describe('a refusal', () => {
  it.each([
    [{ do: 'unauthorized' }, 'unauthorized'],
    [{ do: 'refuse' }, 'refused'],
    [{ do: 'truncate', clean: true }, 'bad-answer'],
  ] as const)('%j is not asked again, nor put to another one', async (script, kind) => {
    one.setScript(script)
    const { ask } = overHttp({ fallbacks: ['two/n'] })
    expect(await ask()).toMatchObject({ ok: false, kind, attempts: 1, provider: 'one' })
    expect(two.requests.length).toBe(0)
  })

  it('is put to another provider where the owner wants that, and never to the same one', async () => {
    one.setScript({ do: 'unauthorized' })
    const { ask } = overHttp({ fallbacks: ['one/other', 'two/n'], fallbackWhenRefused: true })
    expect(await ask()).toMatchObject({ ok: true, provider: 'two', attempts: 2 })
    expect(one.requests.length).toBe(1)
  })

  it('a fallback that nobody knows is passed over', async () => {
    one.setScript({ do: 'overloaded' })
    const { ask } = overHttp({ fallbacks: ['nobody/x', 'one/m', 'two/n'], tries: 1 })
    expect(await ask()).toMatchObject({ ok: true, provider: 'two', why: expect.not.stringContaining('nobody') })
    expect(one.requests.length).toBe(1)
  })
})

it('every attempt is held against the limits, with what the attempts before it have cost', async () => {
  const usage = { inputTokens: 1_000, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 }
  const { ask } = rig({ budget: { runTokens: 2_500 }, provider: async () => failed('overloaded', { usage }) })
  expect(await ask()).toMatchObject({ ok: false, kind: 'budget', attempts: 2, usage: { inputTokens: 2_000 } })
})

it('a provider that becomes limited while calls wait for a place lets none of them through before its time', async () => {
  const limitedOnce = (): Provider => {
    let calls = 0
    return async () => {
      await new Promise(setImmediate)
      return calls++ === 0 ? failed('rate-limited', { retryAfterMs: 9_000 }) : said()
    }
  }
  const { ask, clock } = rig({ model: { callsAtOnce: 1 }, provider: limitedOnce() })
  const startedMs = clock.monoMs()
  const results = await Promise.all(['a', 'b', 'c'].map((session) => ask({}, { session })))
  expect(results.map(({ ok }) => ok)).toEqual([true, true, true])
  expect(clock.monoMs() - startedMs).toBe(9_000)
})
