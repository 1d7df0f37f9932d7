import { BRAKE, type Life, livesOf, readBoots } from '../../shared/bootledger.ts'
import { bootId, monotonicMs, now } from '../../shared/clock.ts'
import type { HomePaths } from '../../shared/paths.ts'
import { defineAction, HOLDS, refuse } from '../action.ts'
import { exactly, integerFrom } from '../closedSet.ts'
import { type FileSnapshot, replaceFile, restoreFile, snapshotFile } from '../heldFile.ts'
import { type Hold, MAX_HOLD_MINUTES, readHold } from '../holdFile.ts'
import { inputsHash } from '../inputs.ts'

/** So far back short lives count as one crash loop, in milliseconds. */
const WINDOW_MS = 600_000
/** So many short lives are a crash loop. */
const LOOP_LIVES = 2

/** The lives of the agent that ended unasked within {@link WINDOW_MS} and were too short to count as a good start. */
function shortLives(paths: HomePaths, nowMonoMs: number): Life[] {
  return livesOf(readBoots(paths.boots), 'agent', bootId()).filter(
    ({ start, endMonoMs, planned }) =>
      !planned &&
      endMonoMs !== undefined &&
      nowMonoMs - endMonoMs <= WINDOW_MS &&
      endMonoMs - start.monoMs < BRAKE.stableMs,
  )
}

type Args = { readonly minutes: number }

/** Stops the restarts of a crash loop for a while, where each start only does the same harm again. */
export const holdRestart = defineAction<Args, FileSnapshot>({
  id: 'hold_restart',
  why: 'The agent fails again and again, and restarting it is what does the harm: hold its starts for some minutes.',
  risk: 0,
  timeLimitMs: 2_000,
  parseArgs: exactly({ minutes: integerFrom(1, MAX_HOLD_MINUTES) }),
  precondition: (ctx) => {
    const nowMonoMs = monotonicMs()
    const hold = readHold(ctx.paths, nowMonoMs, ctx.appRoot)
    if (hold) return refuse(`starts are held until ${hold.until}`)
    const { length } = shortLives(ctx.paths, nowMonoMs)
    return length >= LOOP_LIVES ? HOLDS : refuse(`the agent is in no crash loop (${length} short lives in 10 minutes)`)
  },
  plan: ({ minutes }) =>
    `refuse starts of the agent for ${minutes} minutes, or until its settings, secrets or packages change`,
  snapshot: (ctx) => snapshotFile(ctx.paths.home, ctx.paths.holdRestart),
  act: (ctx, { minutes }) => {
    const { monoMs, at } = now()
    const lastingMs = minutes * 60_000
    const hold: Hold = {
      bootId: bootId(),
      sinceMonoMs: monoMs,
      untilMonoMs: monoMs + lastingMs,
      until: new Date(Date.parse(at) + lastingMs).toISOString(),
      lives: shortLives(ctx.paths, monoMs).length,
      inputs: inputsHash(ctx.paths, ctx.appRoot),
    }
    replaceFile(ctx.paths.home, ctx.paths.holdRestart, `${JSON.stringify(hold, null, 2)}\n`)
    return { note: `starts of the agent are held for ${minutes} minutes, until ${hold.until}` }
  },
  undo: (ctx, _args, before) => restoreFile(ctx.paths.home, ctx.paths.holdRestart, before),
  postcondition: (ctx) =>
    readHold(ctx.paths, monotonicMs(), ctx.appRoot) ? HOLDS : refuse('the hold is not in force'),
  examples: {
    allowed: [{ minutes: 1 }, { minutes: 60 }],
    refused: [
      { args: { minutes: 0 }, reason: 'no time is no hold' },
      { args: { minutes: 100_000 }, reason: 'a hold must end while somebody still remembers it' },
      { args: { minutes: 5, until: 'forever' }, reason: 'its end is ours to work out' },
    ],
  },
})
