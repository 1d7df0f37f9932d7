/** The loop over a real journal and a real provider: how runs go on, and how they end. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { RunEvent } from '../../../src/agent/journal/event.ts'
import type { Journal } from '../../../src/agent/journal/journal.ts'
import { openSqliteJournal } from '../../../src/agent/journal/sqliteJournal.ts'
import { createApprovals } from '../../../src/agent/runs/approvals.ts'
import { divergence } from '../../../src/agent/runs/divergence.ts'
import type { Run } from '../../../src/agent/runs/fold.ts'
import type { Question } from '../../../src/agent/runs/ports.ts'
import { createRuns, type Runs } from '../../../src/agent/runs/runs.ts'
import { rulesOf } from '../../../src/agent/runs/work.ts'
import { answer, list } from '../../../src/shared/approvals/approvals.ts'
import { now } from '../../../src/shared/clock.ts'
import { type FakeAnthropic, startFakeAnthropic } from '../../fakes/anthropic.ts'
import { eventually } from '../agentProcess.ts'
import { type PlannedCall, playPlan, questionOf } from './brain.ts'
import { type Effect, type PartsWish, partsOf } from './parts.ts'

let provider: FakeAnthropic
let folder: string
let journal: Journal
let effects: Effect[]

beforeAll(async () => {
  provider = await startFakeAnthropic()
})
afterAll(() => provider.close())
beforeEach(() => {
  provider.setScript(playPlan)
  folder = mkdtempSync(join(tmpdir(), 'ottugi-loop-'))
  journal = openSqliteJournal(join(folder, 'agent.db'))
  effects = []
})
afterEach(() => {
  journal.close()
  rmSync(folder, { recursive: true, force: true })
})

function wishOf(wish: Partial<PartsWish> = {}): PartsWish {
  const act = (effect: Effect) => {
    effects.push(effect)
    return `${effect.tool} done`
  }
  return { journal, url: provider.url, act, ...wish }
}

const open = (wish: Partial<PartsWish> = {}): Runs => createRuns(partsOf(wishOf(wish)))

async function settle(runs: Runs, question: Question): Promise<Run> {
  const accepted = await runs.accept(question)
  if (!accepted.ok || !('live' in accepted)) throw new Error(`not accepted: ${JSON.stringify(accepted)}`)
  const settled = await accepted.live.settled
  if (!settled.ok) throw new Error(settled.reason)
  return settled.run
}

const ask = (rounds: readonly (readonly PlannedCall[])[], more: Partial<Question> = {}): Question => ({
  run: 'r',
  session: 's',
  text: questionOf({ rounds, final: 'all done' }),
  ...more,
})
const call = (name: string, n = 0): PlannedCall => ({ name, input: { n } })
const typesOf = (run = 'r') => journal.eventsOfRun(run).map(({ type }) => type)
const endsOf = (run = 'r') =>
  journal.eventsOfRun(run).flatMap((event) => (event.type === 'tool_ended' ? [event.data] : []))
const divergences = (events: readonly RunEvent[]) => divergence(events, rulesOf(partsOf(wishOf())))

it('asks, judges, runs and answers, until the model is done; nothing diverges in a replay', async () => {
  const run = await settle(open(), ask([[call('look', 1)], [call('put', 2), call('send', 3)]]))
  expect([run.end, run.text, run.rounds]).toEqual([{ finish: 'answered' }, 'all done', 3])
  expect(effects.map(({ tool, input }) => [tool, input])).toEqual([
    ['look', { n: 1 }],
    ['put', { n: 2 }],
    ['send', { n: 3 }],
  ])
  const step = ['model_asked', 'model_answered']
  const one = ['gate_decided', 'tool_started', 'tool_ended']
  const [decided, ...rest] = one
  expect(typesOf()).toEqual([
    'message_in',
    ...step,
    ...one,
    ...step,
    decided,
    decided,
    ...rest,
    ...rest,
    ...step,
    'run_ended',
  ])
  expect(divergences(journal.eventsOfRun('r'))).toEqual([])
})

it('tells the model the answers of parallel calls in the order in which it made them', async () => {
  const isSecondWritten = Promise.withResolvers<void>()
  journal.onAppend(({ type }) => type === 'tool_ended' && isSecondWritten.resolve())
  const runs = open({
    act: async ({ input }) => {
      const { n } = input as { n: number }
      if (n === 1) await isSecondWritten.promise
      return `looked at ${n}`
    },
  })
  await settle(runs, ask([[call('look', 1), call('look', 2)]]))
  expect(endsOf().map(({ text }) => text)).toEqual(['looked at 2', 'looked at 1'])
  const told = provider.requests.at(-1)?.body.messages.at(-1)?.content
  expect(told).toMatchObject([
    { type: 'tool_result', tool_use_id: 'toolu_0_0', content: 'looked at 1' },
    { type: 'tool_result', tool_use_id: 'toolu_0_1', content: 'looked at 2' },
  ])
})

it('answers calls that cannot be run with an error, and runs none of them', async () => {
  const rounds = [
    [{ name: 'nothing', input: {} }],
    [{ name: 'look', json: '{"n": ' }],
    [{ name: 'look', input: { n: 'one' } }],
  ]
  const run = await settle(open(), ask(rounds))
  expect(run.end).toEqual({ finish: 'answered' })
  expect(endsOf().map(({ how, ok }) => [how, ok])).toEqual(Array(3).fill(['invalid', false]))
  expect(endsOf().map(({ text }) => text)).toEqual([
    expect.stringContaining('There is no tool nothing. There are: look, put'),
    expect.stringContaining('no JSON object'),
    expect.stringContaining('n: '),
  ])
  expect(effects).toEqual([])
  expect(typesOf()).not.toContain('tool_started')
})

describe('ends', () => {
  it('by the limit of rounds, its own or that of the settings', async () => {
    const rounds = [1, 2, 3, 4].map((n) => [call('look', n)])
    const run = await settle(open({ limits: { rounds: 3 } }), ask(rounds))
    expect(run.end).toEqual({ finish: 'rounds', reason: 'the limit is 3 answers of the model' })
    const own = await settle(open(), ask(rounds, { run: 'own', limits: { rounds: 2 } }))
    expect([own.end?.finish, own.rounds]).toEqual(['rounds', 2])
  })

  it('at the fourth of the same calls, before it is run', async () => {
    const run = await settle(open(), ask(Array(6).fill([call('look', 7)])))
    expect(run.end).toEqual({
      finish: 'repeated-call',
      reason: 'the model called look with the same arguments 4 times',
    })
    expect(effects.length).toBe(3)
  })

  it('not for looking again after something was changed', async () => {
    const rounds = [1, 2, 3, 4, 5].flatMap((n) => [[call('put', n)], [call('look', 7)]])
    expect((await settle(open(), ask(rounds))).end).toEqual({ finish: 'answered' })
    expect(effects.length).toBe(10)
  })

  it('by the longest length only after the model was told once to go on', async () => {
    provider.setScript({ do: 'say', text: 'half', stopReason: 'max_tokens' })
    const cut = await settle(open(), ask([]))
    expect([cut.end, cut.text]).toEqual([{ finish: 'max-tokens' }, 'halfhalf'])
    provider.setScript((_seen, index) =>
      index === 0 ? { do: 'say', text: 'half', stopReason: 'max_tokens' } : { do: 'say', text: ' whole' },
    )
    const whole = await settle(open(), ask([], { run: 'whole' }))
    expect([whole.end, whole.text]).toEqual([{ finish: 'answered' }, 'half whole'])
    expect(typesOf('whole').filter((type) => type === 'hinted').length).toBe(1)
    expect(divergences(journal.eventsOfRun('whole'))).toEqual([])
  })

  it('as failed, with the kind, when the provider does', async () => {
    provider.setScript({ do: 'refuse' })
    expect((await settle(open(), ask([]))).end).toMatchObject({ finish: 'failed', kind: 'refused' })
  })

  it('as cancelled in the middle of a model call and in the middle of a tool, and after it nothing is done', async () => {
    const runs = open()
    provider.setScript({ do: 'stall' })
    const before = provider.requests.length
    const inModel = settle(runs, ask([]))
    await provider.seen(before + 1)
    expect(await runs.cancel('r')).toBe(true)
    expect((await inModel).end).toEqual({ finish: 'cancelled' })
    expect(await runs.cancel('r')).toBe(false)

    provider.setScript(playPlan)
    const inTool = settle(runs, ask([[call('hang')], [call('send', 1)]], { run: 'tool' }))
    await eventually(() => typesOf('tool').includes('tool_started'))
    expect(await runs.cancel('tool')).toBe(true)
    expect((await inTool).end).toEqual({ finish: 'cancelled' })
    expect([endsOf('tool').map(({ how }) => how), effects]).toEqual([['cancelled'], []])
  })

  it('as budget when the gate says so in the middle of a run', async () => {
    const parts = partsOf(wishOf())
    let asked = 0
    const gate: typeof parts.gate = {
      ...parts.gate,
      ask: async (request, control) => {
        asked++
        const result = await parts.gate.ask(request, control)
        return asked < 2 ? result : { ...result, ok: false, kind: 'budget', reason: 'nothing is left' }
      },
    }
    const run = await settle(createRuns({ ...parts, gate }), ask([[call('look', 1)]]))
    expect(run.end).toEqual({ finish: 'budget', reason: 'nothing is left' })
  })
})

it('tells the model to think after two failures in a row, once for each two', async () => {
  const rounds = [[call('fail', 1)], [call('fail', 2)], [call('look', 1)], [call('fail', 3), call('fail', 4)]]
  await settle(open(), ask(rounds))
  const hints = journal.eventsOfRun('r').flatMap((event) => (event.type === 'hinted' ? [event.data.kind] : []))
  expect(hints).toEqual(['reflection', 'reflection'])
  expect(divergences(journal.eventsOfRun('r'))).toEqual([])
})

it('gives calls ids of its own where a provider counts from zero in every answer', async () => {
  const same = { name: 'look', id: 'call_0' }
  await settle(open(), ask([[{ ...same, input: { n: 1 } }], [{ ...same, input: { n: 2 } }]]))
  const ids = endsOf().map(({ call: id }) => id)
  expect([new Set(ids).size, effects.map(({ input }) => input)]).toEqual([2, [{ n: 1 }, { n: 2 }]])
  expect(new Set(effects.map(({ key }) => key)).size).toBe(2)
})

it('does nothing in a dry run but look', async () => {
  await settle(open(), ask([[call('look', 1)], [call('put', 2)], [call('send', 3)]], { dryRun: true }))
  expect(effects.map(({ tool }) => tool)).toEqual(['look'])
  expect(endsOf().map(({ how, text }) => [how, text])).toEqual([
    ['done', 'look done'],
    ['dry', 'Dry run: this was not done. It would have been: put {"n":2}'],
    ['dry', 'Dry run: this was not done. It would have been: send {"n":3}'],
  ])
})

describe('a person', () => {
  const approvals = () => createApprovals({ folder: join(folder, 'approvals'), now, lastsMs: 60_000, lookEveryMs: 5 })
  const waiting = () =>
    eventually(() => list(join(folder, 'approvals'), now()).find(({ state }) => state === 'waiting'))
  const say = (id: string, verdict: 'approved' | 'denied') =>
    answer(join(folder, 'approvals'), { id, verdict, by: { channel: 'terminal', who: 'test' } }, now())

  it('is asked once for exactly one call, and a yes is used up by it', async () => {
    const done = settle(open({ verdicts: { send: 'ask' }, approvals: approvals() }), ask([[call('send', 5)]]))
    const { question } = await waiting()
    expect(question).toMatchObject({
      kind: 'agent',
      action: 'send',
      args: { n: 5 },
      binding: 'r:toolu_0_0',
      plan: 'send {"n":5}',
    })
    expect(effects).toEqual([])
    say(question.id, 'approved')
    expect((await done).end).toEqual({ finish: 'answered' })
    expect(effects.length).toBe(1)
    expect(list(join(folder, 'approvals'), now()).map(({ state }) => state)).toEqual(['used'])
    expect(divergences(journal.eventsOfRun('r'))).toEqual([])
  })

  it('is heard when it says no: nothing is done, and the model is told', async () => {
    const done = settle(open({ verdicts: { send: 'ask' }, approvals: approvals() }), ask([[call('send', 5)]]))
    say((await waiting()).question.id, 'denied')
    await done
    expect([effects, endsOf().map(({ how, text }) => [how, text])]).toEqual([
      [],
      [['refused', expect.stringContaining('a person said no')]],
    ])
  })

  it('is not asked where nobody is there: denied, and the run is told why', async () => {
    const wish = { verdicts: { send: 'ask', put: 'deny' } as const, approvals: approvals() }
    await settle(open(wish), ask([[call('send', 5)], [call('put', 1)]], { attended: false }))
    expect([effects, list(join(folder, 'approvals'), now())]).toEqual([[], []])
    expect(endsOf().map(({ text }) => text)).toEqual([
      expect.stringContaining('nobody is there who could be asked'),
      expect.stringContaining('put is to be deny'),
    ])
  })

  it('may answer while the agent is down: the next one finds the answer and does it once', async () => {
    const wish = { verdicts: { send: 'ask' } as const, approvals: approvals() }
    const first = open({ ...wish, owner: 'first' })
    const accepted = await first.accept(ask([[call('send', 5)]]))
    const { question } = await waiting()
    first.letGo()
    if (accepted.ok && 'live' in accepted)
      expect(await accepted.live.settled).toMatchObject({ ok: false, why: 'leaving' })
    say(question.id, 'approved')
    const second = open({ ...wish, owner: 'second' })
    await second.resumeUnfinished()
    await eventually(() => second.find('r')?.end)
    expect([second.find('r')?.end, effects.length]).toEqual([{ finish: 'answered' }, 1])
  })
})

describe('a session', () => {
  it('works on its messages one after another, whoever sends them', async () => {
    const runs = open()
    const gate = Promise.withResolvers<void>()
    const order: string[] = []
    const slow = open({
      act: async ({ run }) => {
        order.push(run)
        await gate.promise
        return 'done'
      },
    })
    const both = ['a', 'b'].map((run) => settle(slow, ask([[call('look')]], { run })))
    await eventually(() => order.length > 0 && slow.find('b'))
    expect(order).toEqual(['a'])
    gate.resolve()
    await Promise.all(both)
    expect(order).toEqual(['a', 'b'])
    const seqOf = (run: string, type: string) => journal.eventsOfRun(run).find((event) => event.type === type)?.seq ?? 0
    expect(seqOf('b', 'model_asked')).toBeGreaterThan(seqOf('a', 'run_ended'))
    expect(runs.liveCount()).toBe(0)
  })

  it('lets a message become a word to the run that goes on, by setting; the model hears it before the run ends', async () => {
    const gate = Promise.withResolvers<void>()
    const runs = open({ limits: { whileBusy: 'steer' }, act: () => gate.promise.then(() => 'done') })
    const first = settle(runs, ask([[call('look')]]))
    await eventually(() => typesOf().includes('tool_started'))
    const second = await runs.accept({ run: 'more', session: 's', text: 'and be quick' })
    const again = await runs.accept({ run: 'more', session: 's', text: 'and be quick' })
    expect([second, again]).toMatchObject([{ steered: true }, { steered: true }])
    gate.resolve()
    await first
    expect(typesOf().filter((type) => type === 'steered').length).toBe(1)
    expect(JSON.stringify(provider.requests.at(-1)?.body.messages.at(-1))).toContain('and be quick')
    expect(runs.find('more')).toBeUndefined()
    expect(divergences(journal.eventsOfRun('r'))).toEqual([])
  })

  it('hears what was said while the model gave its last answer', async () => {
    provider.setScript((_seen, index) => ({ do: 'say', text: index === 0 ? 'first answer' : 'second answer' }))
    const parts = partsOf(wishOf())
    const gate: typeof parts.gate = {
      ...parts.gate,
      ask: async (request, control) => {
        const result = await parts.gate.ask(request, control)
        if (result.ok && result.text === 'first answer') await runs.steer('r', 'wait, one more thing')
        return result
      },
    }
    const runs = createRuns({ ...parts, gate })
    expect(await settle(runs, { run: 'r', session: 's', text: 'hello' })).toMatchObject({
      text: 'second answer',
      end: { finish: 'answered' },
    })
    expect(provider.requests.at(-1)?.body.messages).toMatchObject([
      { role: 'user' },
      { role: 'assistant' },
      { role: 'user', content: expect.anything() },
    ])
    expect(await runs.steer('r', 'too late')).toBe(false)
  })
})

it('repeats a run from the middle on, in a branch of its session: calls before it are not made again', async () => {
  const runs = open()
  await settle(runs, ask([[call('put', 1)], [call('send', 2)]]))
  const started = journal.eventsOfRun('r').filter(({ type }) => type === 'tool_started')
  effects.length = 0
  const accepted = await runs.rerun('r', { run: 'again', fromSeq: started[1]?.seq ?? 0, model: 'other' })
  if (!accepted?.ok || !('live' in accepted)) throw new Error('not accepted')
  expect(await accepted.live.settled).toMatchObject({
    ok: true,
    run: { end: { finish: 'answered' }, text: 'all done' },
  })
  expect(effects.map(({ tool, run }) => [tool, run])).toEqual([['send', 'again']])
  const [message] = journal.eventsOfRun('again')
  expect(message?.data).toMatchObject({ model: 'other', rerunOf: { run: 'r' } })
  expect(journal.eventsOfSession('again', 0, 1)[0]?.data).toEqual({ do: 'branch', from: 's', seq: 0 })
  expect(journal.spent({ run: 'again' }).usd).toBeLessThan(journal.spent({ run: 'r' }).usd)
  expect(await runs.rerun('nothing', { run: 'x' })).toBeUndefined()
  expect(divergences(journal.eventsOfRun('again'))).toEqual([])
})
