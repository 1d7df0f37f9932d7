import type { Run } from '../runs/fold.ts'
import type { Runs } from '../runs/runs.ts'
import type { ScheduledRuns } from './scheduler.ts'

/** The runs of the agent, as the scheduler needs them. */
export function scheduledRuns(runs: Pick<Runs, 'accept' | 'find' | 'cancel'>): ScheduledRuns {
  return {
    accept: async (question) => {
      const accepted = await runs.accept(question)
      return accepted.ok ? { ok: true } : refusalOf(accepted)
    },
    find: (id) => {
      const run = runs.find(id)
      return run && { ended: run.end?.finish, text: said(run) }
    },
    cancel: runs.cancel,
  }
}

/** The answer; without a whole one the reason goes before what there is of it. */
function said({ end, text }: Run): string {
  const reason = end && 'reason' in end ? [end.reason] : []
  return [...reason, ...(text ? [text] : [])].join('\n\n')
}

function refusalOf(accepted: Extract<Awaited<ReturnType<Runs['accept']>>, { ok: false }>) {
  if (accepted.why === 'conflict') return { ok: false, why: 'never', reason: 'conflict' } as const
  const reason = accepted.why === 'obstacle' ? accepted.obstacle.reason : accepted.why
  return { ok: false, why: 'later', reason } as const
}
