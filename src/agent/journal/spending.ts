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
  /** All sessions of the tree that this one is in. */
  readonly membersOf: (session: string) => readonly string[]
  /** The sum of a scope over the rows up to this one. */
  readonly sum: (scope: SummedScope, uptoSeq: number) => Spending
}

/** A scope whose tree is told as its sessions. */
export type SummedScope = Omit<SpendingScope, 'tree'> & { readonly sessions?: readonly string[] }

type Kept = { readonly scope: SummedScope; readonly sessions: ReadonlySet<string> | undefined } & {
  usd: number
  tokens: number
}

/** The sums by what they name, so that a new row is held only against those that it may belong to. */
type Places = Map<string, Set<Kept>>

/** So many scopes are kept; the one that was not asked for longest goes first and is summed anew when it is asked for again. */
const MAX_KEPT = 512

/** Builds the sums over a source. A tree that has grown is summed anew. */
export function createSpending(source: CostSource): (scope: SpendingScope) => Spending {
  const kept = new Map<string, Kept>()
  const places: Places = new Map()
  let seenSeq = source.lastSeq()

  const bringForward = () => {
    for (const row of source.rowsAfter(seenSeq)) {
      seenSeq = row.seq
      for (const sum of near(places, row)) {
        if (!fits(sum.scope, row) || sum.sessions?.has(row.session) === false) continue
        sum.usd += row.usd
        sum.tokens += row.tokens
      }
    }
  }
  return ({ tree, ...scope }) => {
    bringForward()
    const sessions = tree === undefined ? undefined : source.membersOf(tree)
    const key = JSON.stringify([scope.run, scope.session, scope.job, scope.sinceAt, tree, sessions?.length])
    const known = kept.get(key)
    const sum = known ?? keep({ ...scope, ...(sessions ? { sessions } : {}) }, source, seenSeq)
    if (!known) place(places, sum)
    kept.delete(key)
    kept.set(key, sum)
    const [oldest] = kept
    if (kept.size > MAX_KEPT && oldest) {
      kept.delete(oldest[0])
      displace(places, oldest[1])
    }
    return { usd: sum.usd, tokens: sum.tokens }
  }
}

function placeOf({ run, session }: SummedScope): string {
  if (run !== undefined) return `run ${run}`
  return session === undefined ? '' : `session ${session}`
}

function place(places: Places, sum: Kept): void {
  const name = placeOf(sum.scope)
  places.set(name, (places.get(name) ?? new Set()).add(sum))
}

function displace(places: Places, sum: Kept): void {
  const name = placeOf(sum.scope)
  const there = places.get(name)
  there?.delete(sum)
  if (there?.size === 0) places.delete(name)
}

function near(places: Places, { run, session }: CostRow): Kept[] {
  return [{ run }, { session }, {}].flatMap((scope) => [...(places.get(placeOf(scope)) ?? [])])
}

function keep(scope: SummedScope, { sum }: CostSource, uptoSeq: number): Kept {
  return { scope, sessions: scope.sessions && new Set(scope.sessions), ...sum(scope, uptoSeq) }
}

/** Does this call belong to the scope? Its tree is not looked at. */
export function fits({ run, session, job, sinceAt }: SummedScope, row: Omit<CostRow, 'seq'>): boolean {
  return (
    (run === undefined || run === row.run) &&
    (session === undefined || session === row.session) &&
    (job === undefined || job === row.job) &&
    (sinceAt === undefined || row.at >= sinceAt)
  )
}
