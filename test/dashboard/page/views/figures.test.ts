import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countdown, leftMs, splitApprovals } from '../../../../dashboard/web/src/views/approvals/expiry.ts'
import {
  costsCsv,
  hoursLeft,
  limitWord,
  sumLines,
  usedShare,
} from '../../../../dashboard/web/src/views/costs/costFigures.ts'
import { RANGE_MS, RANGES, refreshMs, seriesQuestion } from '../../../../dashboard/web/src/views/host/ranges.ts'
import { addNewer, addOlder } from '../../../../dashboard/web/src/views/logs/mergeLines.ts'
import { diffLines } from '../../../../dashboard/web/src/views/settings/diffLines.ts'
import { findRows } from '../../../../dashboard/web/src/views/settings/findRows.ts'
import { fieldKindOf, printedValue, readTyped } from '../../../../dashboard/web/src/views/settings/typedValue.ts'
import { failedShare, toolRows } from '../../../../dashboard/web/src/views/tools/toolRows.ts'
import { approvalsFixture, costsFixture, logsFixture, MONEY, SETTINGS, TOOLS } from '../../viewFixtures.ts'

const NOW_MS = Date.parse('2026-11-21T12:00:00.000Z')

describe('costs', () => {
  it('stand to their limit', () => {
    expect([limitWord(1, null), limitWord(1, 5), limitWord(4, 5), limitWord(5, 5), limitWord(0, 0)]).toEqual([
      'free',
      'well',
      'near',
      'over',
      'over',
    ])
    expect([usedShare(1, null), usedShare(1, 4), usedShare(1, 0)]).toEqual([null, 0.25, null])
  })

  it('reach their limit in so many hours, where anybody can tell', () => {
    expect(hoursLeft({ ...MONEY, todayUsd: 4, limitUsd: 5, burnUsdPerHour: 0.5 })).toBe(2)
    expect(hoursLeft({ ...MONEY, todayUsd: 6, limitUsd: 5 })).toBe(0)
    expect(hoursLeft({ ...MONEY, burnUsdPerHour: null })).toBeNull()
    expect(hoursLeft({ ...MONEY, limitUsd: null })).toBeNull()
  })

  it('are summed and written as CSV, in which no cell is a formula', () => {
    const { rows } = costsFixture()
    expect(sumLines(rows)).toMatchObject({ calls: 243, unpricedCalls: 3 })
    const line = { calls: 1, inputTokens: 2, cachedTokens: 0, outputTokens: 3, usd: 0.5, unpricedCalls: 0 }
    expect(
      costsCsv('session', [
        { ...line, key: '=HYPERLINK("x")' },
        { ...line, key: 'a,b\n"c"' },
      ]),
    ).toBe(
      'session,calls,inputTokens,cachedTokens,outputTokens,usd,unpricedCalls\r\n' +
        '"\'=HYPERLINK(""x"")",1,2,0,3,0.5,0\r\n' +
        '"a,b\n""c""",1,2,0,3,0.5,0\r\n',
    )
  })
})

describe('approvals', () => {
  it('wait as long as their time lasts, the most urgent first', () => {
    const { approvals } = approvalsFixture(NOW_MS)
    const ids = (nowMs: number) => {
      const { waiting, past } = splitApprovals(approvals, nowMs)
      return [waiting.map(({ id }) => id), past.map(({ id }) => id).toSorted()]
    }
    expect(ids(NOW_MS)).toEqual([['A8'], ['A6', 'R2']])
    expect(ids(NOW_MS + 245_000)).toEqual([[], ['A6', 'A8', 'R2']])
  })

  it('count down', () => {
    expect([0, 1, 59_000, 60_000, 245_000, 3_661_000].map(countdown)).toEqual([
      '0:00',
      '0:01',
      '0:59',
      '1:00',
      '4:05',
      '1:01:01',
    ])
    expect(leftMs({ expiresAt: 'never' }, NOW_MS)).toBeNull()
  })
})

