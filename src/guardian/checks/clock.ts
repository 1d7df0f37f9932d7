import { join } from 'node:path'
import { lookAt } from '../../repair/fileState.ts'
import type { Check } from '../check.ts'
import { say } from '../say.ts'

/** A clock this far behind a file of ours is wrong, and not only a little late. */
const TOLERANCE_MS = 120_000

/**
 * Does the wall clock run behind? No file can be from the future: neither this program (its release) nor what we wrote last.
 * Only a warning: nothing decides by the wall clock here, but certificates and the owner's schedule do.
 */
export const clock: Check = {
  id: 'clock',
  title: 'wall clock',
  look: ({ paths, appRoot, language, wallMs }) => {
    const witnesses = [join(appRoot, 'package.json'), paths.boots, paths.repairsJournal, paths.agentDb]
    const newestMs = Math.max(0, ...witnesses.map((path) => lookAt(path)?.mtimeMs ?? 0))
    if (wallMs >= newestMs - TOLERANCE_MS) return []
    const iso = (ms: number) => new Date(ms).toISOString()
    const what = say(language, 'guardian.clockBehind', { clock: iso(wallMs), newest: iso(newestMs) })
    return [
      { check: 'clock', severity: 'warn', what, fault: 'clock-behind', human: say(language, 'guardian.clock.human') },
    ]
  },
}
