/** What becomes of due moments: which are run after a time without a scheduler, which run now, and when exactly. Pure. */
import type { CatchUp, Overlap } from '../../shared/schedule/job.ts'
import type { DueSlot } from './due.ts'

/** Due moments of one window: those to run, and one that stands for everything that was left out. */
export type Chosen = { readonly run: readonly DueSlot[]; readonly leftOut: DueSlot | undefined }

/**
 * Chooses among the due moments of a window, ascending. What is not older than `lateMs` is always run. Of the missed ones: `skip` none; `once` the newest,
 * unless something is run anyway; `all` the newest `most`.
 */
export function chooseDue(
  slots: readonly DueSlot[],
  { catchUp, lateMs, most, nowMs }: { catchUp: CatchUp; lateMs: number; most: number; nowMs: number },
): Chosen {
  const missed = slots.filter(({ dueMs }) => dueMs < nowMs - lateMs)
  const fresh = slots.slice(missed.length)
  const made = missed.slice(missed.length - Math.min(missed.length, madeUp(catchUp, most, fresh.length)))
  return { run: [...made, ...fresh], leftOut: missed[missed.length - made.length - 1] }
}

function madeUp(catchUp: CatchUp, most: number, fresh: number): number {
  if (catchUp === 'all') return most
  return catchUp === 'once' && fresh === 0 ? 1 : 0
}

/** What to do with a due moment whose time has come. */
export type Turn = 'begin' | 'wait' | 'skip' | 'cancel-old'

/** Decides it. `going`: runs of the job that have not ended; `waiting`: earlier due moments of the job that wait. */
export function turnOf(
  overlap: Overlap,
  { going, waiting, most }: { going: number; waiting: number; most: number },
): Turn {
  if (going === 0) return 'begin'
  if (overlap === 'skip') return 'skip'
  if (overlap === 'cancel-old') return 'cancel-old'
  return waiting >= most ? 'skip' : 'wait'
}
