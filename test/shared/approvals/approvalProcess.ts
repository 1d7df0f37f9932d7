/** A process that asks, answers, uses and expires as it is told over its channel: `{ folder, steps }` → the results, in order. */
import { answer, ask, expire, use } from '../../../src/shared/approvals/approvals.ts'
import type { Instant } from '../../../src/shared/clock.ts'
import type { Step } from './steps.ts'

function take(folder: string, step: Step): unknown {
  const now: Instant = step.now
  switch (step.do) {
    case 'ask':
      return ask(folder, step.asked, now)
    case 'answer':
      return answer(folder, { id: step.id, verdict: step.verdict, by: { channel: 'terminal', who: 'me' } }, now)
    case 'use':
      return use(folder, step.id, step.digest, now)
    default:
      return expire(folder, now)
  }
}

process.on('message', ({ folder, steps }: { folder: string; steps: Step[] }) => {
  process.send?.(steps.map((step) => take(folder, step)))
})
process.send?.('ready')
