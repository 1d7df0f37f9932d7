import { readFileSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { preflight } from '../../src/guardian/preflight.ts'
import { execute } from '../../src/repair/execute.ts'
import { type Hold, readHold } from '../../src/repair/holdFile.ts'
import { readJournal } from '../../src/repair/journal.ts'
import { appendBoot } from '../../src/shared/bootledger.ts'
import { monotonicMs } from '../../src/shared/clock.ts'
import type { HomePaths } from '../../src/shared/paths.ts'
import { type PastLife, roomOf, temporaryHome, writeLives } from './support.ts'

let paths: HomePaths
beforeEach(() => {
  paths = temporaryHome()
  writeFileSync(paths.settings, 'agent:\n  port: 0\ndashboard:\n  port: 0\n', { mode: 0o600 })
})

const LOOP: readonly PastLife[] = [
  { from: 9_000, to: 8_000 },
  { from: 5_000, to: 4_000 },
]
const hold = (minutes = 5) =>
  execute({ paths, environment: {} }, { action: 'hold_restart', args: { minutes }, by: 'test', fault: 'crash-loop' })
const start = () =>
  preflight({ paths, environment: { OTTUGI_SUPERVISED: '1', LANG: 'C' }, app: 'agent', readRoom: roomOf(10_000) })
const holdNow = () => readHold(paths, monotonicMs())

describe('a hold', () => {
  it('refuses starts of the agent before anything else is looked at or mended', async () => {
    writeLives(paths, LOOP)
    expect(await hold()).toMatchObject({ ok: true })
    const lines = readJournal(paths.repairsJournal).length
    const result = await start()
    expect(result).toMatchObject({
      verdict: 'refuse',
      fault: 'held',
      untilMonoMs: holdNow()?.untilMonoMs,
      repairs: [],
    })
    expect(result.verdict === 'refuse' && result.reason).toContain(holdNow()?.until)
    expect(readJournal(paths.repairsJournal)).toHaveLength(lines)
    expect(holdNow()?.untilMonoMs).toBeGreaterThan(monotonicMs() + 4 * 60_000)
  })

  it.each([
    ['settings', () => writeFileSync(paths.settings, 'language: ko\nagent:\n  port: 0\ndashboard:\n  port: 0\n')],
    ['secrets', () => writeFileSync(paths.env, 'ANTHROPIC_API_KEY=k\n', { mode: 0o600 })],
    ['a start that was asked for', () => appendBoot(paths.boots, 'agent', { kind: 'reset', reason: 'ottugi restart' })],
    ['a reboot', () => change({ bootId: 'another' })],
    ['its end', () => change({ sinceMonoMs: 1, untilMonoMs: 2 })],
  ])('is ended by %s', async (_name, end) => {
    writeLives(paths, LOOP)
    await hold()
    end()
    expect(holdNow()).toBe(undefined)
    expect(await start()).toMatchObject({ verdict: 'go' })
  })

  it.each([
    ['no life', []],
    ['one short life', LOOP.slice(0, 1)],
    [
      'lives that were long enough',
      [
        { from: 60_000, to: 40_000 },
        { from: 30_000, to: 10_000 },
      ],
    ],
    ['ends that were wanted', LOOP.map((life) => ({ ...life, planned: true }))],
    ['lives of long ago', LOOP.map(({ from, to }) => ({ from: from + 700_000, to: to + 700_000 }))],
    ['lives of another boot', LOOP.map((life) => ({ ...life, bootId: 'x' }))],
  ])('is not begun after %s', async (_name, lives) => {
    writeLives(paths, lives)
    expect(await hold()).toMatchObject({ ok: false, kind: 'refused' })
    expect(holdNow()).toBe(undefined)
  })

  it('is not begun twice', async () => {
    writeLives(paths, LOOP)
    await hold()
    const text = readFileSync(paths.holdRestart, 'utf8')
    expect(await hold(60)).toMatchObject({ ok: false, kind: 'refused' })
    expect(readFileSync(paths.holdRestart, 'utf8')).toBe(text)
  })

  it('is never believed longer than an hour, and no other file is a hold', async () => {
    writeLives(paths, LOOP)
    await hold()
    const real = JSON.parse(readFileSync(paths.holdRestart, 'utf8')) as Hold
    const changed = fc.record({ key: fc.constantFrom(...Object.keys(real)), value: fc.jsonValue() })
    fc.assert(
      fc.property(changed, ({ key, value }) => {
        writeFileSync(paths.holdRestart, JSON.stringify({ ...real, [key]: value }))
        const read = holdNow()
        if (read) expect(read.untilMonoMs - monotonicMs()).toBeLessThanOrEqual(3_600_000)
      }),
    )
    for (const text of ['', '{', 'null', '[]', '"x"', '{"__proto__":{}}', ' '.repeat(100_000)]) {
      writeFileSync(paths.holdRestart, text)
      expect(holdNow()).toBe(undefined)
    }
  })
})

function change(part: Partial<Hold>): void {
  const now = JSON.parse(readFileSync(paths.holdRestart, 'utf8'))
  writeFileSync(paths.holdRestart, JSON.stringify({ ...now, ...part }))
}
