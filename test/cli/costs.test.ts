/** `ottugi costs`: what was spent, put together and shown; with the agent stopped, and whatever a name looks like. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { ModelAnswer } from '../../src/agent/journal/event.ts'
import { openSqliteJournal } from '../../src/agent/journal/sqliteJournal.ts'
import { costLines, csvLines } from '../../src/cli/commands/costsTable.ts'
import { watchCosts } from '../../src/cli/commands/costsWatch.ts'
import { type CostRow, groupCosts, readCosts, sumCosts } from '../../src/shared/costsReader.ts'
import type { HomePaths } from '../../src/shared/paths.ts'
import { call, newHome } from './command.ts'

const SPEND = {
  ...{ todayUsd: 0, dayLimitUsd: 5, todayTokens: 0, dayLimitTokens: null },
  ...{ monthUsd: 0, monthLimitUsd: null },
}

function answer(model: string, costUsd: number, more: Partial<ModelAnswer> = {}): ModelAnswer {
  return {
    ...{ text: 'a', model, provider: 'p', costUsd, latencyMs: 1, stopReason: 'end_turn' },
    usage: { inputTokens: 10, cacheReadTokens: 1_000, cacheWriteTokens: 100, outputTokens: 20 },
    ...more,
  }
}

/** A home whose agent made these calls: of a person, of a job, at a model without a price, and one that nobody answered. */
function homeWithCalls(): HomePaths {
  const paths = newHome()
  mkdirSync(paths.data, { recursive: true, mode: 0o700 })
  const journal = openSqliteJournal(paths.agentDb)
  journal.append('r1', 's1', { type: 'message_in', data: { text: 'q' } })
  journal.append('r1', 's1', { type: 'model_answered', data: answer('m', 0.25) })
  journal.append('r1', 's1', { type: 'model_answered', data: answer('m', 0.5) })
  journal.append('r2', 's2', { type: 'message_in', data: { text: 'q', by: 'job', job: 'morning' } })
  journal.append('r2', 's2', { type: 'model_answered', data: answer('free', 0, { isPriced: false }) })
  const nothing = { inputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 0 }
  journal.append('r2', 's2', { type: 'model_answered', data: answer('m', 0, { text: null, usage: nothing }) })
  journal.close()
  return paths
}

it('shows each model, what nobody knows the price of as such, the total, and today against the limit', async () => {
  const { home } = homeWithCalls()
  const { out, code } = await call(['costs', '--home', home])
  expect(code).toBe(0)
  expect(out.split('\n').map((line) => line.replace(/ {2,}/g, ' | '))).toEqual([
    'model | calls | tokens in | of them cached | tokens out | USD',
    'p/m | 2 | 2,220 | 2,000 | 40 | 0.7500',
    'p/free | 1 | 1,110 | 1,000 | 20 | unpriced',
    'total | 3 | 3,330 | 3,000 | 60 | 0.7500 + unpriced',
    '',
    'Today $0.75 of $5.00.',
    '3,390 tokens of 20,000,000 today.',
    '',
  ])
  const korean = await call(['costs', '--home', home], { environment: { LANG: 'ko_KR.UTF-8' } })
  expect(korean.out).toContain('오늘 $5.00 중 $0.75를 썼습니다.')
})

it('puts them together by session, job and day, as JSON for programs', async () => {
  const { home } = homeWithCalls()
  const keys = async (by: string) => {
    const { out } = await call(['costs', '--by', by, '--json', '--home', home])
    const { groups } = JSON.parse(out) as { groups: { key: string | null; sum: { calls: number; usd: number } }[] }
    return groups.map(({ key, sum }) => [key, sum.calls, sum.usd])
  }
  expect(await keys('session')).toEqual([
    ['s1', 2, 0.75],
    ['s2', 1, 0],
  ])
  expect(await keys('job')).toEqual([
    [null, 2, 0.75],
    ['morning', 1, 0],
  ])
  expect(await keys('day')).toEqual([[expect.stringMatching(/^\d{4}-\d\d-\d\d$/), 3, 0.75]])
})

it('says everything of JSON: since when, the total, and what was spent against the limits of the settings', async () => {
  const { home, settings } = homeWithCalls()
  writeFileSync(settings, 'budget:\n  dayUsd: 2\n  monthUsd: 30\n  dayTokens: 0\n', { mode: 0o600 })
  const { out } = await call(['costs', '--json', '--since', '2026-01-31', '--home', home])
  const total = { calls: 3, inputTokens: 3_330, cachedTokens: 3_000, outputTokens: 60, usd: 0.75, unpricedCalls: 1 }
  expect(JSON.parse(out)).toMatchObject({
    ...{ by: 'model', since: new Date(2026, 0, 31).toISOString(), total },
    spend: {
      ...{ todayUsd: 0.75, dayLimitUsd: 2, todayTokens: 3_390, dayLimitTokens: null },
      ...{ monthUsd: 0.75, monthLimitUsd: 30 },
    },
  })
})

