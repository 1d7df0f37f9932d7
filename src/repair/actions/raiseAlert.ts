import { type Action, defineAction, HOLDS } from '../action.ts'
import { exactly } from '../closedSet.ts'

/** An action that changes nothing and is always proved: a word in the same table and journal as everything else. */
function wordOnly(id: string, why: string, plan: string): Action {
  return defineAction<Record<string, never>, null>({
    id,
    why,
    risk: 0,
    timeLimitMs: 1_000,
    parseArgs: exactly({}),
    precondition: () => HOLDS,
    plan: () => plan,
    snapshot: () => null,
    act: () => ({ note: plan }),
    undo: () => {},
    postcondition: () => HOLDS,
    examples: {
      allowed: [{}],
      refused: [{ args: { text: 'call me' }, reason: 'what an alert says is not the asker’s' }],
    },
  })
}

/** Names that a person is needed; the alert itself is raised by whoever asked, out of the incident. */
export const raiseAlert: Action = wordOnly(
  'raise_alert',
  'Nothing that we may do would help: a person is needed.',
  'raise an alert and change nothing',
)

/** Names that nothing should be done. */
export const none: Action = wordOnly('none', 'Nothing should be done.', 'change nothing')
