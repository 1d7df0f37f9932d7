/**
 * The scheduler. Order of things: a due moment is claimed in a transaction, its run is accepted under an id that follows from it, then it is marked as
 * started, and as done when its run has ended. A kill between any two leaves a claimed or a starting slot, which is accepted again under the same id: so no
 * moment is lost and none runs twice, over any number of processes and kills.
 */
import type { ScheduleSettings } from '../../shared/config/scheduleSection.ts'
import type { Slot } from '../../shared/schedule/job.ts'
import { latestSlots, nextDues } from './due.ts'
import { chooseDue, turnOf } from './policies.ts'
import { type JobQuestion, newSlot, questionOf } from './slotRun.ts'
import type { KeptJob, ScheduleStore } from './store.ts'

/** What the scheduler needs of the runs. */
export type ScheduledRuns = {
  /** Takes a question once; the same id again leads to the same run. `later`: worth another try. */
  readonly accept: (
    question: JobQuestion,
  ) => Promise<{ readonly ok: true } | { readonly ok: false; readonly why: 'later' | 'never'; readonly reason: string }>
  /** A run that was accepted, how it ended, and what it came to. */
  readonly find: (run: string) => { readonly ended: string | undefined; readonly text?: string } | undefined
  readonly cancel: (run: string) => Promise<boolean>
}

/** What is told of a moment: how its run ended (`not-run` where there was none) and what was said. */
export type ToldResult = {
  readonly job: Pick<KeptJob, 'name' | 'notify'>
  readonly run: string
  readonly finish: string
  readonly text: string
}

/** What the scheduler works with. */
export type SchedulerParts = {
  readonly store: ScheduleStore
  readonly runs: ScheduledRuns
  /** Tells the channels of a job what its moment came to. Durable when it returns; told again for the same run, it tells nothing more. */
  readonly tell: (told: ToldResult) => void
  readonly limits: Pick<ScheduleSettings, 'lateMs' | 'catchUpMost' | 'queueMost' | 'retryForMs' | 'historyKeep'>
}

/** So many are handed over at the same time. */
const ACCEPTED_AT_ONCE = 64

/** One beat at the wall clock `nowMs`: claims what is due, begins what can begin, notes what has ended. Tells whether something was begun or ended. */
export type Tick = (nowMs: number) => Promise<boolean>

/** Builds the beat. */
export function createTick(parts: SchedulerParts): Tick {
  const { store } = parts
  return async (nowMs) => {
    for (const id of store.dueJobs(nowMs)) store.together(() => claimDue(id, parts, nowMs))
    const ended = settle(parts)
    store.together(() => beginReady(parts, nowMs))
    await cancelOlder(parts)
    const begun = await handOver(parts, nowMs)
    return ended || begun
  }
}

/** When a job is due after `afterMs`; null when never again. */
export function nextOf(job: Pick<KeptJob, 'id' | 'trigger' | 'zone' | 'createdMs'>, afterMs: number): number | null {
  return nextDues(job, afterMs, 1)[0] ?? null
}

function claimDue(id: string, { store, limits }: SchedulerParts, nowMs: number): void {
  const job = store.job(id)
  if (!job || job.paused) return
  // A clock that went back: what comes again was claimed by name already, and is not claimed twice.
  if (job.cursorMs <= nowMs) claimWindow(job, { store, limits }, nowMs)
  store.advance(id, nowMs, nextOf(job, nowMs))
  store.prune(id, limits.historyKeep)
}

function claimWindow(job: KeptJob, { store, limits }: Pick<SchedulerParts, 'store' | 'limits'>, nowMs: number): void {
  const { lateMs, catchUpMost: most } = limits
  const { catchUp, cursorMs } = job
  const freshFromMs = Math.max(cursorMs, nowMs - lateMs - 1)
  // One more than is made up for: it stands for everything that was left out.
  const count = (catchUp === 'all' ? most : 1) + 1
  const missed = latestSlots(job, { fromMs: cursorMs, toMs: freshFromMs, count })
  const fresh = latestSlots(job, { fromMs: freshFromMs, toMs: nowMs, count: Number.POSITIVE_INFINITY })
  const { run, leftOut } = chooseDue([...missed, ...fresh], { catchUp, lateMs, most, nowMs })
  for (const due of run) store.claim(newSlot(due, job))
  if (leftOut) store.claim({ ...newSlot(leftOut, job), state: 'skipped', outcome: 'missed' })
}

/** Notes what has ended. */
function settle(parts: SchedulerParts): boolean {
  const { store, runs } = parts
  const ended = store.inState('started').flatMap((slot) => {
    const { ended: outcome, text = '' } = runs.find(slot.run) ?? {}
    return outcome === undefined ? [] : [{ ...slot, outcome, text }]
  })
  if (ended.length === 0) return false
  // Before it is noted: a kill in between tells it again, under the same name.
  for (const { job, run, outcome, text } of ended) tellResult(parts, { id: job, run }, { finish: outcome, text })
  store.together(() => {
    for (const { id, outcome } of ended) store.move(id, 'started', 'done', outcome)
  })
  return true
}

