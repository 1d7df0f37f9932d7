import type { Supervisor } from './supervisor.ts'

/**
 * The same supervisor for those who do not hold the start lock: what is to be started is started by one that lives, or not at all. Two who start
 * a supervisor at once would get two. Whoever sees that it is gone leaves a start of everything behind, which takes the lock.
 */
export function livingOnly(supervisor: Supervisor): Supervisor {
  return {
    ...supervisor,
    start: async (apps) => {
      if (supervisor.find()) return supervisor.start(apps)
      return { ok: false, reason: `${supervisor.kind} is gone; it is brought back with all that is missing` }
    },
  }
}
