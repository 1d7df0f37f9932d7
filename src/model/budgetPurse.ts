/**
 * The purse of a process: what was spent comes from the journal, what is in flight is held here with its worst case. A call opens an account, holds the
 * worst case of each attempt, and replaces it by the cost; after it was closed the cost stays held here until the journal has it too.
 */
import { startOfMonth } from '../shared/startOfMonth.ts'
import { startOfDay } from '../shared/status.ts'
import {
  type BudgetLimits,
  type Excess,
  excessOf,
  type Limit,
  limitsOf,
  type Periods,
  type Spender,
  type Spent,
  shareOf,
} from './budget.ts'
import { createHoldings, type Spending, sum } from './budgetHeld.ts'
import type { WorstCase } from './prices.ts'

/** A limit that is nearly used up, with the share that is used (0 to 1). */
export type Nearly = { readonly limit: Limit; readonly unit: 'usd' | 'tokens'; readonly share: number }

/** What one call holds and has spent. */
export type Account = {
  /** Holds the worst case of an attempt; or says which limit does not let it. */
  readonly hold: (worst: WorstCase) => Excess | undefined
  /** The attempt is over: its cost instead of its worst case. Returns limits that are nearly used up and were not told of yet. */
  readonly settle: (worst: WorstCase, cost: Spent) => readonly Nearly[]
  /** The call is over. */
  readonly close: () => void
}

export type Purse = {
  /** Which limit would not let this call through now. */
  readonly check: (who: Spender, worst: WorstCase) => Excess | undefined
  readonly open: (who: Spender) => Account
  /** True when the day or the month is so far used up that jobs have to wait. */
  readonly isTight: (who: Spender) => boolean
}

/** What a purse is made of. */
export type PurseParts = {
  readonly settings: BudgetLimits
  readonly spent: Spending
  readonly wallMs: () => number
  readonly monoMs: () => number
}

/** Limits that were told of are remembered, so many. */
const MAX_TOLD = 10_000

/** `spent` is what the journal has, `used` with what is held beside it. */
type Measured = { readonly limit: Limit; readonly spent: Spent; readonly used: Spent }

/** Builds the purse. */
export function createPurse({ settings, spent, wallMs, monoMs }: PurseParts): Purse {
  const holdings = createHoldings(spent, monoMs)
  const told = new Set<string>()

  const measure = (who: Spender): Measured[] => {
    holdings.letGoOfWritten()
    return limitsOf(who, settings, periodsAt(wallMs())).map((limit) => {
      const inJournal = spent(limit.scope)
      return { limit, spent: inJournal, used: sum([inJournal, ...holdings.within(limit.scope)]) }
    })
  }
  const judge = (measured: readonly Measured[], worst: WorstCase) => {
    for (const { limit, used } of measured) {
      const excess = excessOf(limit, used, worst)
      if (excess) return excess
    }
    return undefined
  }
  const tell = (measured: readonly Measured[], more: Spent): Nearly[] =>
    measured.flatMap(({ limit, spent: before }) => {
      // What others hold at its worst is not spent yet.
      const { share, unit } = shareOf(limit, sum([before, more]))
      const key = `${limit.key} ${unit}`
      if (share * 100 < settings.warnPercent || told.has(key)) return []
      remember(told, key)
      return [{ limit, unit, share }]
    })

  return {
    check: (who, worst) => judge(measure(who), worst),
    open: (who) => {
      const held = holdings.open(who)
      let measured: readonly Measured[] = []
      return {
        hold: (worst) => {
          measured = measure(who)
          const excess = judge(measured, worst)
          if (!excess) held.add(worst, 1)
          return excess
        },
        settle: (worst, cost) => {
          held.add(worst, -1)
          held.add(cost, 1)
          return tell(measured, cost)
        },
        close: held.close,
      }
    },
    isTight: (who) =>
      measure(who)
        .filter(({ limit }) => limit.name === 'day' || limit.name === 'month')
        .some(({ limit, spent: before }) => shareOf(limit, before).share * 100 >= settings.slowPercent),
  }
}

function periodsAt(wallMs: number): Periods {
  return {
    dayAt: new Date(startOfDay(wallMs)).toISOString(),
    monthAt: new Date(startOfMonth(wallMs)).toISOString(),
  }
}

function remember(told: Set<string>, key: string): void {
  const [oldest] = told
  if (told.size >= MAX_TOLD && oldest !== undefined) told.delete(oldest)
  told.add(key)
}
