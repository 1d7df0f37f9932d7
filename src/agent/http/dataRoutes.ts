/** `POST /api/data/sweep`: removes sessions and figures of model calls that are older than the moments in the body. Only for the scope `admin`. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { RequestHandler } from 'express'
import { messageOf } from '../../shared/entry.ts'
import { sendProblem } from '../../shared/http/problem.ts'
import { AGENT_AREAS, type RowCounts, readCutoffs } from '../../shared/retention/rows.ts'
import type { SweepOrder } from '../journal/sweepWorker.ts'

/** The route over that database. */
export function sweepRoute({ file }: { readonly file: string }): RequestHandler {
  return async (request, response) => {
    const cutoffs = readCutoffs(request.body, AGENT_AREAS)
    if (!cutoffs) {
      const detail = `Expected an object of ${AGENT_AREAS.join(', ')}, each with a moment (ISO 8601, UTC).`
      return sendProblem(response, { status: 400, name: 'bad-request', title: 'Not understood', detail })
    }
    try {
      response.json({ removed: await sweep({ file, cutoffs }) })
    } catch (error) {
      const detail = messageOf(error).split('\n')[0] ?? ''
      sendProblem(response, { status: 500, name: 'not-swept', title: 'Not removed', detail })
    }
  }
}

/** In a thread of its own: a large journal takes long to look through, and this one must beat. */
async function sweep(order: SweepOrder): Promise<RowCounts> {
  const worker = new Worker(new URL('../journal/sweepWorker.ts', import.meta.url), { workerData: order })
  const [counts] = await once(worker, 'message')
  return counts as RowCounts
}
