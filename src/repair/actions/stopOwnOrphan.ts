import { livesOf, readBoots } from '../../shared/bootledger.ts'
import { bootId } from '../../shared/clock.ts'
import { type Identity, isAlive, sameProcess } from '../../shared/identity.ts'
import { APPS, type AppName, type HomePaths } from '../../shared/paths.ts'
import { readLiving } from '../../shared/runtimeFile.ts'
import { defineAction, HOLDS, refuse } from '../action.ts'
import { exactly, oneOf } from '../closedSet.ts'
import { endProcesses } from '../endProcess.ts'
import { ancestors, isProvedOurs } from '../provedProcess.ts'

/** How long a process gets to end by itself after SIGTERM, before SIGKILL. */
const POLITE_MS = 2_000

type Args = { readonly app: AppName }

/** All living processes of one app that the boot ledger or the identity file prove to be ours, oldest first. */
export function livingOf(paths: HomePaths, app: AppName): Identity[] {
  const lives = livesOf(readBoots(paths.boots), app, bootId())
    .map(({ start: { pid, startTicks, nonce } }) => ({ pid, startTicks, nonce }))
    .filter(isAlive)
  const named = readLiving(paths, app)
  if (!named || lives.some((life) => sameProcess(life, named))) return lives
  return [{ pid: named.pid, startTicks: named.startTicks, nonce: named.nonce }, ...lives].toSorted(
    (a, b) => a.startTicks - b.startTicks,
  )
}

/** The processes of one app that a newer one has replaced. The newest is never an orphan, nor are we, nor our parents. */
export function orphansOf(paths: HomePaths, app: AppName): Identity[] {
  const kin = ancestors()
  return livingOf(paths, app)
    .slice(0, -1)
    .filter((life) => !kin.has(life.pid) && isProvedOurs(paths, app, life))
}

/**
 * Ends what is left of an earlier process of ours, with its group. Its identity is proved by pid and start time out of the boot
 * ledger or the identity file, never by name; the newest process of an app is never ended.
 */
export const stopOwnOrphan = defineAction<Args, readonly Identity[]>({
  id: 'stop_own_orphan',
  why: 'An earlier process of ours still lives beside its successor and holds a port or a lock: end it.',
  risk: 0,
  timeLimitMs: 3 * POLITE_MS,
  parseArgs: exactly({ app: oneOf(APPS) }),
  precondition: (ctx, { app }) =>
    orphansOf(ctx.paths, app).length > 0 ? HOLDS : refuse(`no earlier ${app} lives beside a newer one`),
  plan: ({ app }) => `end every earlier ${app} that still lives beside its successor`,
  snapshot: (ctx, { app }) => orphansOf(ctx.paths, app),
  act: async (ctx, { app }, targets) => {
    const by = await endProcesses(targets, { politeMs: POLITE_MS, signal: ctx.signal })
    return { note: `ended ${app} ${targets.map(({ pid }) => pid).join(', ')} by ${by}` }
  },
  undo: 'not undoable',
  postcondition: (_ctx, _args, targets) => (targets.some(isAlive) ? refuse('the process has not ended') : HOLDS),
  examples: {
    allowed: [{ app: 'agent' }],
    refused: [
      { args: { app: 'sshd' }, reason: 'only processes of ours' },
      { args: { app: 'agent', pid: 1 }, reason: 'the ledger proves the process, not the asker' },
    ],
  },
})