describe('log lines', () => {
  const newest = logsFixture(300, 300).lines
  it('are the same however the pages fall', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 299 }), fc.integer({ min: 0, max: 60 }), (cut, overlap) => {
        expect(addOlder(newest.slice(0, cut), newest.slice(Math.max(0, cut - overlap)))).toEqual(newest)
        const { lines, hasGap } = addNewer(newest.slice(cut), newest.slice(0, cut + Math.max(1, overlap)))
        expect({ lines, hasGap }).toEqual({ lines: newest, hasGap: false })
      }),
    )
  })

  it('say where some may lie between, and are bounded', () => {
    const { lines, added, hasGap } = addNewer(newest.slice(200), newest.slice(0, 100), 150)
    expect([lines.length, added, hasGap]).toEqual([150, 100, true])
  })

  it('keep two equal lines in a row', () => {
    const [line] = newest
    if (!line) throw new Error('there is a line')
    expect(addNewer([line], [line, line]).lines).toEqual([line, line])
    expect(addNewer([line, line], [line, line]).added).toBe(0)
  })
})

describe('settings', () => {
  it('are read back as they were printed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.boolean(), fc.integer(), fc.string(), fc.array(fc.string())), (value) => {
        expect(readTyped(printedValue(value), value)).toEqual({ ok: true, value })
      }),
    )
    expect(readTyped('', null)).toEqual({ ok: true, value: null })
  })

  it('refuse what is of another kind', () => {
    expect(readTyped('4x', 4)).toEqual({ ok: false, reason: 'number' })
    expect(readTyped('', 4)).toEqual({ ok: false, reason: 'number' })
    expect(readTyped('[1', [])).toEqual({ ok: false, reason: 'json' })
    expect([true, 1, 'a', null, {}].map(fieldKindOf)).toEqual(['switch', 'number', 'text', 'text', 'json'])
  })

  it('are found by every word, and never by a secret', () => {
    const found = (search: string, onlyChanged = false) =>
      findRows(SETTINGS.rows, search, onlyChanged).flatMap(({ rows }) => rows.map(({ key }) => key))
    expect(found('BUDGET stop')).toEqual(['budget.hardStop'])
    expect(found('(hidden)')).toEqual([])
    expect(found('', true)).toEqual(['agent.port', 'budget.dailyUsd', 'ANTHROPIC_API_KEY'])
    expect(findRows(SETTINGS.rows, '', false).map(({ name }) => name)).toEqual([
      'agent',
      'budget',
      'routing',
      'ANTHROPIC_API_KEY',
    ])
  })

  it('differ by sign and word', () => {
    expect(diffLines('@@ -1 +1 @@\n a\n-b\n+c\n')).toEqual([
      { kind: 'place', text: '@@ -1 +1 @@' },
      { kind: 'same', text: 'a' },
      { kind: 'out', text: 'b' },
      { kind: 'in', text: 'c' },
    ])
    expect(diffLines('')).toEqual([])
  })
})

describe('tools', () => {
  it('are those that are offered and those that were used, with a dash where nobody knows', () => {
    const rows = toolRows(TOOLS)
    expect(rows.map(({ name, offered }) => [name, offered?.available ?? null])).toEqual([
      ['old_tool', null],
      ['read_file', true],
      ['run_python', false],
      ['shell', true],
    ])
    expect(rows.map(failedShare)).toEqual([0, null, null, 3 / 41])
    expect(toolRows({ ...TOOLS, tools: null }).map(({ name }) => name)).toEqual(['old_tool', 'shell'])
  })
})

describe('windows of the charts', () => {
  it('ask for no more than fits, and less often the longer they are', () => {
    for (const range of RANGES) {
      const { fromMs, toMs, points } = seriesQuestion(['host.cpu'], range, NOW_MS, 360)
      expect([toMs - fromMs, points]).toEqual([RANGE_MS[range], 180])
      expect(refreshMs(range)).toBeLessThan(RANGE_MS[range])
    }
    expect(seriesQuestion([], '1h', NOW_MS, 0).points).toBe(60)
  })
})
