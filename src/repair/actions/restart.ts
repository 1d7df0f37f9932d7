import { type Identity, isAlive } from '../../shared/identity.ts'
import { readLiving } from '../../shared/runtimeFile.ts'
import { type ActionContext, defineAction, HOLDS, refuse, type Verdict } from '../action.ts'
import { answersLive } from '../answersLive.ts'
import { exactly, oneOf } from '../closedSet.ts'
import { endProcesses } from '../endProcess.ts'
import { ancestors, isProvedOurs } from '../provedProcess.ts'
import { LISTENING_APPS, type ListeningApp } from './useFallbackPort.ts'

/** How long `/livez` may take before a process counts as silent, in milliseconds. */
const ANSWER_MS = 1_000
/** How long the process gets to end after SIGTERM, in milliseconds. */
const POLITE_MS = 3_000

type Args = { readonly app: ListeningApp }

async function isSilent(ctx: ActionContext, app: ListeningApp): Promise<Verdict> {
  const file = readLiving(ctx.paths, app)
  if (!file) return refuse(`no living ${app} is announced: its supervisor starts it`)
  if (!isProvedOurs(ctx.paths, app, file)) return refuse(`process ${file.pid} is not proved to be our ${app}`)
  if (ancestors().has(file.pid)) return refuse(`the ${app} is asking for this itself`)
  if (typeof file.url !== 'string') return refuse(`the ${app} has not announced an address: it may be starting`)
  const answer = await answersLive(file.url, ANSWER_MS)
  if (answer === 'silent') return HOLDS
  return refuse(answer === 'answers' ? `the ${app} answers` : `${app}.json names an address of another machine`)
}

/**
 * Ends an app that lives and does not answer, so that its supervisor starts it anew. One that answers is never ended, and nothing is ever started here.
 */
export const restart = defineAction<Args, Identity>({
  id: 'restart',
  why: 'A process of ours lives and does not answer: end it, its supervisor starts it again.',
  risk: 0,
  timeLimitMs: ANSWER_MS + 3 * POLITE_MS,
  parseArgs: exactly({ app: oneOf(LISTENING_APPS) }),
  precondition: (ctx, { app }) => isSilent(ctx, app),
  plan: ({ app }) => `end the ${app}, which does not answer; its supervisor starts it again`,
  snapshot: (ctx, { app }) => {
    const file = readLiving(ctx.paths, app)
    if (!file) throw new Error(`the ${app} has ended meanwhile`)
    return { pid: file.pid, startTicks: file.startTicks, nonce: file.nonce }
  },
  act: async (ctx, { app }, target) => {
    // The announcement may have been replaced since it was judged: what is ended is what was proved.
    if (isAlive(target) && !isProvedOurs(ctx.paths, app, target)) throw new Error('it is not proved to be ours')
    const by = await endProcesses([target], { politeMs: POLITE_MS, signal: ctx.signal })
    return { note: `ended the ${app} (process ${target.pid}) by ${by}` }
  },
  undo: 'not undoable',
  postcondition: (_ctx, _args, target) => (isAlive(target) ? refuse('the process has not ended') : HOLDS),
  examples: {
    allowed: [{ app: 'agent' }, { app: 'dashboard' }],
    refused: [
      { args: { app: 'watchdog' }, reason: 'whoever asks for this is its child' },
      { args: { app: 'agent', pid: 1 }, reason: 'the identity file and the ledger prove the process, not the asker' },
    ],
  },
})
