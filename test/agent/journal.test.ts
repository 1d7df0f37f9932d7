/** The journal: what was appended is there, in order, whatever happens; a run is the fold of its events. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RunEvent, RunEventBody } from '../../src/agent/journal/event.ts'
import type { Journal } from '../../src/agent/journal/journal.ts'
import { openSqliteJournal } from '../../src/agent/journal/sqliteJournal.ts'
import { foldRun } from '../../src/agent/runs/fold.ts'
import { next } from '../../src/agent/runs/next.ts'
import { NO_USAGE } from '../../src/model/modelCall.ts'

let folder: string
let file: string
let journal: Journal

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ottugi-journal-'))
  file = join(folder, 'agent.db')
  journal = openSqliteJournal(file)
})

afterEach(() => {
  journal.close()
  rmSync(folder, { recursive: true, force: true })
})

const messageIn = (text: string): RunEventBody => ({ type: 'message_in', data: { text } })
const answered = (text: string | null, costUsd = 0.5): RunEventBody => ({
  type: 'model_answered',
  data: { text, model: 'm', usage: NO_USAGE, costUsd, latencyMs: 1, stopReason: 'end_turn' },
})
const ended: RunEventBody = { type: 'run_ended', data: { finish: 'answered' } }

const body: fc.Arbitrary<RunEventBody> = fc.oneof(
  fc.string().map(messageIn),
  fc.constant<RunEventBody>({ type: 'model_asked', data: { model: 'm', turns: 1 } }),
  fc.option(fc.string()).map((text) => answered(text)),
  fc.constant(ended),
)
const appends = fc.array(fc.tuple(fc.constantFrom('r1', 'r2', 'r3'), body), { maxLength: 40 })

describe('laws', () => {
  it('numbers rise; every event reads back as it was told; after a new opening too', () => {
    fc.assert(
      fc.property(appends, (list) => {
        const from = journal.lastSeq()
        const told: RunEvent[] = []
        const stop = journal.onAppend((event) => void told.push(event))
        const returned = list.flatMap(([run, one]) => journal.append(run, 's', one) ?? [])
        stop()
        expect(told).toEqual(returned)
        expect(journal.eventsAfter(from, 1_000)).toEqual(returned)
        expect(returned.every(({ seq }, index) => index === 0 || seq > (returned[index - 1]?.seq ?? 0))).toBe(true)
        journal.close()
        journal = openSqliteJournal(file)
        expect(journal.eventsAfter(from, 1_000)).toEqual(returned)
      }),
      { numRuns: 20 },
    )
  })

  it('a run has one message and one end, whoever writes', () => {
    const other = openSqliteJournal(file)
    expect(journal.append('r', 's', messageIn('a'))).toBeDefined()
    expect(other.append('r', 's', messageIn('b'))).toBeUndefined()
    expect(other.append('r', 's', ended)).toBeDefined()
    expect(journal.append('r', 's', ended)).toBeUndefined()
    expect(journal.eventsOfRun('r').map(({ type }) => type)).toEqual(['message_in', 'run_ended'])
    other.close()
  })

  it('a fold never loses an end, and what is left to do follows from it', () => {
    fc.assert(
      fc.property(fc.array(body, { maxLength: 10 }), (list) => {
        const events = [messageIn('q'), ...list].map(
          (one, index): RunEvent => ({ ...one, seq: index + 1, run: 'r', session: 's', at: '' }),
        )
        const run = foldRun(events)
        const step = run && next(run, { rounds: 25, repeats: 4, safetyOf: () => undefined })
        const hasEnd = list.some(({ type }) => type === 'run_ended')
        const lastMessage = events.findLastIndex(({ type }) => type === 'message_in')
        const tail = events.slice(lastMessage)
        if (tail.some(({ type }) => type === 'run_ended')) expect(step).toEqual({ do: 'nothing' })
        else if (!hasEnd && tail.some((one) => one.type === 'model_answered' && one.data.text !== null)) {
          expect(step).toEqual({ do: 'end', end: { finish: 'answered' } })
        }
      }),
    )
  })
})

it('knows what is unfinished, what was said, and what it cost', () => {
  journal.append('a', 's', messageIn('one'))
  journal.append('a', 's', answered('1'))
  journal.append('a', 's', ended)
  journal.append('b', 's', messageIn('two'))
  journal.append('b', 's', answered(null, 0.25))
  expect(journal.unfinishedRuns()).toEqual(['b'])
  expect(journal.exchanges('s', 10)).toEqual([{ question: 'one', answer: '1' }])
  expect(journal.spent({ sinceAt: '2000-01-01T00:00:00.000Z' })).toEqual({ usd: 0.75, tokens: 0 })
  expect(journal.spent({ sinceAt: '2999-01-01T00:00:00.000Z' })).toEqual({ usd: 0, tokens: 0 })
  expect(journal.totals()).toEqual({ runs: { answered: 1 }, modelCalls: 2, costUsd: 0.75 })
})

it('refuses a database of a newer version instead of guessing', () => {
  journal.close()
  const raw = new Database(file)
  const form = raw.pragma('user_version', { simple: true })
  raw.pragma('user_version = 99')
  raw.close()
  expect(() => openSqliteJournal(file)).toThrow(/form 99/)
  const back = new Database(file)
  back.pragma(`user_version = ${form}`)
  back.close()
  journal = openSqliteJournal(file)
})
