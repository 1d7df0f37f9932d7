import { type PlannedCall, questionOf } from '../loop/brain.ts'

const STEPS = 10
const TOOLS = ['look', 'put', 'send'] as const

/** The name of a run of the drill. */
export function runName(index: number): string {
  return `run-${index}`
}

/** Ten steps, a call each, that look, put and send in turn. */
export function questionFor(index: number): string {
  const rounds = Array.from({ length: STEPS }, (_, step): PlannedCall[] => [
    { name: TOOLS[(index + step) % TOOLS.length] ?? 'look', input: { n: step } },
  ])
  return questionOf({ rounds, final: `done ${index}` })
}