it('a home in which nothing was ever called is no error, and nothing is made in it', async () => {
  const { home, agentDb } = newHome()
  mkdirSync(home, { mode: 0o700 })
  const { out, code } = await call(['costs', '--home', home])
  expect([code, out.split('\n')[0]]).toEqual([0, 'No model was called in this time.'])
  expect(readCosts(agentDb, '2026')).toEqual({ ok: true, value: [] })
})

it('a journal that cannot be read is said to be so', async () => {
  const paths = newHome()
  mkdirSync(paths.data, { recursive: true, mode: 0o700 })
  writeFileSync(paths.agentDb, 'this is no database, and long enough to be looked at as one '.repeat(20), {
    mode: 0o600,
  })
  const { err, code } = await call(['costs', '--home', paths.home])
  expect([code, err]).toEqual([1, expect.stringMatching(/^The journal cannot be read: .*database/)])
})

it.each([
  [['--by', 'color'], '--by: expected model, day, session or job, got color.'],
  [['--since', '7x'], '--since: expected 90m, 12h, 7d or a date such as 2026-11-01, got 7x.'],
  [['--since', '2026-02-30'], '--since: expected 90m, 12h, 7d or a date such as 2026-11-01, got 2026-02-30.'],
  [['--since', '99999d'], '--since: expected 90m, 12h, 7d or a date such as 2026-11-01, got 99999d.'],
  [['--watch'], '--watch needs a terminal, and neither --json nor --csv.'],
])('%j is wrong usage, and says what is right', async (words, sentence) => {
  const { home } = newHome()
  const { err, code } = await call(['costs', ...words, '--home', home])
  expect([code, err.trim()]).toEqual([2, sentence])
})

it('no name becomes a formula of a spreadsheet, breaks its row, or reaches the terminal raw', () => {
  const names = ['=1+1', '+1', '-1', '@SUM(A1)', ' =1', '|calc', '＝1', '\t=1', 'a\r\n=1', 'a,"b"', 'p/m', '\u001b[2J']
  const rows = names.map(
    (session): CostRow => ({
      ...{ at: '2026-11-21T10:00:00.000Z', run: 'r', session, job: null, model: 'm' },
      ...{ inputTokens: 1, cachedTokens: 0, outputTokens: 1, usd: 1, isPriced: true },
    }),
  )
  const costs = {
    ...({ by: 'session', since: '', total: sumCosts(rows), spend: SPEND } as const),
    groups: groupCosts(rows, 'session'),
  }
  expect(csvLines(costs)).toEqual([
    'session,calls,input_tokens,cached_tokens,output_tokens,usd,unpriced_calls',
    ...[`'=1+1`, `'+1`, `'-1`, `'@SUM(A1)`, `' =1`, `'|calc`, `'＝1`, `'\\u0009=1`, `'a\\u000d\\u000a=1`, `"a,""b"""`]
      .concat(['p/m', `'\\u001b[2J`])
      .map((name) => `${name},1,1,0,1,1.000000,0`),
  ])
  expect(costLines('en', costs).join('\n')).not.toContain('\u001b')
})

it('prints CSV', async () => {
  const { home } = homeWithCalls()
  const { out } = await call(['costs', '--csv', '--home', home])
  expect(out).toBe(
    'model,calls,input_tokens,cached_tokens,output_tokens,usd,unpriced_calls\np/m,2,2220,2000,40,0.750000,0\np/free,1,1110,1000,20,0.000000,1\n',
  )
})

it('draws anew when the journal changes, until it is stopped', async () => {
  const paths = homeWithCalls()
  const { promise: until, resolve: stop } = Promise.withResolvers<void>()
  const drawn: number[] = []
  const printed: string[] = []
  const done = watchCosts({
    folder: paths.data,
    until,
    out: (text) => void printed.push(text),
    draw: () => {
      const read = readCosts(paths.agentDb, '2026')
      drawn.push(read.ok ? sumCosts(read.value).usd : -1)
      if (drawn.length === 1) {
        const journal = openSqliteJournal(paths.agentDb)
        journal.append('r1', 's1', { type: 'model_answered', data: answer('m', 1) })
        journal.close()
      }
      if (drawn.at(-1) === 1.75) stop()
    },
  })
  await done
  expect([drawn[0], drawn.at(-1), printed.every((text) => text === '\u001b[H\u001b[2J')]).toEqual([0.75, 1.75, true])
})
