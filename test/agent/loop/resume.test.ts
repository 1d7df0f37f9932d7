/** A run that is cut off after any of its events is finished by the next process: nothing that has ended is done again, nothing unsafe is begun twice. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { RunEvent, ToolEnded } from '../../../src/agent/journal/event.ts'
import { openSqliteJournal } from '../../../src/agent/journal/sqliteJournal.ts'
import { keyOf } from '../../../src/agent/runs/callKey.ts'
import { divergence } from '../../../src/agent/runs/divergence.ts'
import { createRuns } from '../../../src/agent/runs/runs.ts'
import { rulesOf } from '../../../src/agent/runs/work.ts'
import { type FakeAnthropic, startFakeAnthropic } from '../../fakes/anthropic.ts'
import { playPlan, questionOf } from './brain.ts'
import { type Effect, partsOf, TOOLS } from './parts.ts'

const ROUNDS = [
  [
    { name: 'look', input: { n: 1 } },
    { name: 'put', input: { n: 2 } },
  ],
  [
    { name: 'send', input: { n: 3 } },
    { name: 'fail', input: { n: 4 } },
    { name: 'fail', input: { n: 5 } },
  ],
  [
    { name: 'put', input: { n: 6 } },
    { name: 'send', input: { n: 7 } },
  ],
]

let provider: FakeAnthropic
let folder: string
let whole: readonly RunEvent[]
let wholeEffects: readonly Effect[]

/** Goes on with what is in a database; gives what was done, and the events in the end. */
async function goOn(file: string, owner: string) {
  const journal = openSqliteJournal(file)
  const effects: Effect[] = []
  const parts = partsOf({
    journal,
    url: provider.url,
    owner,
    act: (effect) => {
      effects.push(effect)
      return `${effect.tool} done`
    },
  })
  const runs = createRuns(parts)
  const accepted = await runs.accept({
    run: 'r',
    session: 's',
    text: questionOf({ rounds: ROUNDS, final: 'all done' }),
  })
  const settled = accepted.ok && 'live' in accepted ? await accepted.live.settled : accepted
  const events = journal.eventsOfRun('r')
  journal.close()
  return { effects, events, settled, diverged: divergence(events, rulesOf(parts)) }
}

beforeAll(async () => {
  provider = await startFakeAnthropic(playPlan)
  folder = mkdtempSync(join(tmpdir(), 'ottugi-resume-'))
  const first = await goOn(join(folder, 'whole.db'), 'first')
  whole = first.events
  wholeEffects = first.effects
})

afterAll(async () => {
  await provider.close()
  rmSync(folder, { recursive: true, force: true })
})

/** The journal as it was after its first `count` events. */
function cutAfter(count: number): string {
  const file = join(folder, `cut-${count}.db`)
  copyFileSync(join(folder, 'whole.db'), file)
  const database = new Database(file)
  const last = whole[count - 1]?.seq ?? 0
  database.prepare('DELETE FROM events WHERE seq > ?').run(last)
  database.prepare('DELETE FROM costs WHERE seq > ?').run(last)
  database.close()
  return file
}

const callsIn = (events: readonly RunEvent[], type: 'tool_started' | 'tool_ended') =>
  new Set(events.flatMap((event) => (event.type === type ? [event.data.call] : [])))

const endsIn = (events: readonly RunEvent[]) =>
  new Map<string, ToolEnded>(
    events.flatMap((event) => (event.type === 'tool_ended' ? [[event.data.call, event.data]] : [])),
  )

it('is whole in one life', () => {
  expect(wholeEffects.map(({ tool }) => tool)).toEqual(['look', 'put', 'send', 'fail', 'fail', 'put', 'send'])
  expect(whole.at(-1)?.data).toEqual({ finish: 'answered' })
  expect(whole.filter(({ type }) => type === 'hinted').length).toBe(1)
})

it('comes to the same effects wherever it is cut', async () => {
  for (let count = 1; count < whole.length; count++) {
    const before = whole.slice(0, count)
    const { effects, events, settled, diverged } = await goOn(cutAfter(count), `after ${count}`)
    const [started, ended] = [callsIn(before, 'tool_started'), callsIn(before, 'tool_ended')]
    const where = `cut after ${count}: ${before.at(-1)?.type}`
    expect(settled, where).toMatchObject({ ok: true, run: { end: { finish: 'answered' }, text: 'all done' } })
    expect(diverged, where).toEqual([])
    expect(events.slice(0, count), where).toEqual(before)

    const left = wholeEffects.filter(({ key, tool }) => {
      const isOf = (calls: ReadonlySet<string>) => [...calls].some((call) => keyOf('r', call) === key)
      return !isOf(ended) && !(isOf(started) && TOOLS.get(tool)?.safety === 'unsafe')
    })
    expect(effects, where).toEqual(left)
    for (const [call, end] of endsIn(events)) {
      const isLost = started.has(call) && !ended.has(call) && TOOLS.get(end.tool)?.safety === 'unsafe'
      expect([call, end.how], where).toEqual([call, isLost ? 'unknown' : 'done'])
    }
  }
})

it('stops a run whose stop was acknowledged, although the process was killed before anything came of it', async () => {
  const file = join(folder, 'cancelled.db')
  const journal = openSqliteJournal(file)
  const begun = Promise.withResolvers<void>()
  // A tool that cannot be stopped, as if the kill came before it was.
  const act = () => {
    begun.resolve()
    return new Promise<string>(() => {})
  }
  const runs = createRuns(partsOf({ journal, url: provider.url, owner: 'first', act }))
  const text = questionOf({
    rounds: [[{ name: 'send', input: { n: 1 } }], [{ name: 'send', input: { n: 2 } }]],
    final: 'x',
  })
  const accepted = await runs.accept({ run: 'c', session: 'c', text })
  expect(accepted.ok).toBe(true)
  await begun.promise
  expect(await runs.cancel('c')).toBe(true)
  expect(await runs.cancel('c')).toBe(true)

  const after = openSqliteJournal(file)
  const asked = provider.requests.length
  const parts = partsOf({ journal: after, url: provider.url, owner: 'second' })
  const successor = createRuns(parts)
  await successor.resumeUnfinished()
  const events = after.eventsOfRun('c')
  expect(events.slice(-2).map(({ type }) => type)).toEqual(['cancel_asked', 'run_ended'])
  expect(successor.find('c')?.end).toEqual({ finish: 'cancelled' })
  expect(divergence(events, rulesOf(parts))).toEqual([])
  expect(provider.requests.length).toBe(asked)
  after.close()
  journal.close()
})
