import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { beginMaintenance, endMaintenance, MAX_MAINTENANCE_MS, readMaintenance } from '../../src/shared/maintenance.ts'
import { type HomePaths, homePaths } from '../../src/shared/paths.ts'

let paths: HomePaths
beforeEach(() => {
  paths = homePaths(mkdtempSync(join(tmpdir(), 'ottugi-maintenance-')))
  mkdirSync(paths.data)
})
afterEach(() => rmSync(paths.home, { recursive: true, force: true }))

const NOW = { monoMs: 1_000_000, at: '2026-11-20T21:00:00.000Z' }

it('ends by itself, at the latest after 24 h, for any duration', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 * MAX_MAINTENANCE_MS }), (durationMs) => {
      const lastingMs = Math.min(durationMs, MAX_MAINTENANCE_MS)
      const begun = beginMaintenance(paths, durationMs, 'why', NOW)
      expect(begun.until).toBe(new Date(Date.parse(NOW.at) + lastingMs).toISOString())
      expect(readMaintenance(paths, NOW.monoMs + lastingMs - 1)).toEqual(begun)
      expect(readMaintenance(paths, NOW.monoMs + lastingMs)).toBeUndefined()
    }),
    { numRuns: 20 },
  )
  expect(statSync(paths.maintenance).mode & 0o777).toBe(0o600)
})

it('ends when somebody ends it, once', () => {
  expect(endMaintenance(paths)).toBe(false)
  beginMaintenance(paths, 60_000, '', NOW)
  expect([endMaintenance(paths), endMaintenance(paths)]).toEqual([true, false])
  expect(readMaintenance(paths, NOW.monoMs)).toBeUndefined()
})

it('is of one boot of the machine: its clock means nothing after the next', () => {
  beginMaintenance(paths, 60_000, '', NOW)
  const stored = JSON.parse(readFileSync(paths.maintenance, 'utf8'))
  writeFileSync(paths.maintenance, JSON.stringify({ ...stored, bootId: 'another' }))
  expect(readMaintenance(paths, NOW.monoMs)).toBeUndefined()
})

it.each(['', '{', 'null', '[]', '{"bootId":1}', '{"untilMonoMs":"soon"}'])('a broken file is none: %s', (content) => {
  writeFileSync(paths.maintenance, content)
  expect(readMaintenance(paths, 0)).toBeUndefined()
})
