/** What was spent, out of the table of costs of a database. */
import type Database from 'better-sqlite3'
import type { Spending } from './journal.ts'
import { createSessionTrees } from './sessionTrees.ts'
import { createSpending, type SummedScope } from './spending.ts'
import type { Statements } from './sqlStatements.ts'

/** Sums and trees over a database. */
export function spendingOf(database: Database.Database, statements: Statements) {
  const lastSeq = () => statements.lastSeq.get()?.seq ?? 0
  const trees = createSessionTrees({
    all: () => statements.branches.all(),
    after: (seq) => statements.branchesAfter.all(seq),
    lastSeq,
  })
  const spent = createSpending({
    rowsAfter: (seq) => statements.costsAfter.all(seq),
    lastSeq,
    membersOf: trees.membersOf,
    sum: createSums(database),
  })
  return { treeOf: trees.rootOf, spent }
}

type SumStatement = Database.Statement<(string | number)[], Spending>

/** Sums over the table of costs. Their statements are prepared once; those over a tree are as many as there are sizes of trees, and are not kept. */
function createSums(database: Database.Database): (scope: SummedScope, uptoSeq: number) => Spending {
  const kept = new Map<string, SumStatement>()
  const prepare = (where: string): SumStatement =>
    database.prepare(
      `SELECT coalesce(sum(usd), 0) AS usd, coalesce(sum(tokens), 0) AS tokens FROM costs WHERE ${where}`,
    )
  return ({ run, session, sessions, job, sinceAt }, uptoSeq) => {
    const terms = Object.entries({
      'run = ?': run,
      'session = ?': session,
      'job = ?': job,
      'at >= ?': sinceAt,
    }).flatMap(([term, value]) => (value === undefined ? [] : [{ term, values: [value] }]))
    if (sessions) terms.push({ term: `session IN (${sessions.map(() => '?').join(', ')})`, values: [...sessions] })
    const where = ['seq <= ?', ...terms.map(({ term }) => term)].join(' AND ')
    const sum = kept.get(where) ?? prepare(where)
    if (!sessions) kept.set(where, sum)
    return sum.get(uptoSeq, ...terms.flatMap(({ values }) => values)) ?? { usd: 0, tokens: 0 }
  }
}