function tellResult(
  { store, tell }: SchedulerParts,
  { id, run }: { readonly id: string; readonly run: string },
  result: Pick<ToldResult, 'finish' | 'text'>,
): void {
  const job = store.job(id)
  if (job && job.notify.length > 0) tell({ job, run, ...result })
}

/** Moves what may begin on to `starting`. Each job is looked up once: thousands of its moments may wait. */
function beginReady({ store, limits }: SchedulerParts, nowMs: number): void {
  const seen = new Map<string, { readonly job: KeptJob | undefined; going: number; waiting: number }>()
  for (const { id, job: jobId } of store.ready(nowMs)) {
    const kept = seen.get(jobId) ?? { job: store.job(jobId), going: store.going(jobId), waiting: 0 }
    seen.set(jobId, kept)
    const { job, going, waiting } = kept
    if (!job) store.move(id, 'claimed', 'skipped', 'removed')
    if (!job || job.paused) continue
    const turn = turnOf(job.overlap, { going, waiting, most: mostWaiting(job, limits) })
    if (turn === 'wait') kept.waiting++
    else if (turn === 'skip') store.move(id, 'claimed', 'skipped', 'overlap')
    else if (store.move(id, 'claimed', 'starting')) kept.going++
  }
}

/** Missed moments that are all made up for come at once: their number does not make them too many. */
function mostWaiting({ catchUp }: KeptJob, { queueMost, catchUpMost }: SchedulerParts['limits']): number {
  return catchUp === 'all' ? Math.max(queueMost, catchUpMost) : queueMost
}

/** Where an old run gives way to a new one: cancels all but the newest of a job. Asked again each beat, so a kill in between forgets none. */
async function cancelOlder({ store, runs }: SchedulerParts): Promise<void> {
  const going = [...store.inState('starting'), ...store.inState('started')]
  const jobs = new Set(going.map(({ job }) => job).filter((id) => store.job(id)?.overlap === 'cancel-old'))
  for (const id of jobs) {
    const older = going
      .filter(({ job }) => job === id)
      .toSorted((a, b) => a.dueMs - b.dueMs)
      .slice(0, -1)
    for (const { id: slot, run, state } of older) {
      if (state === 'started') await runs.cancel(run)
      else if (runs.find(run) === undefined) store.move(slot, 'starting', 'skipped', 'overlap')
    }
  }
}

/** Hands over every slot that is `starting`: those of this beat, and those that a kill left so. */
async function handOver(parts: SchedulerParts, nowMs: number): Promise<boolean> {
  const starting = parts.store.inState('starting')
  let hasMoved = false
  for (let at = 0; at < starting.length; at += ACCEPTED_AT_ONCE) {
    const some = starting.slice(at, at + ACCEPTED_AT_ONCE)
    const moves = await Promise.all(some.map(async (slot) => ({ slot, move: await acceptOne(slot, parts, nowMs) })))
    const given = parts.store.together(() => moves.filter(({ slot, move }) => move && isGivenUp(slot, move, parts)))
    for (const { slot } of given) await parts.runs.cancel(slot.run)
    hasMoved ||= moves.some(({ move }) => move !== undefined)
  }
  return hasMoved
}

/** Notes what became of a slot; true when another process gave it up in the meantime, so that its run must not go on. */
function isGivenUp({ id }: Slot, { to, outcome }: NonNullable<Moved>, { store }: SchedulerParts): boolean {
  return !store.move(id, 'starting', to, outcome) && to === 'started' && store.slot(id)?.state === 'skipped'
}

type Moved = { readonly to: 'started' | 'skipped'; readonly outcome: string } | undefined

async function acceptOne(slot: Slot, parts: SchedulerParts, nowMs: number): Promise<Moved> {
  const { store, runs, limits } = parts
  const isKnown = () => runs.find(slot.run) !== undefined
  if (isKnown()) return { to: 'started', outcome: '' }
  const job = store.job(slot.job)
  if (!job) return { to: 'skipped', outcome: 'removed' }
  const accepted = await runs.accept(questionOf(job, slot))
  if (accepted.ok || isKnown()) return { to: 'started', outcome: '' }
  const isOver = accepted.why === 'never' || nowMs - slot.startMs > limits.retryForMs
  if (!isOver) return undefined
  tellResult(parts, { id: slot.job, run: slot.run }, { finish: 'not-run', text: accepted.reason })
  return { to: 'skipped', outcome: accepted.reason }
}
