/** PURE. Money as the costs view words it, and the table as CSV. */
import type { Money } from '../../../../contract.ts'
import type { CostLine } from '../../../../contractViews.ts'

/** Share of a limit that is used, 0 and up; null without a limit, or with one of 0. */
export function usedShare(usedUsd: number, limitUsd: number | null): number | null {
  return limitUsd === null || limitUsd <= 0 ? null : usedUsd / limitUsd
}

/** How money stands to its limit, as a word of the table of texts. */
export type LimitWord = 'free' | 'well' | 'near' | 'over'

const NEAR = 0.8

/** `free` without a limit, `near` from 80 % on, `over` from the limit on. */
export function limitWord(usedUsd: number, limitUsd: number | null): LimitWord {
  const share = usedShare(usedUsd, limitUsd)
  if (share === null) return limitUsd === null ? 'free' : 'over'
  if (share >= 1) return 'over'
  return share >= NEAR ? 'near' : 'well'
}

/** Hours until today's limit at the pace of the last hour; null where nobody can tell, 0 where it is reached. */
export function hoursLeft({ todayUsd, limitUsd, burnUsdPerHour }: Money): number | null {
  if (limitUsd === null) return null
  if (todayUsd >= limitUsd) return 0
  return burnUsdPerHour === null || burnUsdPerHour <= 0 ? null : (limitUsd - todayUsd) / burnUsdPerHour
}

/** Sums of a table. */
export function sumLines(lines: readonly CostLine[]): Omit<CostLine, 'key'> {
  const sum = (of: (line: CostLine) => number) => lines.reduce((total, line) => total + of(line), 0)
  return {
    calls: sum(({ calls }) => calls),
    inputTokens: sum(({ inputTokens }) => inputTokens),
    cachedTokens: sum(({ cachedTokens }) => cachedTokens),
    outputTokens: sum(({ outputTokens }) => outputTokens),
    usd: sum(({ usd }) => usd),
    unpricedCalls: sum(({ unpricedCalls }) => unpricedCalls),
  }
}

const COLUMNS = ['calls', 'inputTokens', 'cachedTokens', 'outputTokens', 'usd', 'unpricedCalls'] as const

/** The table as CSV (RFC 4180). A cell that a spreadsheet would take for a formula is made text. */
export function costsCsv(by: string, lines: readonly CostLine[]): string {
  const rows = lines.map((line) => [line.key, ...COLUMNS.map((column) => String(line[column]))])
  return [[by, ...COLUMNS], ...rows].map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('')
}

function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
