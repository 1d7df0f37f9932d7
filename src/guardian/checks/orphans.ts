import { orphansOf } from '../../repair/actions/stopOwnOrphan.ts'
import { stateOf } from '../../shared/identity.ts'
import { APPS } from '../../shared/paths.ts'
import type { Check } from '../check.ts'
import { say } from '../say.ts'

/**
 * Does an earlier process of ours live beside its successor, stopped? One that goes on is on its way out (the hand-over),
 * and whoever follows it decides when it has had enough time.
 */
export const orphans: Check = {
  id: 'orphans',
  title: 'processes of ours that were replaced',
  look: ({ paths, language }) =>
    APPS.flatMap((app) =>
      orphansOf(paths, app)
        .filter((orphan) => stateOf(orphan) === 'T')
        .map(({ pid }) => ({
          check: 'orphans',
          severity: 'warn' as const,
          what: say(language, 'guardian.orphan', { app, pid }),
          fault: 'own-orphan',
          repair: { action: 'stop_own_orphan', args: { app } },
        })),
    ),
}
