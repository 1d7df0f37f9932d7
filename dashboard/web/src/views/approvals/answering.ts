/** How a person answers a question: with the digest of exactly what was shown. */
import type { ActionResult, ShownApproval } from '../../../../contractViews.ts'
import { ask } from '../../live/ask.ts'
import type { Answer } from '../../live/problem.ts'

/** What can be said. `always` allows calls like this one in the same session as well; only the agent's questions have it. */
export type Said = 'approve' | 'always' | 'deny'

/** Says it. */
export function sayTo({ id, digest }: ShownApproval, said: Said): Promise<Answer<ActionResult>> {
  const body = {
    answer: said === 'deny' ? 'deny' : 'approve',
    digest,
    ...(said === 'always' ? { always: 'session' } : {}),
  }
  return ask(`api/approvals/${encodeURIComponent(id)}`, { method: 'POST', body })
}
