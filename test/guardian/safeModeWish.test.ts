/** Safe mode as a person asks for it. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { setSafeMode } from '../../src/guardian/safeModeWish.ts'
import { readSafeMode } from '../../src/repair/actions/enterSafeMode.ts'
import { readJournal } from '../../src/repair/journal.ts'
import { type HomePaths, homePaths } from '../../src/shared/paths.ts'

let paths: HomePaths
beforeEach(() => {
  paths = homePaths(mkdtempSync(join(tmpdir(), 'ottugi-safe-')))
  mkdirSync(paths.data, { mode: 0o700 })
})
afterEach(() => rmSync(paths.home, { recursive: true, force: true }))

const set = (wish: string | undefined) => setSafeMode({ paths, environment: {} }, wish)

it('is on record when it is asked for, once however often, and ends when that is asked for', async () => {
  expect(await set('on')).toEqual({ ok: true })
  expect(await set('on')).toEqual({ ok: true })
  expect(readSafeMode(paths)).toMatchObject({ reason: 'asked' })
  expect(readJournal(paths.repairsJournal).filter(({ step }) => step === 'committed')).toMatchObject([{ by: 'person' }])
  expect(await set('off')).toEqual({ ok: true })
  expect(await set('off')).toEqual({ ok: true })
  expect(readSafeMode(paths)).toBeUndefined()
})

it.each(['', 'ON', 'yes', undefined])('refuses %s, and says what it expects', async (wish) => {
  expect(await set(wish)).toMatchObject({ ok: false, reason: expect.stringContaining('expected on or off') })
  expect(readSafeMode(paths)).toBeUndefined()
})
