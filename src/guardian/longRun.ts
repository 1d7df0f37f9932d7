/** TIER 3 with minutes of time: what the watchdog runs as a child process when an agent does not come back. Every check, every page, every repair. */
import { ACTIONS } from '../repair/actions/table.ts'
import { finishInterrupted } from '../repair/execute.ts'
import { brokenExamples } from '../repair/policy.ts'
import { type Bench, lookAndMend, type RepairRecord } from './bench.ts'
import type { Finding } from './check.ts'
import { disk } from './checks/disk.ts'
import { createContext, type ExamineInput, laterChecks, WITHOUT_PACKAGES, withSettings } from './examine.ts'
import { say } from './say.ts'

/** Where the guardian works. */
export type LongRunInput = ExamineInput

/** What the longer version did and what is left: one JSON object for the watchdog, the doctor and a person. */
export type LongRunResult = {
  /** True when something was repaired, or nothing is wrong that would keep the agent from starting. */
  readonly ok: boolean
  readonly repairs: readonly RepairRecord[]
  readonly findings: readonly Finding[]
  /** What a person should do, where something is left that no action mends. */
  readonly human?: string
}

/** Ends what was interrupted, looks at everything, mends what can be mended, and looks again, once. */
export async function repair(input: LongRunInput): Promise<LongRunResult> {
  const broken = [...ACTIONS.values()].flatMap(brokenExamples)
  if (broken[0]) return { ok: false, repairs: [], findings: [], human: broken[0] }
  const bench = createBench(input)
  const interrupted = await finishInterrupted(bench.hands)
  if (!interrupted.ok)
    return { ok: false, repairs: [], findings: [], human: say(bench.ctx.language, 'guardian.repairOpen') }
  if (interrupted.finished) bench.repairs.push({ ...interrupted.finished, isCure: true })
  const findings = await lookAndMend(bench, WITHOUT_PACKAGES)
  const later = await laterChecks(findings)
  const [first, ...rest] = later
  // The settings first: what they say decides what the others look for.
  if (first) findings.push(...(await lookAndMend(bench, [first])))
  const ctx = await withSettings(bench.ctx, findings)
  findings.push(...(await lookAndMend({ ...bench, ctx }, rest)))
  return resultOf(bench, findings)
}

/**
 * Makes room on a full disk, and nothing else: what the watchdog asks for while the agent is well and must not be touched.
 * Without packages, and in a fraction of a second.
 */
export async function makeRoom(input: LongRunInput): Promise<LongRunResult> {
  const bench: Bench = { ...createBench(input), by: 'watchdog' }
  const findings = await lookAndMend(bench, [disk])
  return resultOf(bench, findings)
}

function createBench(input: LongRunInput): Bench {
  const { paths, environment, root } = input
  const hands = { paths, environment, ...(root === undefined ? {} : { root }) }
  return { ctx: createContext(input, true), hands, repairs: [] }
}

function resultOf({ repairs }: Bench, findings: readonly Finding[]): LongRunResult {
  const failed = findings.filter(({ severity }) => severity === 'fail')
  const ok = repairs.some((one) => one.ok) || failed.length === 0
  const human = [...failed, ...findings.filter(({ severity }) => severity === 'warn')].find((finding) => finding.human)
  return { ok, repairs, findings, ...(human ? { human: `${human.what} ${human.human}` } : {}) }
}
