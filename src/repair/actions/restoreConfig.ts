import { chmodSync, copyFileSync, existsSync, renameSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { writeFileDurably } from '../../shared/atomicFile.ts'
import { type ActionContext, defineAction, HOLDS, refuse } from '../action.ts'
import { exactly } from '../closedSet.ts'
import { lookAt, modeBits } from '../fileState.ts'
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
    const stats = lookAt(ctx.paths.settings)
    if (stats && !stats.isFile()) throw new Error('ottugi.yaml is not a regular file')
    if (stats) copyFileSync(ctx.paths.settings, copyOf(ctx))
    const goodHash = textHash(readKnownGood(ctx.paths)?.settingsText)
    return { mode: stats ? modeBits(stats) : null, goodHash }
  },
  act: (ctx, _args, { mode }) => {
    const good = readKnownGood(ctx.paths)
    const bad = settingsTextOf(ctx.paths)
    if (mode !== null) {
      copyFileSync(ctx.paths.settings, badFile(ctx))
      chmodSync(badFile(ctx), mode)
    }
    ctx.progress('act:kept')
    if (typeof good?.settingsText === 'string') writeFileDurably(ctx.paths.settings, good.settingsText, mode ?? 0o600)
    else if (mode !== null) unlinkSync(ctx.paths.settings)
    return { note: `restored the known good settings. ${shortDiff(bad ?? '', good?.settingsText ?? '')}` }
  },
  undo: (ctx, _args, { mode }) => {
    if (mode === null) {
      if (existsSync(ctx.paths.settings)) unlinkSync(ctx.paths.settings)
    } else if (existsSync(copyOf(ctx))) {
      // A rename brings it back whole. Once it is done, the copy is gone and a second undo finds nothing to do.
      chmodSync(copyOf(ctx), mode)
      renameSync(copyOf(ctx), ctx.paths.settings)
    }
    if (existsSync(badFile(ctx))) unlinkSync(badFile(ctx))
  },
  postcondition: (ctx, _args, { goodHash }) =>
    textHash(settingsTextOf(ctx.paths)) === goodHash ? HOLDS : refuse('ottugi.yaml is not the known good one'),
  examples: {
    allowed: [{}],
    refused: [{ args: { from: '/tmp/other.yaml' }, reason: 'only what was saved as known good is restored' }],
  },
})
