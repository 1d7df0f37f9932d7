/** The guardian's bench: looks, lets the hands mend what a finding names, and looks again, once. It never does anything itself. */
import { execute, type Hands } from '../repair/execute.ts'
import type { JsonValue } from '../repair/journal.ts'
import type { Check, Finding, GuardianContext, RepairProposal } from './check.ts'

/** One repair that was asked for, as the caller reports it. */
export type RepairRecord = {
  readonly action: string
  readonly args: JsonValue
  readonly ok: boolean
  readonly note: string
  readonly fault: string
  /** False for what was only tidied up: it kept nothing from starting. */
  readonly isCure: boolean
}

/** What one run of the guardian shares. */
export type Bench = {
  readonly ctx: GuardianContext
  readonly hands: Hands
  /** Who asked; the guardian itself where nothing is said. `tidy`: it only tidied up, which is no story of its own. */
  readonly by?: 'watchdog' | 'tidy'
  /** Grows with every repair. */
  readonly repairs: RepairRecord[]
}

/** Asks the hands for one repair and keeps what came of it. */
export async function mend(
  bench: Bench,
  { action, args }: RepairProposal,
  fault: string,
  isCure = true,
): Promise<boolean> {
  const result = await execute(bench.hands, { action, args, by: bench.by ?? 'guardian', fault })
  bench.repairs.push({ action, args, ok: result.ok, note: result.ok ? result.note : result.reason, fault, isCure })
  return result.ok
}

/** What is left after every finding that names an action was mended, and its check was asked again. */
export async function lookAndMend(bench: Bench, checks: readonly Check[]): Promise<Finding[]> {
  const left: Finding[] = []
  for (const check of checks) {
    const findings = await check.look(bench.ctx)
    const mended = await mendAll(bench, findings)
    left.push(...(mended ? await check.look(bench.ctx) : findings))
  }
  return left
}

async function mendAll(bench: Bench, findings: readonly Finding[]): Promise<boolean> {
  let mended = false
  for (const { repair, severity, fault } of findings) {
    if (!repair || (severity === 'ok' && !bench.ctx.deep)) continue
    const asker: Bench = severity === 'ok' ? { ...bench, by: 'tidy' } : bench
    mended = (await mend(asker, repair, fault, severity === 'fail')) || mended
  }
  return mended
}

/** What is bearable, by check: the sentences that are shown as degraded. */
export function degradedOf(findings: readonly Finding[]): Record<string, string> {
  const byCheck = Map.groupBy(
    findings.filter(({ severity }) => severity === 'warn'),
    ({ check }) => check,
  )
  const sentences = [...byCheck].map(([check, found]) => [check, [...new Set(found.map(({ what }) => what))].join(' ')])
  return Object.fromEntries(sentences)
}
