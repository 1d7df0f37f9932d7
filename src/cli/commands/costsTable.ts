/** How costs look on a terminal and in a spreadsheet. */
import type { CostSum } from '../../shared/costsReader.ts'
import type { Language } from '../../shared/messages/message.ts'
import { text } from '../../shared/messages/text.ts'
import { alignRows } from '../columns.ts'
import { terminalSafe } from '../terminalSafe.ts'
import type { Costs, Spend } from './costs.ts'

/** A line for each group, the total, and today against the limit. */
export function costLines(language: Language, { by, groups, total, spend }: Costs): string[] {
  const nameOf = (key: string | null) => (key === null ? text(language, 'costs.noJob') : terminalSafe(key))
  const head = [
    text(language, `costs.headKey.${by}`),
    text(language, 'costs.headCalls'),
    text(language, 'costs.headIn'),
    text(language, 'costs.headCached'),
    text(language, 'costs.headOut'),
    text(language, 'costs.headUsd'),
  ]
  const rows = groups.map(({ key, sum }) => [nameOf(key), ...figures(language, sum)])
  const table =
    rows.length === 0
      ? [text(language, 'costs.none')]
      : alignRows([head, ...rows, [text(language, 'costs.total'), ...figures(language, total)]])
  return [...table, '', ...spendLines(language, spend)]
}

function figures(language: Language, sum: CostSum): string[] {
  const { calls, inputTokens, cachedTokens, outputTokens } = sum
  return [...[calls, inputTokens, cachedTokens, outputTokens].map(count), moneyOf(language, sum)]
}

/** What nobody knows the price of is no zero. */
function moneyOf(language: Language, { usd, calls, unpricedCalls }: CostSum): string {
  const known = usd.toFixed(4)
  if (unpricedCalls === 0) return known
  return unpricedCalls === calls
    ? text(language, 'costs.unpriced')
    : text(language, 'costs.partlyUnpriced', { usd: known })
}

function spendLines(language: Language, spend: Spend): string[] {
  const { todayUsd, dayLimitUsd, todayTokens, dayLimitTokens, monthUsd, monthLimitUsd } = spend
  const used = money(todayUsd)
  return [
    dayLimitUsd === null
      ? text(language, 'costs.todayUnlimited', { used })
      : text(language, 'costs.today', { used, most: money(dayLimitUsd) }),
    ...(monthLimitUsd === null
      ? []
      : [text(language, 'costs.month', { used: money(monthUsd), most: money(monthLimitUsd) })]),
    ...(dayLimitTokens === null
      ? []
      : [text(language, 'costs.tokensToday', { used: count(todayTokens), most: count(dayLimitTokens) })]),
  ]
}

function money(usd: number): string {
  return `$${usd.toFixed(2)}`
}

function count(value: number): string {
  return value.toLocaleString('en-US')
}

/** RFC 4180, without the total: a spreadsheet sums up by itself. The heads are words of a program and stay English. */
export function csvLines({ by, groups }: Costs): string[] {
  const head = [by, 'calls', 'input_tokens', 'cached_tokens', 'output_tokens', 'usd', 'unpriced_calls']
  const rows = groups.map(({ key, sum }) => [
    cell(key ?? ''),
    ...[sum.calls, sum.inputTokens, sum.cachedTokens, sum.outputTokens].map(String),
    sum.usd.toFixed(6),
    String(sum.unpricedCalls),
  ])
  return [head, ...rows].map((row) => row.join(','))
}

/**
 * A name as a cell. One that a spreadsheet would take for a formula gets an apostrophe before it, also behind spaces and in full-width letters:
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
function cell(name: string): string {
  const plain = terminalSafe(name)
  const harmless = /^\s*[=+\-@|%＝＋－＠]/.test(plain) || plain !== name ? `'${plain}` : plain
  return /[",]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
