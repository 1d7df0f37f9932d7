/** The questions that wait for a person, as they lie in `data/approvals/`. */
import { statSync } from 'node:fs'
import type { Approval } from '../../src/shared/approvals/approval.ts'
import { list } from '../../src/shared/approvals/approvals.ts'
import { now } from '../../src/shared/clock.ts'
import type { Reading } from '../../src/shared/watchdogReader.ts'
import { remembered } from './remembered.ts'

/** A question also ends by time: looked at anew after so many milliseconds. */
const LASTS_MS = 2_000

/** Every question that is kept, oldest first; read anew when the folder changed. */
export function createQuestions(folder: string): (nowMs: number) => Reading<readonly Approval[]> {
  return remembered({ make: () => read(folder), version: () => changedAt(folder), lastsMs: LASTS_MS })
}

function read(folder: string): Reading<readonly Approval[]> {
  try {
    return { ok: true, value: list(folder, now()) }
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) }
  }
}

/** Answers are new files: they change the time of their folder. */
function changedAt(folder: string): string {
  const stats = statSync(folder, { throwIfNoEntry: false })
  return stats ? `${stats.ino}:${stats.mtimeMs}` : ''
}
