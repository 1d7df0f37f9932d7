import { join } from 'node:path'
import { type ActionContext, defineAction, HOLDS, refuse } from '../action.ts'
import { exactly } from '../closedSet.ts'
import { modeBits } from '../fileState.ts'
import { copyFile, lookAtHeld, moveFile, removeFile, replaceFile } from '../heldFile.ts'
import { readKnownGood, textHash } from '../knownGoodFile.ts'
import { settingsTextOf } from '../settingsText.ts'
import { shortDiff } from '../shortDiff.ts'

type Snapshot = {
  /** Mode of the file that was there; null where there was none. */
  readonly mode: number | null
  readonly goodHash: string | null
}

/** Where the bad settings are kept: beside the good ones, for the owner to see and mend. */
function badFile(ctx: ActionContext): string {
  return `${ctx.paths.settings}.bad-${ctx.stamp}`
}

function copyOf(ctx: ActionContext): string {
  return join(ctx.folder, 'ottugi.yaml')
}

/** Puts the last known good settings back; the bad file stays beside them. Never touches `.env`. */
export const restoreConfig = defineAction<Record<string, never>, Snapshot>({
  id: 'restore_config',
  why: 'The settings are broken, or the agent crashes with them: put back the last ones it stayed healthy with.',
  risk: 1,
  timeLimitMs: 5_000,
  parseArgs: exactly({}),
  precondition: (ctx) => {
    const good = readKnownGood(ctx.paths)
    if (!good) return refuse('no known good settings were ever saved')
    return good.settingsText === settingsTextOf(ctx.paths) ? refuse('the settings are the known good ones') : HOLDS
  },
  plan: () => 'put back the last known good ottugi.yaml and keep the present one beside it',
  snapshot: (ctx) => {
    const { home, settings } = ctx.paths
    const stats = lookAtHeld(home, settings)
    if (stats && !stats.isFile()) throw new Error('ottugi.yaml is not a regular file')
    if (stats) copyFile(home, settings, copyOf(ctx))
    const goodHash = textHash(readKnownGood(ctx.paths)?.settingsText)
    return { mode: stats ? modeBits(stats) : null, goodHash }
  },
  act: (ctx, _args, { mode }) => {
    const { home, settings } = ctx.paths
    const good = readKnownGood(ctx.paths)?.settingsText
    const bad = settingsTextOf(ctx.paths)
    if (mode !== null) copyFile(home, copyOf(ctx), badFile(ctx))
    ctx.progress('act:kept')
    if (typeof good === 'string') replaceFile(home, settings, good, mode ?? 0o600)
    else removeFile(home, settings)
    return { note: `restored the known good settings. ${shortDiff(bad ?? '', good ?? '')}` }
  },
  undo: (ctx, _args, { mode }) => {
    const { home, settings } = ctx.paths
    if (mode === null) removeFile(home, settings)
    // A rename brings it back whole. Once it is done, the copy is gone and a second undo finds nothing to do.
    else if (lookAtHeld(home, copyOf(ctx))) moveFile(home, copyOf(ctx), settings)
    removeFile(home, badFile(ctx))
  },
  postcondition: (ctx, _args, { goodHash }) =>
    textHash(settingsTextOf(ctx.paths)) === goodHash ? HOLDS : refuse('ottugi.yaml is not the known good one'),
  examples: {
    allowed: [{}],
    refused: [{ args: { from: '/tmp/other.yaml' }, reason: 'only what was saved as known good is restored' }],
  },
})
