import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { execute } from '../../src/repair/execute.ts'
import { countLives, endedLives, unfinishedRuns } from '../../src/repair/unfinishedRuns.ts'
import { type LedgerRecord, readBoots } from '../../src/shared/bootledger.ts'
import { bootId } from '../../src/shared/clock.ts'
import type { HomePaths } from '../../src/shared/paths.ts'
import { makeDatabase, temporaryFolder, temporaryHome, writeLives, writeRun } from './support.ts'

function home(): HomePaths {
  const paths = temporaryHome()
  makeDatabase(paths.agentDb, 1)
  return paths
}

describe('unfinished runs', () => {
  it('are counted by the lives that ended unasked while they were worked on', async () => {
    const paths = home()
    writeLives(paths, [
      { from: 100_000, to: 90_000, bootId: 'an earlier boot' },
      { from: 50_000, to: 40_000 },
      { from: 30_000, to: 20_000, planned: true, reason: 'ottugi restart' },
      { from: 10_000, to: 5_000 },
      { from: 4_000, to: 0, ended: false },
    ])
    writeRun(paths.agentDb, 'always', 's1', [
      ['message_in', 95_000],
      ['model_asked', 45_000],
      ['model_asked', 25_000],
      ['model_asked', 7_000],
      ['model_asked', 1_000],
    ])
    writeRun(paths.agentDb, 'once', 's2', [['message_in', 45_000]])
    writeRun(paths.agentDb, 'waiting', 's2', [['message_in', 4_500]])
    writeRun(paths.agentDb, 'done', 's2', [
      ['message_in', 45_000],
      ['model_asked', 7_000],
      ['run_ended', 6_000],
    ])
    expect(await unfinishedRuns(paths)).toEqual([
      { run: 'always', session: 's1', livesEnded: 3 },
      { run: 'once', session: 's2', livesEnded: 1 },
      { run: 'waiting', session: 's2', livesEnded: 0 },
    ])
  })

  it('are none where nobody can look', async () => {
    const missing = temporaryHome()
    const damaged = temporaryHome()
    writeFileSync(damaged.agentDb, 'no database')
    const other = temporaryHome()
    makeDatabase(other.watchdogDb, 0)
    const elsewhere = temporaryHome()
    const outside = join(temporaryFolder(), 'x.db')
    makeDatabase(outside, 0)
    writeRun(outside, 'foreign', 's', [['message_in', 1]])
    symlinkSync(outside, elsewhere.agentDb)
    for (const paths of [missing, damaged, other, elsewhere]) expect(await unfinishedRuns(paths)).toEqual([])
  })

  it('take the clock of the life’s own start: one that was set meanwhile moves no life', () => {
    const start = {
      app: 'agent',
      pid: 5,
      startTicks: 1,
      nonce: 'n',
      bootId: 'b',
      kind: 'start',
      monoMs: 1_000,
    } as const
    const at = '2026-01-01T00:00:00.000Z'
    const end = {
      ...start,
      kind: 'end',
      monoMs: 3_000,
      at: '2020-01-01T00:00:00.000Z',
      code: null,
      reason: '',
      planned: false,
    }
    const fromMs = Date.parse(at)
    const records = [{ ...start, at }, end] as LedgerRecord[]
    expect(endedLives(records, 'b', () => false)).toEqual([{ fromMs, toMs: fromMs + 2_001 }])
    expect(endedLives(records.slice(0, 1), 'b', () => false)).toEqual([{ fromMs, toMs: Number.POSITIVE_INFINITY }])
    expect(endedLives(records.slice(0, 1), 'b', () => true)).toEqual([])
    expect(endedLives(records, 'another boot', () => false)).toEqual([])
  })

  it('never count more lives than ended, nor one that saw nothing of the run', () => {
    const life = fc.tuple(fc.nat(1_000), fc.nat(100)).map(([fromMs, length]) => ({ fromMs, toMs: fromMs + length }))
    const property = fc.property(fc.array(life), fc.array(fc.nat(1_200)), (lives, times) => {
      const at = times.map((ms) => new Date(ms).toISOString())
      const [counted] = countLives([{ run: 'r', session: 's', at }], lives)
      const seen = lives.filter(({ fromMs, toMs }) => times.some((ms) => ms >= fromMs && ms <= toMs))
      expect(counted?.livesEnded).toBe(seen.length)
    })
    fc.assert(property)
  })
})

describe('parking', () => {
  const park = (paths: HomePaths, action: string, args: object) =>
    execute({ paths, environment: {} }, { action, args, by: 'test', fault: 'crash-loop' })

  it('is refused for what is finished, unknown, innocent, or parked already', async () => {
    const paths = home()
    writeLives(paths, [
      { from: 9_000, to: 8_000 },
      { from: 5_000, to: 4_000 },
    ])
    writeRun(paths.agentDb, 'poison', 'nightly', [
      ['message_in', 8_500],
      ['model_asked', 4_500],
    ])
    writeRun(paths.agentDb, 'innocent', 'daily', [['message_in', 8_500]])
    writeRun(paths.agentDb, 'done', 'daily', [
      ['message_in', 8_500],
      ['model_asked', 4_500],
      ['run_ended', 4_400],
    ])
    for (const args of [{ run: 'done' }, { run: 'unknown' }, { run: 'innocent' }, { run: 'nightly' }]) {
      expect(await park(paths, 'quarantine_job', args)).toMatchObject({ ok: false, kind: 'refused' })
    }
    expect(await park(paths, 'park_session', { session: 'daily' })).toMatchObject({ ok: false, kind: 'refused' })
    expect(await park(paths, 'quarantine_job', { run: 'poison' })).toMatchObject({ ok: true })
    expect(await park(paths, 'quarantine_job', { run: 'poison' })).toMatchObject({
      ok: false,
      reason: expect.stringContaining('the run is parked'),
    })
  })

  it('counts the lives of this boot only', async () => {
    const paths = home()
    writeLives(paths, [
      { from: 9_000, to: 8_000, bootId: 'x' },
      { from: 5_000, to: 4_000 },
    ])
    expect(readBoots(paths.boots).filter((record) => record.bootId === bootId())).toHaveLength(2)
    writeRun(paths.agentDb, 'poison', 'nightly', [
      ['message_in', 8_500],
      ['model_asked', 4_500],
    ])
    expect(await park(paths, 'quarantine_job', { run: 'poison' })).toMatchObject({ ok: false, kind: 'refused' })
  })
})
