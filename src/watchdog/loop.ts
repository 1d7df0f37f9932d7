/**
 * One beat of the watchdog: look, think, write down, act. `tick` is public: `while (running) await tick()`.
 * `beat` is what the timer calls: while the link says that all is well it looks at the rest once a second.
 */
import { monotonicMs } from '../shared/clock.ts'
import type { RecoveryResult } from '../shared/recoveryResult.ts'
import { writeWithReserve } from '../shared/reserve.ts'
import type { AwakeClock } from './lateness.ts'
import { type Hands, perform } from './perform.ts'
import { recordRecovery } from './recoveryRecord.ts'
import { step } from './step.ts'
import { newWatch, type Observation, type Policy, type Watch } from './watch.ts'

/** Something else that is done once a beat and decides for itself. */
export type Beat = (now: number, isResting: boolean) => void

type LoopParts = {
  readonly observe: (now: number) => Observation
  readonly awake: AwakeClock
  readonly policy: Policy
  readonly hands: Hands
  readonly others: readonly Beat[]
  /** True when the agent's last word is so fresh that nothing can have happened to it. */
  readonly isFresh: (now: number) => boolean
}

/** A healthy ring is looked at as a whole this often: what ends or hangs wakes the loop by itself, or makes its link stale. */
const QUIET_MS = 900
/** So often the watch is saved when nothing but the time changed. */
const SAVE_EVERY_MS = 10_000

/** Makes the loop, which goes on where the last watchdog of this boot stopped. */
export function createLoop({ observe, awake, policy, hands, others, isFresh }: LoopParts): {
  readonly tick: () => void
  readonly beat: () => void
  readonly watch: () => Watch
} {
  let watch = resume(hands, policy)
  let savedAt = Number.NEGATIVE_INFINITY
  let lookedAt = Number.NEGATIVE_INFINITY
  const save = (next: Watch, now: number) => {
    const isNews = whatMatters(next) !== whatMatters(watch)
    if (!isNews && now - savedAt < SAVE_EVERY_MS) return
    hands.store.saveWatch(next)
    savedAt = now
  }
  const look = (now: number) => {
    lookedAt = now
    const seen = observe(now)
    const [next, actions] = step(watch, seen, now, policy)
    if (next.state.name !== watch.state.name) hands.log.info({ from: watch.state.name, to: next.state.name }, 'state')
    // Acting first: every action may be repeated, but one that was written down and not done would be lost by a kill in between.
    const incidentId = next.incident?.id ?? watch.incident?.id ?? null
    for (const action of actions)
      guarded(hands, () => writeWithReserve(hands.paths, () => perform(hands, action, incidentId)))
    if (seen.job.state === 'done') hands.job.forget()
    if (seen.recovery.state === 'done') tellRecovery(hands, seen.recovery.result, incidentId)
    guarded(hands, () => save(next, now))
    watch = next
    for (const beat of others) guarded(hands, () => beat(now, watch.state.name === 'maintenance'))
  }
  const isQuiet = (now: number) => watch.state.name === 'healthy' && now - lookedAt < QUIET_MS && isFresh(now)
  const beat = (mayRest: boolean) => {
    const now = monotonicMs()
    awake.beat(now)
    if (!mayRest || !isQuiet(now)) look(now)
  }
  return { tick: () => beat(false), beat: () => beat(true), watch: () => watch }
}

function resume({ store }: Hands, policy: Policy): Watch {
  const now = monotonicMs()
  const stored = store.loadWatch()
  if (!stored) return newWatch(now, policy)
  if (stored.isSameBoot) return stored.watch
  // Another boot: its times mean nothing, its numbers and its open incident do.
  const { lastIncidentId, toldRepairSeq, incident } = stored.watch
  const open = incident && { ...incident, lastGoodAt: now, detectedAt: now, upAt: null }
  return { ...newWatch(now, policy), lastIncidentId, toldRepairSeq, incident: open }
}

function whatMatters({ lastGoodAt: _, ...rest }: Watch): string {
  return JSON.stringify(rest)
}

/** Written down, then forgotten: a kill in between writes it down twice, under the same moment. */
function tellRecovery(hands: Hands, result: RecoveryResult, incidentId: number | null): void {
  guarded(hands, () => recordRecovery(hands.store, result, incidentId))
  hands.recovery.forget()
}

/** One thing that fails (a full disk under the database) must not keep the next one from being done, nor end the one who watches. */
function guarded({ log }: Hands, act: () => void): void {
  try {
    act()
  } catch (error) {
    log.error({ error: String(error) }, 'a step of the watchdog failed')
  }
}
