import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  DASH,
  formatBytes,
  formatClock,
  formatCompact,
  formatCount,
  formatDuration,
  formatMoment,
  formatRelative,
  formatShare,
  formatUsd,
} from '../../../dashboard/web/src/app/format.ts'

const NOW = new Date(2026, 10, 21, 14, 2, 33).getTime()
const MINUTE = 60_000
const HOUR = 60 * MINUTE

describe('a figure that is not known', () => {
  it.each([formatUsd, formatCount, formatCompact, formatShare, formatBytes, formatDuration])(
    'is a dash, never a zero',
    (format) => {
      expect(format(null, 'en')).toBe(DASH)
      expect(format(0, 'en')).toMatch(/0/)
    },
  )
})

describe('a duration', () => {
  it.each([
    [0, '0 ms', '0밀리초'],
    [420, '420 ms', '420밀리초'],
    [6_240, '6.2 s', '6.2초'],
    [9_999, '9.9 s', '9.9초'],
    [59_999, '59 s', '59초'],
    [MINUTE, '1 min', '1분'],
    [3 * MINUTE + 5_000, '3 min 5 s', '3분 5초'],
    [2 * HOUR, '2 h', '2시간'],
    [76 * HOUR, '3 d 4 h', '3일 4시간'],
    [-5, '0 ms', '0밀리초'],
    [Number.NaN, DASH, DASH],
  ])('of %s ms reads %s', (ms, en, ko) => {
    expect([formatDuration(ms, 'en'), formatDuration(ms, 'ko')]).toEqual([en, ko])
  })

  it('never rounds up to a unit that was not reached', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 * 24 * HOUR }), (ms) => {
        expect(formatDuration(ms, 'en')).not.toMatch(/\b(60 s|60 min|24 h|1000 ms|10\.0 s)\b/)
      }),
    )
  })
})

describe('money', () => {
  it.each([
    [1.274, '$1.27'],
    [0, '$0.00'],
    [0.0042, '$0.0042'],
    [1234.5, '$1,234.50'],
  ])('%s reads %s in both languages', (usd, words) => {
    expect([formatUsd(usd, 'en'), formatUsd(usd, 'ko')]).toEqual([words, words])
  })
})

describe('a share', () => {
  it('that is not whole never reads as whole', () => {
    expect([
      formatShare(0.99999, 'en', 2),
      formatShare(1, 'en', 2),
      formatShare(0.996, 'en'),
      formatShare(0.25, 'en'),
    ]).toEqual(['99.99%', '100%', '99%', '25%'])
  })
})

describe('bytes', () => {
  it('come in steps of 1024', () => {
    expect([0, 900, 1_536, 118 * 1024 ** 2, 1.9 * 1024 ** 3].map((bytes) => formatBytes(bytes, 'en'))).toEqual([
      '0 B',
      '900 B',
      '1.5 KiB',
      '118 MiB',
      '1.9 GiB',
    ])
  })
})

describe('a moment', () => {
  it('is the time of day today, with the date on another day, with seconds where asked for', () => {
    expect(formatClock(NOW, NOW, 'en')).toBe('14:02')
    expect(formatClock(NOW, NOW, 'en', true)).toBe('14:02:33')
    expect(formatClock(NOW - 24 * HOUR, NOW, 'en')).toBe('Nov 20, 14:02')
    expect(formatClock(NOW - 24 * HOUR, NOW, 'ko')).toContain('11월 20일')
    expect(formatMoment(NOW, 'en')).toContain('2026')
    expect(formatMoment(Number.NaN, 'en')).toBe(DASH)
  })

  it('is told by how long ago it was, also when the clock was set back', () => {
    const told = [0, 4_000, 40_000, 3 * MINUTE, 2 * HOUR, 50 * HOUR].map((ago) => formatRelative(NOW - ago, NOW, 'en'))
    expect(told).toEqual(['now', 'now', '40 sec. ago', '3 min. ago', '2 hr. ago', '2 days ago'])
    expect(formatRelative(NOW + 2 * HOUR, NOW, 'en')).toBe('in 2 hr.')
  })
})
