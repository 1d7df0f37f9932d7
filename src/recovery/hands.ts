/** The hands as recovery uses them: the same executor as everybody's, with the lines of the journal found again, and what was tried lately. */
import type { Action } from '../repair/action.ts'
import { execute, type Hands, type RepairRequest } from '../repair/execute.ts'
import { lastRepairs, readJournal } from '../repair/journal.ts'
import { bootId, now } from '../shared/clock.ts'
import type { HomePaths } from '../shared/paths.ts'
import { readLearned } from './learnedFile.ts'
import type { Executed } from './ports.ts'
import { recentTries, type Tries } from './recentTries.ts'

/** Where they work. */
export type HandsOf = {
  readonly paths: HomePaths
  readonly appRoot: string
  readonly environment: NodeJS.ProcessEnv
  readonly actions: ReadonlyMap<string, Action>
}

/** The parts that the executor wants. */
export function handsOf({ paths, appRoot, environment, actions }: HandsOf): Hands {
  return { paths, environment, actions, root: appRoot }
}

/** Does one repair. A failed one is found by its action among what was written meanwhile: only one repair runs at a time. */
export async function carryOutWith(parts: HandsOf, request: RepairRequest): Promise<Executed> {
  const { at } = now()
  const done = await execute(handsOf(parts), request)
  if (done.ok) return done
  const mine = lastRepairs(parts.paths.repairsJournal, at).findLast(
    ({ action, by }) => action === request.action && by === request.by,
  )
  return { ...done, repairId: mine?.repairId ?? null }
}

/** What was tried lately against a fault. A repair after which its incident closed healed is no failed try. */
export function triesIn(paths: HomePaths, fault: string): Tries {
  const healed = readLearned(paths).tried.filter(({ outcome }) => outcome === 'healed')
  return recentTries({
    entries: readJournal(paths.repairsJournal),
    fault,
    healed: new Set(healed.map(({ repairId }) => repairId)),
    now: now(),
    bootId: bootId(),
  })
}
