import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MAX_PARKED, parkedAs, readParked, release, withParked, writeParked } from '../../src/shared/parked.ts'
import { type HomePaths, homePaths } from '../../src/shared/paths.ts'

let paths: HomePaths
beforeEach(() => {
  paths = homePaths(mkdtempSync(join(tmpdir(), 'ottugi-parked-')))
  mkdirSync(paths.data)
})
afterEach(() => rmSync(paths.home, { recursive: true, force: true }))

const NOTHING = { runs: [], sessions: [] }
const entry = (id: string) => ({ id, since: '2026-01-01T00:00:00.000Z', reason: 'why' })

describe('what is parked', () => {
  it('comes back as it was written, and is released by its id', () => {
    const parked = withParked(withParked(NOTHING, 'runs', entry('r')), 'sessions', entry('s'))
    writeParked(paths.parked, parked)
    expect(readParked(paths)).toEqual(parked)
    expect(parkedAs(parked, { run: 'r', session: 'x' })).toEqual({ what: 'run', entry: entry('r') })
    expect(parkedAs(parked, { run: 'r', session: 's' })).toEqual({ what: 'session', entry: entry('s') })
    expect(parkedAs(parked, { run: 'x', session: 'x' })).toBe(undefined)
    expect([release(paths, 'x'), release(paths, 's'), release(paths, 's')]).toEqual([false, true, false])
    expect(readParked(paths)).toEqual({ runs: [entry('r')], sessions: [] })
    expect(release(paths, 'r')).toBe(true)
    expect(existsSync(paths.parked)).toBe(false)
  })

  it('is never parked twice, and never without bound', () => {
    const many = Array.from({ length: 2 * MAX_PARKED }, (_, index) => entry(`id-${index % 150}`))
    const parked = many.reduce(
      (before, one) => withParked(before, 'runs', one),
      NOTHING as ReturnType<typeof readParked>,
    )
    expect(parked.runs.map(({ id }) => id)).toEqual(many.slice(0, MAX_PARKED).map(({ id }) => id))
  })

  it('is nothing where the file is none of ours', () => {
    const outside = join(paths.home, 'elsewhere')
    writeFileSync(outside, JSON.stringify({ runs: [entry('r')], sessions: [] }))
    symlinkSync(outside, paths.parked)
    expect(readParked(paths)).toEqual(NOTHING)
    rmSync(paths.parked)
    mkdirSync(paths.parked)
    expect(readParked(paths)).toEqual(NOTHING)
  })

  it('is read from any JSON as entries of ours, or not at all', () => {
    const near = fc.record({
      runs: fc.jsonValue(),
      sessions: fc.array(fc.record({ id: fc.string(), since: fc.string(), reason: fc.string() })),
    })
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), near), (value) => {
        writeFileSync(paths.parked, JSON.stringify(value))
        const { runs, sessions } = readParked(paths)
        for (const { id, since, reason } of [...runs, ...sessions]) {
          expect(id).toMatch(/^[A-Za-z0-9_-]{1,64}$/)
          expect([typeof since, typeof reason]).toEqual(['string', 'string'])
        }
      }),
    )
  })
})
