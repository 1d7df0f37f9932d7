/** The lasting permissions of the gates in their file. */
import { addAlways, permits, readAlways } from '../../shared/approvals/always.ts'
import type { Instant } from '../../shared/clock.ts'
import type { AlwaysPort } from './createGates.ts'

/** Reads the file anew for each question: what a person takes back counts at once. */
export function fileAlways(path: string, now: () => Instant): AlwaysPort {
  return {
    permits: (call) => readAlways(path, now().at).entries.some((entry) => permits(entry, call)),
    add: (permission) => void addAlways(path, permission, now().at),
  }
}
