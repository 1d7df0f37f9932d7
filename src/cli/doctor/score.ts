/** PURE. What of the doctor's findings is about security, by area, and how each area stands. */
import type { Finding, Severity } from '../../guardian/check.ts'

/** The areas, in the order in which they are told, each with the checks that look at it. */
export const AREAS = {
  access: ['tokens', 'settings'],
  network: ['exposure'],
  secrets: ['plainSecrets'],
  files: ['modes', 'journal'],
  tools: ['sandbox', 'gates'],
  processes: ['processOwners', 'orphans'],
  program: ['dependencies', 'nodeVersion'],
} as const satisfies Readonly<Record<string, readonly string[]>>

/** One of them. */
export type Area = keyof typeof AREAS

/** How an area stands: 100 where nothing was found, 0 at the least. */
export type AreaScore = { readonly area: Area; readonly score: number; readonly findings: readonly Finding[] }

const BEST = 100
/** A fail leaves less than half, however well the rest stands. */
const COSTS: Readonly<Record<Severity, number>> = { ok: 0, warn: 15, fail: 60 }

/** Scores every area. What is tidied up some day is no question of security. */
export function scoreAreas(findings: readonly Finding[]): AreaScore[] {
  return Object.entries(AREAS).map(([area, checks]) => {
    const own = findings.filter(
      ({ check, severity }) => (checks as readonly string[]).includes(check) && severity !== 'ok',
    )
    const cost = own.reduce((sum, { severity }) => sum + COSTS[severity], 0)
    return { area: area as Area, score: Math.max(0, BEST - cost), findings: own }
  })
}

/** The whole is as strong as its weakest area. */
export function wholeScore(areas: readonly AreaScore[]): number {
  return Math.min(BEST, ...areas.map(({ score }) => score))
}
