import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { latestPlace, pointsOf } from '../../../dashboard/web/src/charts/chartLine.ts'
import { timeTicks } from '../../../dashboard/web/src/charts/timeTicks.ts'
import { safeLink } from '../../../dashboard/web/src/design/safeLink.ts'
import { nextSorting, sortRows } from '../../../dashboard/web/src/design/sorting.ts'
import { toneOfOutcome, toneOfState } from '../../../dashboard/web/src/design/tone.ts'
import { cut, visibleIn } from '../../../dashboard/web/src/design/visible.ts'
import { filterIncidents, mergeIncidents } from '../../../dashboard/web/src/views/incidents/incidentFilter.ts'
import { EVIL, incidents } from '../fixtures.ts'

const NOW = Date.parse('2026-11-21T14:00:00Z')

describe('text from elsewhere', () => {
  it('shows what would hide or turn it', () => {
    expect(visibleIn('a\u001b[31mb\u202Ec\u0000\td')).toBe('a␛[31mb\\u{202e}c␀ d')
    expect(visibleIn('a\r\nb\nc', true)).toBe('a\nb\nc')
    expect(visibleIn('a\nb')).toBe('a␊b')
  })

  it('has no control character left, whatever it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(visibleIn(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
      }),
    )
    expect(visibleIn(EVIL)).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })

  it('is cut between letters and says how much is left', () => {
    expect(cut('abc', 3)).toEqual({ text: 'abc', left: 0 })
    expect(cut('ab😀c', 3)).toEqual({ text: 'ab', left: 3 })
  })
})

describe('a link', () => {
  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    ' java\nscript:alert(1)',
    'vbscript:x',
    '//evil.example',
    '/api/actions/restart',
    'blob:x',
  ])('stays text for %s', (href) => expect(safeLink(href)).toBeNull())

  it('goes to the web and to mail', () => {
    expect([safeLink('https://example.org/a'), safeLink('mailto:a@example.org')]).toEqual([
      'https://example.org/a',
      'mailto:a@example.org',
    ])
  })
})

describe('a state', () => {
  it('that is not known here is unknown, never good', () => {
    expect(['healthy', 'givenUp', 'stopped', 'new word', 'constructor'].map((state) => toneOfState(state))).toEqual([
      'good',
      'bad',
      'idle',
      'unknown',
      'unknown',
    ])
    expect(toneOfState('healthy', ['disk'])).toBe('warn')
    expect(toneOfOutcome('?')).toBe('unknown')
  })
})

describe('a table', () => {
  it('puts what is not known last in both directions', () => {
    const rows = [3, null, 1]
    expect([sortRows(rows, (row) => row, false), sortRows(rows, (row) => row, true)]).toEqual([
      [1, 3, null],
      [3, 1, null],
    ])
  })

  it('turns round when its column is chosen again', () => {
    const first = nextSorting(null, 'a')
    expect([first, nextSorting(first, 'a'), nextSorting(first, 'b')]).toEqual([
      { key: 'a', isDescending: false },
      { key: 'a', isDescending: true },
      { key: 'b', isDescending: false },
    ])
  })
})

describe('a chart', () => {
  it('knows its newest figure and keeps gaps as gaps', () => {
    expect(
      latestPlace([
        { label: 'a', values: [1, 2, null] },
        { label: 'b', values: [1, null, null] },
      ]),
    ).toBe(1)
    expect(latestPlace([{ label: 'a', values: [null] }])).toBe(-1)
    expect(pointsOf([1, 2], [null, 0])).toEqual([
      { x: 1, y: null },
      { x: 2, y: 0 },
    ])
  })

  it('has marks at round moments inside its window, and not too many', () => {
    fc.assert(
      fc.property(
        fc.nat(2_000_000_000_000),
        fc.integer({ min: 1, max: 500 * 86_400_000 }),
        fc.integer({ min: 1, max: 20 }),
        (from, room, most) => {
          const ticks = timeTicks(from, from + room, most)
          expect(ticks.length).toBeLessThanOrEqual(most + 1)
          expect(ticks.every((at) => at >= from && at <= from + room)).toBe(true)
        },
      ),
    )
    expect(timeTicks(5, 5, 4)).toEqual([])
  })
})

describe('the list of incidents', () => {
  const all = incidents(NOW)
  const any = { outcome: 'all', words: '', from: null, to: null } as const
  const ids = (filter: Parameters<typeof filterIncidents>[1]) => filterIncidents(all, filter).map(({ id }) => id)

  it('is filtered by outcome, by words and by time', () => {
    expect(ids(any)).toHaveLength(5)
    expect(ids({ ...any, outcome: 'escalated' })).toEqual(['i-4'])
    expect(ids({ ...any, words: 'LOCK stale' })).toEqual(['i-1'])
    expect(ids({ ...any, from: new Date(NOW - 3 * 3_600_000).toISOString(), to: new Date(NOW).toISOString() })).toEqual(
      ['i-1'],
    )
  })

  it('grows by older pages without doubles', () => {
    expect(mergeIncidents(all.slice(0, 3), all.slice(2)).map(({ id }) => id)).toEqual(all.map(({ id }) => id))
  })
})
