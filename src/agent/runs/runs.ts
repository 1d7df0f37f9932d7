/**
 * Works on runs: asks the model, appends what happened, and finishes after a restart what a kill has cut off.
 * The journal is the only memory: a run that was accepted is finished by this process or by its successor.
 */
import type { Gate, Obstacle } from '../../model/gate.ts'
import type { ModelRequest, Turn } from '../../model/modelCall.ts'
import { type Parked, type ParkedAs, parkedAs } from '../../shared/parked.ts'
import type { RunEnd } from '../journal/event.ts'
import type { Journal } from '../journal/journal.ts'
import { foldRun, type Run } from './fold.ts'
import { createLiveRun, type LiveRun, type Settled } from './liveRun.ts'
import { next } from './next.ts'

/** Earlier exchanges of a session that the model is told again. */
const MAX_EXCHANGES = 20
const MAX_RESUMED_AT_ONCE = 3

/** A question as it comes in. */
export type Question = { readonly run: string; readonly session: string; readonly text: string }

/** What became of a question. `conflict`: the id belongs to another question. */
export type Accepted =
  | { readonly ok: true; readonly live: LiveRun }
  | { readonly ok: true; readonly ended: Run }
  | { readonly ok: false; readonly why: 'conflict' | 'leaving' }
  | { readonly ok: false; readonly why: 'obstacle'; readonly obstacle: Obstacle }
  | { readonly ok: false; readonly why: 'parked'; readonly parked: ParkedAs }

export type Runs = {
  /** Takes a question, durably; one that was taken before (same id) leads to the same run. Throws only what the journal throws. */
  readonly accept: (question: Question) => Accepted
  readonly find: (run: string) => Run | undefined
  /** Ends a run on a person's wish; false when it is not being worked on. */
  readonly cancel: (run: string) => boolean
  /** Goes on with runs that a kill has cut off, a few at a time; those that are parked, or that the gate would not let through, stay for later. */
  readonly resumeUnfinished: () => Promise<void>
  /** Takes no more, and resolves when nothing is being worked on. */
  readonly drain: () => Promise<void>
  /** Lets go of everything: runs that have not ended are the successor's. */
  readonly letGo: () => void
  readonly liveCount: () => number
}

/** What the runs work with. */
export type RunsDependencies = {
  readonly journal: Journal
  readonly gate: Gate
  /** What is set aside now; read anew for each question. */
  readonly readParked: () => Parked
  readonly model: { readonly name: string; readonly maxTokens: number; readonly systemPrompt: string }
  /** Told of everything that could not be written; the run stays unfinished. */
  readonly onStorageError: (error: unknown) => void
}

/** Builds it. */
export function createRuns(dependencies: RunsDependencies): Runs {
  const { journal, gate, readParked } = dependencies
  const lives = new Map<string, LiveRun>()
  let isLeaving = false

  const begin = (run: string, session: string): LiveRun => {
    const live = createLiveRun(run, session, (self) => work(self, dependencies))
    lives.set(run, live)
    void live.settled.then(() => lives.delete(run))
    return live
  }
  const find = (run: string) => foldRun(journal.eventsOfRun(run))
  const again = (question: Question, known: Run): Accepted => {
    if (known.question !== question.text) return { ok: false, why: 'conflict' }
    if (known.end) return { ok: true, ended: known }
    const live = lives.get(known.run)
    if (!live && isLeaving) return { ok: false, why: 'leaving' }
    const parked = live ? undefined : parkedAs(readParked(), known)
    if (parked) return { ok: false, why: 'parked', parked }
    return { ok: true, live: live ?? begin(known.run, known.session) }
  }

  return {
    accept: (question) => {
      const known = find(question.run)
      if (known) return again(question, known)
      if (isLeaving) return { ok: false, why: 'leaving' }
      const parked = parkedAs(readParked(), question)
      if (parked) return { ok: false, why: 'parked', parked }
      const obstacle = gate.check(toRequest(question, dependencies))
      if (obstacle) return { ok: false, why: 'obstacle', obstacle }
      const { run, session, text } = question
      journal.append(run, session, { type: 'message_in', data: { text } })
      return { ok: true, live: begin(run, session) }
    },
    find,
    cancel: (run) => {
      const live = lives.get(run)
      if (!live) return false
      live.abort('cancelled')
      return true
    },
    resumeUnfinished: () =>
      resume(
        journal.unfinishedRuns().filter((run) => !lives.has(run)),
        async (run) => {
          const known = find(run)
          if (isLeaving || !known || known.end || lives.has(run)) return
          if (mayGoOn(known, dependencies)) await begin(run, known.session).settled
        },
      ),
    drain: async () => {
      isLeaving = true
      await Promise.all([...lives.values()].map((live) => live.settled))
    },
    letGo: () => {
      isLeaving = true
      for (const live of lives.values()) live.abort('leaving')
    },
    liveCount: () => lives.size,
  }
}

