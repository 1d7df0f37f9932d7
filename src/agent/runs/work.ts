/** The loop: decides the next step of a run and does it, until the run has ended or this process lets go of it. */
import type { RunEnd } from '../journal/event.ts'
import { askModel } from './askModel.ts'
import type { LiveRun, Settled } from './liveRun.ts'
import { type LoopRules, next, type Step } from './next.ts'
import type { RunsDependencies } from './ports.ts'
import { LostLease } from './tape.ts'
import { decideCalls, workOnCalls } from './toolWork.ts'

const NUDGE = 'Your answer was cut at its longest length. Go on exactly where it stopped, without repeating anything.'
const REFLECTION =
  'Several calls failed in a row. Before the next one, say in a sentence why they failed, and choose another way if the same one cannot work.'

const LEAVING: Settled = { ok: false, why: 'leaving', reason: 'this process ends' }

/** Works on a run. Never rejects: what cannot be written down is told, and leaves the run unfinished. */
export async function work(live: LiveRun, parts: RunsDependencies): Promise<Settled> {
  const rules = rulesOf(parts)
  try {
    for (;;) {
      // What is being added to the run is waited for, so that a run never ends without having heard it.
      await live.tape.pending()
      const settled = await beat(live, rules, parts)
      if (settled) return settled
    }
  } catch (error) {
    if (error instanceof LostLease) return { ok: false, why: 'leaving', reason: error.message }
    parts.onStorageError(error)
    return { ok: false, why: 'storage', reason: error instanceof Error ? error.message : String(error) }
  }
}

/** What the loop decides by. */
export function rulesOf({ limits, tools }: Pick<RunsDependencies, 'limits' | 'tools'>): LoopRules {
  return { rounds: limits.rounds, repeats: limits.repeats, safetyOf: (tool) => tools().get(tool)?.safety }
}

/** One beat. Gives how the run has settled, once it has. */
async function beat(live: LiveRun, rules: LoopRules, parts: RunsDependencies): Promise<Settled | undefined> {
  const { tape, signal, pausing } = live
  const run = tape.run()
  const step = next(run, rules)
  if (step.do === 'nothing') return { ok: true, run }
  if (signal.reason === 'leaving') return LEAVING
  if (signal.aborted) return end(live, { finish: 'cancelled' })
  if (step.do === 'end') return end(live, step.end)
  if (pausing.aborted) return LEAVING
  await take(step, live, rules, parts)
  return undefined
}

async function end({ tape }: LiveRun, data: RunEnd): Promise<undefined> {
  await tape.write({ type: 'run_ended', data })
}

async function take(step: Step, live: LiveRun, rules: LoopRules, parts: RunsDependencies): Promise<void> {
  switch (step.do) {
    case 'ask':
      return askModel(live, rules, parts)
    case 'decide':
      return decideCalls(live, step.calls, parts)
    case 'work':
      return workOnCalls(live, step.calls, parts)
    case 'hint': {
      const { kind } = step
      return live.tape.write({ type: 'hinted', data: { kind, text: kind === 'nudge' ? NUDGE : REFLECTION } })
    }
    default:
      return undefined
  }
}
