/** PURE. Replay: would the loop of today have done what is written down? */
import type { RunEnd, RunEvent } from '../journal/event.ts'
import { foldEvent, type Run } from './fold.ts'
import { type LoopRules, next, type Step } from './next.ts'

/** An event that the loop would not have come to. */
export type Divergence = { readonly seq: number; readonly type: RunEvent['type']; readonly expected: string }

/** Ends that no event before them says. */
const FROM_OUTSIDE: readonly RunEnd['finish'][] = ['cancelled', 'failed', 'budget']

/**
 * Folds the events of one run again and gives every event that does not follow from those before it; none when the loop would do the same.
 * What comes from outside (messages, answers, verdicts, ends of tools, a person's wish to stop) is taken as it was.
 */
export function divergence(events: readonly RunEvent[], rules: LoopRules): Divergence[] {
  const found: Divergence[] = []
  let run: Run | undefined
  for (const event of events) {
    const expected = run ? expectedBefore(run, event, rules) : event.type === 'message_in' ? undefined : 'message_in'
    if (expected !== undefined) found.push({ seq: event.seq, type: event.type, expected })
    run = foldEvent(run, event)
  }
  return found
}

/** What should have come instead; undefined when the event fits. */
function expectedBefore(run: Run, event: RunEvent, rules: LoopRules): string | undefined {
  if (run.end) return 'nothing'
  const step = next(run, rules)
  return fits(run, step, event) ? undefined : step.do
}

function fits(run: Run, step: Step, event: RunEvent): boolean {
  switch (event.type) {
    case 'model_asked':
      return step.do === 'ask'
    case 'hinted':
      return step.do === 'hint' && step.kind === event.data.kind
    case 'gate_decided':
    case 'tool_started':
    case 'tool_ended':
      return run.calls.some(({ call, ended }) => call.id === event.data.call && !ended)
    case 'run_ended':
      return FROM_OUTSIDE.includes(event.data.finish) || (step.do === 'end' && step.end.finish === event.data.finish)
    default:
      return true
  }
}
