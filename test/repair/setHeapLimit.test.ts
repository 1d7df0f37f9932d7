import { writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { execute } from '../../src/repair/execute.ts'
import { heapLimitMb, highestHeapMb, usableMemoryMb } from '../../src/shared/heapLimit.ts'
import type { HomePaths } from '../../src/shared/paths.ts'
import { type PastLife, temporaryHome, writeLives } from './support.ts'

let paths: HomePaths
beforeEach(() => {
  paths = temporaryHome()
  writeFileSync(paths.settings, 'agent:\n  maxHeapMb: 64\n', { mode: 0o600 })
})

const OUT: PastLife = { from: 9_000, to: 1_000, code: 1, reason: 'out-of-memory: the heap holds 70 of 64 MiB' }
const raise = (mb: number, environment = {}) =>
  execute({ paths, environment }, { action: 'set_heap_limit', args: { mb }, by: 'test', fault: 'out-of-memory' })

describe('a raised heap limit', () => {
  it('is in force until the owner says another one', async () => {
    writeLives(paths, [OUT])
    expect(await raise(128)).toMatchObject({ ok: true })
    expect([heapLimitMb(paths, 64), heapLimitMb(paths, 65)]).toEqual([128, 65])
    expect(await raise(256)).toMatchObject({ ok: true })
    expect(heapLimitMb(paths, 64)).toBe(256)
  })

  it.each([
    ['by V8’s abort', { ...OUT, code: 134, reason: 'aborted' }],
    ['by the signal of V8’s abort', { ...OUT, code: null, reason: 'SIGABRT' }],
  ])('is also given after an end %s', async (_name, life) => {
    writeLives(paths, [life])
    expect(await raise(128)).toMatchObject({ ok: true })
  })

  it.each([
    ['nothing ended', [], 128],
    ['the last end had another reason', [OUT, { from: 800, to: 700, reason: 'Error: x' }], 128],
    ['an error only speaks of memory', [{ ...OUT, reason: 'Error: out-of-memory' }], 128],
    ['it was another boot', [{ ...OUT, bootId: 'x' }], 128],
    ['it is no more than now', [OUT], 64],
    ['it is more than four times the setting', [OUT], 257],
  ])('is refused where %s', async (_name, lives, mb) => {
    writeLives(paths, lives)
    expect(await raise(mb)).toMatchObject({ ok: false, kind: 'refused' })
    expect(heapLimitMb(paths, 64)).toBe(64)
  })

  it('follows the setting of the environment, and is refused where the settings cannot be read', async () => {
    writeLives(paths, [OUT])
    expect(await raise(128, { OTTUGI_AGENT__MAX_HEAP_MB: '200' })).toMatchObject({
      ok: false,
      reason: expect.stringContaining('200 MiB already'),
    })
    writeFileSync(paths.settings, 'agent: [')
    expect(await raise(128)).toMatchObject({ ok: false, kind: 'refused', reason: expect.stringContaining('settings') })
  })

  it('is never below the setting nor above its bounds, whatever the file says', () => {
    const property = fc.property(
      fc.jsonValue(),
      fc.jsonValue(),
      fc.integer({ min: 16, max: 8_192 }),
      (mb, from, configured) => {
        writeFileSync(paths.heapLimit, JSON.stringify({ configuredMb: from ?? configured, mb }))
        const limit = heapLimitMb(paths, configured)
        expect(limit).toBeGreaterThanOrEqual(configured)
        expect(limit).toBeLessThanOrEqual(Math.max(configured, highestHeapMb(configured, usableMemoryMb())))
      },
    )
    fc.assert(property)
    expect([highestHeapMb(512, 1_000), highestHeapMb(64, 100_000), highestHeapMb(4_000, 100_000)]).toEqual([
      500, 256, 4_096,
    ])
  })
})
