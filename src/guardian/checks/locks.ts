import { isStaleLock, LOCK_IDS, type LockId, lockPath } from '../../repair/actions/removeLock.ts'
import type { Check } from '../check.ts'
import { say } from '../say.ts'

/**
 * Are there locks of dead processes? A stale lock stops nobody here, because whoever takes it asks for the identity of its owner;
 * an identity file is simply written anew by the next process of its name. So identity files are only tidied up by the longer version.
 */
export const locks: Check = {
  id: 'locks',
  title: 'locks and identity files',
  look: ({ paths, language }) =>
    LOCK_IDS.filter((lock) => isStaleLock(lockPath(paths, lock)).ok).map((lock: LockId) => ({
      check: 'locks',
      severity: lock === 'start' ? ('warn' as const) : ('ok' as const),
      what: say(language, 'guardian.staleLock', { lock }),
      fault: 'stale-lock',
      repair: { action: 'remove_lock', args: { lock } },
    })),
}
