import { verifyJournal } from '../../repair/journal.ts'
import type { Check } from '../check.ts'
import { say } from '../say.ts'

/** Is the repair journal as it was written? Nobody mends it: a broken chain is evidence. */
export const journal: Check = {
  id: 'journal',
  title: 'repair journal',
  look: ({ paths, language }) => {
    const verdict = verifyJournal(paths.repairsJournal)
    if (verdict.ok) return []
    const what = say(language, 'guardian.brokenChain', { line: verdict.brokenAt })
    const human = say(language, 'guardian.brokenChain.human', { path: paths.repairsJournal })
    return [{ check: 'journal', severity: 'warn', what, fault: 'journal-broken', human }]
  },
}
