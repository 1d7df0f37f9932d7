/** TIER 3: `guardian repair` as a job of the watchdog. */
import { join } from 'node:path'
import { appRoot } from '../shared/paths.ts'
import { type ChildJob, createChildJob, lastJsonLine } from './childJob.ts'
import type { RepairJob } from './watch.ts'

type Outcome = Omit<Extract<RepairJob, { state: 'done' }>, 'state'>

/** The guardian's longer repair; the order is the fault it is for, in the watchdog's word. */
export type GuardianJob = ChildJob<string | null, Outcome>

/** `onChange` is called when the job ends. */
export function createGuardianJob(home: string, environment: NodeJS.ProcessEnv, onChange: () => void): GuardianJob {
  const wordsOf = (fault: string | null) => [
    join(appRoot, 'src', 'guardian', 'main.ts'),
    ...['repair', '--json', '--home', home],
    ...(fault ? ['--fault', fault] : []),
  ]
  return createChildJob({ home, environment, wordsOf, read, onChange })
}

function read(output: string, fault: string | null, failure: string | null): Outcome {
  if (failure !== null) return { ok: false, fault, human: `the guardian did not start: ${failure}` }
  const result = lastJsonLine(output) as
    | { ok?: boolean; human?: string; repairs?: { fault?: string; ok?: boolean; isCure?: boolean }[] }
    | undefined
  if (!result) return { ok: false, fault, human: 'the guardian ended without a result' }
  const repaired = result.repairs?.findLast((repair) => repair.ok && repair.isCure)
  // All well and nothing mended is no cure: the cause is one that no check knows.
  return {
    ok: result.ok === true && repaired !== undefined,
    fault: repaired?.fault ?? fault,
    human: result.human ?? null,
  }
}
