/** TIER 4: `recovery recover` as a job of the watchdog. Its word is taken for what was done, never for whether it helped. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { childEnvironment } from '../shared/childEnvironment.ts'
import { monotonicMs } from '../shared/clock.ts'
import type { Outcome } from '../shared/incident.ts'
import { appRoot } from '../shared/paths.ts'
import type { RecoveryResult } from '../shared/recoveryResult.ts'
import { type ChildJob, createChildJob, lastJsonLine } from './childJob.ts'

/** What recovery is told: the watchdog's words, the incident by its name, and when it must be done (monotonic ms). */
export type RecoveryOrder = {
  readonly fault: string | null
  readonly symptom: string | null
  readonly incident: string | null
  readonly deadline: number
}

/** The job, and the word about how the incident ended, from which recovery learns. */
export type RecoveryRunner = ChildJob<RecoveryOrder, { readonly result: RecoveryResult }> & {
  readonly settle: (incident: string, outcome: Outcome) => void
}

/** Recovery must have ended its own work before its process is ended. */
const LAST_WORDS_MS = 3_000
const SCRIPT = join(appRoot, 'src', 'recovery', 'main.ts')

/** `onChange` is called when the job ends. */
export function createRecoveryJob(home: string, environment: NodeJS.ProcessEnv, onChange: () => void): RecoveryRunner {
  const wordsOf = ({ fault, symptom, incident, deadline }: RecoveryOrder) => [
    SCRIPT,
    ...['recover', '--json', '--home', home],
    ...option('--fault', fault),
    ...option('--symptom', symptom),
    ...option('--incident', incident),
    ...option('--deadline-ms', String(Math.max(0, Math.round(deadline - monotonicMs() - LAST_WORDS_MS)))),
  ]
  return {
    ...createChildJob({ home, environment, wordsOf, read, onChange }),
    settle: (incident, outcome) => {
      const words = [SCRIPT, 'settle', '--home', home, '--incident', incident, '--outcome', outcome]
      const child = spawn(process.execPath, words, {
        env: childEnvironment(home, environment),
        cwd: appRoot,
        stdio: 'ignore',
      })
      child.on('error', () => {})
    },
  }
}

function option(name: string, value: string | null): string[] {
  return value === null ? [] : [name, value]
}

/** A result without a word is a failure that says so: nothing may look like success. */
function read(output: string, { fault }: RecoveryOrder, failure: string | null): { readonly result: RecoveryResult } {
  const result = lastJsonLine(output)
  if (failure === null && isResult(result)) return { result }
  const human = failure === null ? 'recovery ended without a result' : `recovery did not start: ${failure}`
  return {
    result: {
      ...{ ok: false, fault, proposals: [], modelCalls: [], evidence: null, approval: null },
      ...{ human, holdUntilMonoMs: null },
    },
  }
}

function isResult(value: unknown): value is RecoveryResult {
  const { ok, proposals, modelCalls } = (value ?? {}) as Partial<RecoveryResult>
  return typeof ok === 'boolean' && Array.isArray(proposals) && Array.isArray(modelCalls)
}