/** What is set aside stays so; what has its answer needs no model any more. */
function mayGoOn(run: Run, dependencies: RunsDependencies): boolean {
  const { gate, readParked } = dependencies
  if (parkedAs(readParked(), run)) return false
  return run.answer !== null || !gate.check(toRequest(questionOf(run), dependencies))
}

/** Takes runs in turn, {@link MAX_RESUMED_AT_ONCE} at a time. */
async function resume(waiting: string[], resumeOne: (run: string) => Promise<void>): Promise<void> {
  const inTurn = async () => {
    for (let run = waiting.shift(); run !== undefined; run = waiting.shift()) await resumeOne(run)
  }
  await Promise.all(Array.from({ length: MAX_RESUMED_AT_ONCE }, inTurn))
}

async function work(live: LiveRun, dependencies: RunsDependencies): Promise<Settled> {
  const { journal } = dependencies
  try {
    for (;;) {
      const run = foldRun(journal.eventsOfRun(live.run))
      if (!run) throw new Error(`the journal has no run ${live.run}`)
      const step = next(run)
      if (step.do === 'nothing') return { ok: true, run }
      const end = step.do === 'end' ? step.end : await ask(live, run, dependencies)
      if (end && isLetGo(end, live)) return { ok: false, why: 'leaving', reason: 'this process ends' }
      if (end) journal.append(live.run, live.session, { type: 'run_ended', data: end })
    }
  } catch (error) {
    dependencies.onStorageError(error)
    return { ok: false, why: 'storage', reason: error instanceof Error ? error.message : String(error) }
  }
}

/** A call that was cut off because this process leaves is no end: the successor asks again. */
function isLetGo(end: RunEnd, { signal }: LiveRun): boolean {
  return end.finish === 'failed' && end.kind === 'cancelled' && signal.reason === 'leaving'
}

/** One model call, with its two events. Returns how the run ends where the call came to nothing. */
async function ask(live: LiveRun, run: Run, dependencies: RunsDependencies): Promise<RunEnd | undefined> {
  const { journal, gate, model } = dependencies
  const request = toRequest(questionOf(run), dependencies)
  journal.append(live.run, live.session, {
    type: 'model_asked',
    data: { model: model.name, turns: request.turns.length },
  })
  const result = await gate.ask(request, { run: live.run, signal: live.signal, onText: live.push })
  const { usage, costUsd, latencyMs } = result
  const common = { model: model.name, usage, costUsd, latencyMs }
  journal.append(live.run, live.session, {
    type: 'model_answered',
    data: result.ok
      ? { ...common, text: result.text, stopReason: result.stopReason }
      : { ...common, text: null, stopReason: result.kind },
  })
  return result.ok ? undefined : { finish: 'failed', kind: result.kind, reason: result.reason }
}

function questionOf({ run, session, question }: Run): Question {
  return { run, session, text: question }
}

function toRequest(question: Question, { journal, model }: RunsDependencies): ModelRequest {
  const earlier = journal.exchanges(question.session, MAX_EXCHANGES).flatMap(({ question: asked, answer }): Turn[] => [
    { role: 'user', text: asked },
    { role: 'assistant', text: answer },
  ])
  return {
    model: model.name,
    system: model.systemPrompt,
    turns: [...earlier, { role: 'user', text: question.text }],
    maxTokens: model.maxTokens,
  }
}
