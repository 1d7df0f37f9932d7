/** What a bench gives, and how it is kept. */
import type { Machine } from './machine.ts'

/** One measured series. A value is null where the thing did not happen within its limit, or the run failed: worse than any number. */
export type Figure = {
  readonly title: string
  readonly unit: 'ms' | '%' | 'MiB' | 'kB' | 'times'
  readonly values: readonly (number | null)[]
  /** The promise: kept when p95 is not above it. */
  readonly target?: number
  readonly note?: string
}

/** What a drill says beside its figures. */
export type DrillFacts = {
  /** Row of the fault matrix. */
  readonly row: number
  readonly title: string
  readonly n: number
  readonly ok: number
  readonly tiers: readonly string[]
  /** How the incidents of the runs that went well ended; a run that needs no incident has none. */
  readonly outcomes: readonly string[]
  /** Runs in which a model was asked. */
  readonly modelRuns: number
  readonly falseRestarts: number
  readonly left: number
  /** One line for each run that failed. */
  readonly failures: readonly string[]
}

/** What one run of a bench came to. */
export type Outcome = {
  readonly figures: Readonly<Record<string, Figure>>
  readonly drill?: DrillFacts
  /** What could not be run here, and why. */
  readonly notRun?: readonly string[]
}

/** An outcome with its circumstances, as it stands in the results file. */
export type Measurement = Outcome & {
  readonly measuredAt: string
  readonly command: string
  readonly machine: Machine
  /** Load average over a minute when it began: above 0.3 something else ran beside it. */
  readonly loadBefore: number
}

/** All that was ever measured, by bench. */
export type Results = { readonly benches: Readonly<Record<string, Measurement>> }

/** A bench: `run` measures `times` times, or as often as makes sense for it, and never fails for a slow figure. */
export type Bench = {
  readonly id: string
  /** What `--rows` may say instead of the id. */
  readonly groups: readonly string[]
  readonly title: string
  readonly run: (options: RunOptions) => Promise<Outcome>
}

/** How much is measured. */
export type RunOptions = {
  readonly times: number
  /** Length of a run under load, in minutes; each bench has its own default. */
  readonly minutes: number | undefined
  /** What is known so far: a bench may build on another one's figure. */
  readonly results: Results
}
