/**
 * Sums of what model calls cost, kept in memory and brought forward with every question: asked before each model call, they must not grow with the history.
 * Calls that other processes wrote down meanwhile are counted, because the rows are read from the database.
 */
import type { Spending, SpendingScope } from './journal.ts'
import type { CostRow } from './sqlStatements.ts'

/** Where the figures come from. */
export type CostSource = {
  /** Rows with a higher number, in order. */
  readonly rowsAfter: (seq: number) => readonly CostRow[]
  readonly lastSeq: () => number
  /** The sum of a scope over the rows up to this one. */
  readonly sum: (scope: SpendingScope, uptoSeq: number) => Spending
}

type Kept = { readonly scope: SpendingScope; usd: number; tokens: number }

/** So many scopes are kept; the one that was not asked for longest goes first and is summed anew when it is asked for again. */
const MAX_KEPT = 512

/** Builds the sums over a source. Scopes that name a tree are summed each time: a branch changes them afterwards. */
export function createSpending(source: CostSource): (scope: SpendingScope) => Spending {
  const kept = new Map<string, Kept>()
  let seenSeq = source.lastSeq()

  const bringForward = () => {
    for (const row of source.rowsAfter(seenSeq)) {
      seenSeq = row.seq
      for (const sum of kept.values()) {
        if (!fits(sum.scope, row)) continue
        sum.usd += row.usd
        sum.tokens += row.tokens
      }
    }
  }
  return (scope) => {
    bringForward()
    if (scope.tree !== undefined) return source.sum(scope, seenSeq)
    const key = JSON.stringify([scope.run, scope.session, scope.job, scope.sinceAt])
    const sum = kept.get(key) ?? { scope, ...source.sum(scope, seenSeq) }
    kept.delete(key)
    kept.set(key, sum)
    const oldest = kept.keys().next()
    if (kept.size > MAX_KEPT && !oldest.done) kept.delete(oldest.value)
    return { usd: sum.usd, tokens: sum.tokens }
  }
}

/** Does this call belong to the scope? A tree is not looked at. */
export function fits({ run, session, job, sinceAt }: SpendingScope, row: Omit<CostRow, 'seq'>): boolean {
  return (
    (run === undefined || run === row.run) &&
    (session === undefined || session === row.session) &&
    (job === undefined || job === row.job) &&
    (sinceAt === undefined || row.at >= sinceAt)
  )
}
