/** Takes messages: durably, once for each id, and only where nothing stands in the way. */
import { type ParkedAs, parkedAs } from '../../shared/parked.ts'
import type { TakenMessage } from '../journal/journal.ts'
import { callerOf, wishOf } from './askModel.ts'
import { foldRun, type Run } from './fold.ts'
import type { LiveRun } from './liveRun.ts'
import type { LivingRuns } from './livingRuns.ts'
import type { LoopObstacle, RunsDependencies } from './ports.ts'

/** What became of a question. `conflict`: the id belongs to another question. `steered`: it was added to the run that is going on. */
export type Accepted =
  | { readonly ok: true; readonly live: LiveRun; readonly steered?: true }
  | { readonly ok: true; readonly ended: Run }
  | { readonly ok: false; readonly why: 'conflict' | 'leaving' }
  | { readonly ok: false; readonly why: 'obstacle'; readonly obstacle: LoopObstacle }
  | { readonly ok: false; readonly why: 'parked'; readonly parked: ParkedAs }

export type Intake = {
  /** Rejects only for what the journal throws. */
  readonly take: (message: TakenMessage) => Promise<Accepted>
  readonly find: (run: string) => Run | undefined
  /** Takes no more; resolves when what is being taken is taken. */
  readonly close: () => Promise<unknown>
  readonly isClosed: () => boolean
}

/** Builds it. */
export function createIntake(parts: RunsDependencies, living: LivingRuns): Intake {
  const { journal, readParked } = parts
  const taking = new Map<string, Promise<unknown>>()
  let isLeaving = false

  const find = (run: string) => living.get(run)?.tape.run() ?? foldRun(journal.eventsOfRun(run))
  const again = (question: string, known: Run): Accepted => {
    if (known.question !== question) return { ok: false, why: 'conflict' }
    if (known.end) return { ok: true, ended: known }
    const working = living.get(known.run)
    if (working) return { ok: true, live: working }
    if (isLeaving) return { ok: false, why: 'leaving' }
    const parked = parkedAs(readParked(), known)
    if (parked) return { ok: false, why: 'parked', parked }
    const live = living.claim(known.run)
    return live ? { ok: true, live } : { ok: false, why: 'leaving' }
  }
  const take = async (message: TakenMessage): Promise<Accepted> => {
    const known = find(message.run)
    if (known) return again(message.data.text, known)
    if (isLeaving) return { ok: false, why: 'leaving' }
    const hindrance = hindranceOf(message, parts)
    if (hindrance) return hindrance
    const taken = await journal.take(message, living.ownClaim())
    if (taken.ok) return { ok: true, live: living.begin(taken.lease, message.past ? undefined : [taken.event]) }
    const winner = find(message.run)
    if (!winner) throw new Error(`the run ${message.run} was refused and is not there`)
    return again(message.data.text, winner)
  }
  return {
    // Two clients with one id: the second one waits for what becomes of the first.
    take: async (message) => {
      while (taking.has(message.run)) await taking.get(message.run)
      const mine = take(message)
      const over = () => void taking.delete(message.run)
      taking.set(message.run, mine.then(over, over))
      return mine
    },
    find,
    close: () => {
      isLeaving = true
      return Promise.all([...taking.values()])
    },
    isClosed: () => isLeaving,
  }
}

/** Why a new message is not taken. */
function hindranceOf(
  { run, session, data }: TakenMessage,
  { gate, readParked }: RunsDependencies,
): Extract<Accepted, { ok: false }> | undefined {
  const parked = parkedAs(readParked(), { run, session })
  if (parked) return { ok: false, why: 'parked', parked }
  const obstacle = obstacleOf({ run, session, message: data }, gate)
  return obstacle && { ok: false, why: 'obstacle', obstacle }
}

/** Would a call with the question alone be let through? The whole of it is checked again when it is asked. */
export function obstacleOf(run: Pick<Run, 'run' | 'session' | 'message'>, gate: RunsDependencies['gate']) {
  const request = { system: '', turns: [{ role: 'user' as const, text: run.message.text }], ...wishOf(run) }
  return gate.check(request, callerOf(run))
}
