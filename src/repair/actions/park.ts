import { basename, dirname } from 'node:path'
import { now } from '../../shared/clock.ts'
import { MAX_PARKED, PARKABLE_ID, type ParkedKind, readParked, withParked, writeParked } from '../../shared/parked.ts'
import { type Action, type ActionContext, defineAction, HOLDS, refuse, type Verdict } from '../action.ts'
import { exactly, matching } from '../closedSet.ts'
import { type FileSnapshot, restoreFile, snapshotFile } from '../heldFile.ts'
import { inFolder } from '../heldFolder.ts'
import { unfinishedRuns } from '../unfinishedRuns.ts'

/** So many lives of the agent must have ended over a run before it may be set aside. */
const MIN_LIVES = 2

/** How many lives ended over this run, or over a run of this session; undefined where agent.db has no such unfinished run. */
async function livesOver(ctx: ActionContext, what: 'run' | 'session', id: string): Promise<number | undefined> {
  const runs = (await unfinishedRuns(ctx.paths)).filter((one) => one[what] === id)
  return runs.length > 0 ? Math.max(...runs.map(({ livesEnded }) => livesEnded)) : undefined
}

async function mayPark(ctx: ActionContext, what: 'run' | 'session', id: string): Promise<Verdict> {
  const list = readParked(ctx.paths)[kindOf(what)]
  if (list.some((entry) => entry.id === id)) return refuse(`the ${what} is parked`)
  if (list.length >= MAX_PARKED) return refuse(`${MAX_PARKED} are parked: that is no single ${what} any more`)
  const lives = await livesOver(ctx, what, id)
  if (lives === undefined) return refuse(`there is no unfinished run of this ${what}`)
  return lives >= MIN_LIVES
    ? HOLDS
    : refuse(`${lives} lives of the agent ended over this ${what}; ${MIN_LIVES} are needed`)
}

function kindOf(what: 'run' | 'session'): ParkedKind {
  return what === 'run' ? 'runs' : 'sessions'
}

async function park(ctx: ActionContext, what: 'run' | 'session', id: string): Promise<{ note: string }> {
  const lives = (await livesOver(ctx, what, id)) ?? 0
  const reason = `the agent ended ${lives} times while it worked on this ${what}`
  const parked = withParked(readParked(ctx.paths), kindOf(what), { id, since: now().at, reason })
  inFolder(ctx.paths.home, dirname(ctx.paths.parked), (at) => writeParked(at(basename(ctx.paths.parked)), parked))
  return { note: `set the ${what} ${id} aside: ${reason}` }
}

type Words = { readonly id: string; readonly why: string; readonly what: 'run' | 'session' }

function parking({ id, why, what }: Words): Action {
  const idOf = (args: { readonly [key: string]: string }) => args[what] ?? ''
  return defineAction<{ readonly [key: string]: string }, FileSnapshot>({
    id,
    why,
    risk: 1,
    timeLimitMs: 5_000,
    parseArgs: exactly({ [what]: matching(PARKABLE_ID, 'an id of 1 to 64 letters, digits, _ or -') }),
    precondition: (ctx, args) => mayPark(ctx, what, idOf(args)),
    plan: (args) => `set the ${what} ${idOf(args)} aside until a person releases it`,
    snapshot: (ctx) => snapshotFile(ctx.paths.home, ctx.paths.parked),
    act: (ctx, args) => park(ctx, what, idOf(args)),
    undo: (ctx, _args, before) => restoreFile(ctx.paths.home, ctx.paths.parked, before),
    postcondition: (ctx, args) =>
      readParked(ctx.paths)[kindOf(what)].some((entry) => entry.id === idOf(args))
        ? HOLDS
        : refuse(`the ${what} is not on record as parked`),
    examples: {
      allowed: [{ [what]: '0b0f2b4e-8f0e-4d6c-9a43-3f1f6f1c2d11' }, { [what]: 'nightly_report' }],
      refused: [
        { args: { [what]: '../../etc/passwd' }, reason: 'a path is no id' },
        { args: { [what]: 'a; rm -rf /' }, reason: 'a command is no id' },
        { args: { [what]: 'x'.repeat(65) }, reason: 'no id of ours is that long' },
        { args: {}, reason: 'an id is needed' },
      ],
    },
  })
}

/** Sets one run aside that takes the agent down each time it is resumed. */
export const quarantineJob: Action = parking({
  id: 'quarantine_job',
  why: 'The agent dies each time it works on one run: set this run aside, so that everything else goes on.',
  what: 'run',
})

/** Sets a whole session aside. */
export const parkSession: Action = parking({
  id: 'park_session',
  why: 'The agent dies over the runs of one session: set the session aside, so that everything else goes on.',
  what: 'session',
})
