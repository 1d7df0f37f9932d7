/** Reads the end of the repair journal for those who only tell of repairs. Whoever makes or proves one uses `src/repair/journal.ts`. */
import { readTextIfThere } from './atomicFile.ts'
import type { IncidentAction } from './incident.ts'

/** A repair that ended, as its last line tells it. */
export type EndedRepair = IncidentAction & {
  readonly seq: number
  readonly fault: string
  /** Who asked for it. */
  readonly by: string
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

/** What the watchdog asked for beside a living agent has an incident of its own; what was only tidied up has none. */
const NOT_TOLD = ['watchdog', 'tidy']

/** The newest repair that was made and held, and is worth an incident. */
export function newestCommittedRepair(file: string): { seq: number; fault: string } | null {
  const repair = endedRepairs(file).findLast(({ isCommitted, by }) => isCommitted && !NOT_TOLD.includes(by))
  return repair ? { seq: repair.seq, fault: repair.fault } : null
}

/** Hash of the last whole line: the head of the journal's chain. Null where there is none. */
export function journalHead(file: string): string | null {
  try {
    const last = readTextIfThere(file)?.trimEnd().split('\n').at(-1)
    const { hash } = JSON.parse(last ?? '{}') as { hash?: unknown }
    return typeof hash === 'string' ? hash : null
  } catch {
    return null
  }
}

function parse(line: string): EndedRepair | undefined {
  try {
    const { seq, step, action, args, at, monoMs, fault, by, note } = JSON.parse(line)
    if (step !== 'committed' && step !== 'undone' && step !== 'failed') return undefined
    const isCommitted = step === 'committed'
    return {
      seq,
      action,
      args,
      at,
      monoMs,
      fault,
      by,
      verdict: 'allowed',
      result: note ?? step,
      undone: step === 'undone',
      isCommitted,
    }
  } catch {
    return undefined
  }
}
