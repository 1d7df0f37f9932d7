/** Reads the end of the repair journal for those who only tell of repairs. Whoever makes or proves one uses `src/repair/journal.ts`. */
import { readTextIfThere } from './atomicFile.ts'
import type { IncidentAction } from './incident.ts'

/** A repair that ended, as its last line tells it. */
export type EndedRepair = IncidentAction & {
  readonly seq: number
  readonly fault: string
  readonly monoMs: number
  readonly isCommitted: boolean
}

/** The repairs that ended after line `afterSeq`, oldest first. A missing or broken journal gives none. */
export function endedRepairs(file: string, afterSeq = 0): EndedRepair[] {
  let text: string | undefined
  try {
    text = readTextIfThere(file)
  } catch {
    return []
  }
  return (text ?? '').split('\n').flatMap((line) => {
    const repair = parse(line)
    return repair && repair.seq > afterSeq ? [repair] : []
  })
}

/** The newest repair that was made and held. */
export function newestCommittedRepair(file: string): { seq: number; fault: string } | null {
  const repair = endedRepairs(file).findLast((candidate) => candidate.isCommitted)
  return repair ? { seq: repair.seq, fault: repair.fault } : null
}

function parse(line: string): EndedRepair | undefined {
  try {
    const { seq, step, action, args, at, monoMs, fault, note } = JSON.parse(line)
    if (step !== 'committed' && step !== 'undone' && step !== 'failed') return undefined
    const isCommitted = step === 'committed'
    return {
      seq,
      action,
      args,
      at,
      monoMs,
      fault,
      verdict: 'allowed',
      result: note ?? step,
      undone: step === 'undone',
      isCommitted,
    }
  } catch {
    return undefined
  }
}
