/** The laws of the heart, over random histories of a simulated agent. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Identity } from '../../src/shared/identity.ts'
import type { RecoveryResult } from '../../src/shared/recoveryResult.ts'
import { step } from '../../src/watchdog/step.ts'
import {
  type Action,
  newWatch,
  type Observation,
  type Policy,
  type RecoveryJob,
  type RepairJob,
  type Watch,
} from '../../src/watchdog/watch.ts'

const POLICY: Policy = {
  failureThreshold: 3,
  hangMs: 2_000,
  silentMs: 1_000,
  startTimeoutMs: 20_000,
  holdMs: 3_000,
  restartWindowMs: 600_000,
  maxRestarts: 5,
  maxRepairs: 2,
  repairTimeoutMs: 180_000,
  maxRecoveries: 3,
  recoveryTimeoutMs: 30_000,
  retryMinMs: 30_000,
  retryMaxMs: 300_000,
}
const BEAT_MS = 250

/** What happens to the simulated agent in one beat. */
type Event =
  | 'none'
  | 'exit'
  | 'planned-exit'
  | 'stop'
  | 'block'
  | 'refuse-paced'
  | 'refuse-fault'
  | 'come'
  | 'edit-settings'
  | 'repair-ok'
  | 'repair-failed'
  | 'recovery-ok'
  | 'recovery-failed'
  | 'recovery-holds'
  | 'answer'
const EVENTS: readonly Event[] = [
  'none',
  'exit',
  'planned-exit',
  'stop',
  'block',
  'refuse-paced',
  'refuse-fault',
  'come',
  'edit-settings',
  'repair-ok',
  'repair-failed',
  'recovery-ok',
  'recovery-failed',
  'recovery-holds',
  'answer',
]

/** A small world: one agent, its supervisor asleep unless the history says that a process comes. */
type World = {
  pid: number
  alive: boolean
  procState: string
  blockedSince: number | null
  stoppedSince: number | null
  refusal: Observation['refusal']
  planned: string[]
  job: RepairJob
  recovery: RecoveryJob
  answers: number
  inputs: number
  maintenanceUntil: number | null
}

function identityOf(world: World): Identity {
  return { pid: world.pid, startTicks: world.pid * 10, nonce: `n${world.pid}` }
}

function newWorld(): World {
  return {
    pid: 100,
    alive: true,
    procState: 'S',
    blockedSince: null,
    stoppedSince: null,
    refusal: null,
    planned: [],
    job: { state: 'none' },
    recovery: { state: 'none' },
    answers: 0,
    inputs: 0,
    maintenanceUntil: null,
  }
}

function look(world: World, now: number): Observation {
  const identity = identityOf(world)
  return {
    agent: {
      identity,
      alive: world.alive,
      procState: world.alive ? world.procState : null,
      link: world.alive ? 'connected' : 'closed',
      linkClosedForMs: world.alive ? 0 : 10_000,
      phase: world.alive ? 'ready' : null,
      silentMs: world.stoppedSince === null ? 0 : now - world.stoppedSince,
      mainAgeMs: world.blockedSince === null ? 0 : now - world.blockedSince,
      cpuShare: 1,
      busyUntil: null,
      healthFailures: 0,
      healthPassed: world.alive,
      degraded: [],
    },
    plannedEnds: world.planned,
    endFaults: {},
    living: world.alive ? [identity.nonce] : [],
    refusal: world.alive ? null : world.refusal,
    job: world.job,
    maintenanceUntil: world.maintenanceUntil,
    inputs: String(world.inputs),
    recovery: world.recovery,
    answers: String(world.answers),
    newestRepair: null,
  }
}

function happen(world: World, event: Event, now: number): void {
  if (event === 'come' && !world.alive) {
    Object.assign(world, {
      pid: world.pid + 1,
      alive: true,
      procState: 'S',
      blockedSince: null,
      stoppedSince: null,
      refusal: null,
    })
  }
  if (event === 'edit-settings') world.inputs++
  if (event.startsWith('repair-') && world.job.state === 'running') {
    world.job = { state: 'done', ok: event === 'repair-ok', fault: 'settings-invalid', human: null }
  }
  if (event === 'answer') world.answers++
  if (event.startsWith('recovery-') && world.recovery.state === 'running')
    world.recovery = { state: 'done', result: recoveryResult(event, now) }
  if (!world.alive && event === 'refuse-paced')
    world.refusal = { fault: 'crash-loop', reason: 'x', atMonoMs: now, untilMonoMs: now + 3_000 }
  if (!world.alive && event === 'refuse-fault')
    world.refusal = { fault: 'database-corrupt', reason: 'x', atMonoMs: now, untilMonoMs: null }
  if (!world.alive) return
  if (event === 'exit' || event === 'planned-exit') {
    if (event === 'planned-exit') world.planned = [...world.planned, identityOf(world).nonce]
    world.alive = false
  }
  if (event === 'stop') Object.assign(world, { procState: 'T', stoppedSince: world.stoppedSince ?? now })
  if (event === 'block') world.blockedSince ??= now
}

function recoveryResult(event: Event, now: number): RecoveryResult {
  const ok = event !== 'recovery-failed'
  const holdUntilMonoMs = event === 'recovery-holds' ? now + 600_000 : null
  const human = ok ? null : 'look at it'
  return {
    ...{ ok, fault: 'disk-full', proposals: [], modelCalls: [], evidence: null, approval: null },
    ...{ human, holdUntilMonoMs },
  }
}

function act(world: World, action: Action): void {
  if (action.do === 'kill' && action.target.pid === world.pid) world.alive = false
  if (action.do === 'resume') Object.assign(world, { procState: 'S', stoppedSince: null })
  if (action.do === 'runGuardian') world.job = { state: 'running' }
  if (action.do === 'runRecovery') world.recovery = { state: 'running' }
  if (action.do === 'cancelRecovery') world.recovery = { state: 'done', result: recoveryResult('recovery-failed', 0) }
  if (action.do === 'cancelGuardian') world.job = { state: 'done', ok: false, fault: null, human: null }
}

type Beat = {
  readonly now: number
  readonly before: Watch
  readonly seen: Observation
  readonly actions: readonly Action[]
  readonly after: Watch
  readonly event: Event
}

/** Plays a history; `supervised` brings a new process a beat after each end, as the supervisor does. */
function play(
  history: readonly Event[],
  supervised: boolean,
  world: World = newWorld(),
  start = newWatch(0, POLICY),
): Beat[] {
  let watch = start
  return history.map((event, index) => {
    const now = (index + 1) * BEAT_MS
    if (supervised && !world.alive && world.refusal === null && event === 'none') happen(world, 'come', now)
    happen(world, event, now)
    const seen = look(world, now)
    const [after, actions] = step(watch, seen, now, POLICY)
    const beat = { now, before: watch, seen, actions, after, event }
    if (world.job.state === 'done') world.job = { state: 'none' }
    if (world.recovery.state === 'done') world.recovery = { state: 'none' }
    for (const action of actions) act(world, action)
    if (actions.some((action) => action.do === 'startAgent') && supervised) happen(world, 'come', now)
    watch = after
    return beat
  })
}

const histories = fc.array(fc.constantFrom(...EVENTS), { minLength: 1, maxLength: 400 })
const settled = (count: number): Event[] => Array.from({ length: count }, () => 'none')

describe('the laws of the watch, over random histories', () => {
  it('never touches a healthy agent', () => {
    fc.assert(
      fc.property(histories, fc.boolean(), (history, supervised) => {
        for (const beat of play(history, supervised)) {
          const { agent } = beat.seen
          const isWell = agent.alive && agent.procState === 'S' && agent.silentMs === 0 && agent.mainAgeMs === 0
          const touches = beat.actions.filter(
            (action) => action.do === 'kill' || action.do === 'resume' || action.do === 'startAgent',
          )
          if (isWell && touches.length > 0) {
            // Only a slow retry or a repaired start may coincide with a process that has just come up.
            expect(['givenUp', 'repairing', 'recovering']).toContain(beat.before.state.name)
          }
        }
      }),
      { numRuns: 300 },
    )
  })

  it('never asks for a start while a process lives: the supervisor would restart it', () => {
    fc.assert(
      fc.property(histories, fc.boolean(), (history, supervised) => {
        for (const beat of play(history, supervised)) {
          const kills = beat.actions.some((action) => action.do === 'kill')
          if (beat.seen.agent.alive && !kills)
            expect(beat.actions.map((action) => action.do)).not.toContain('startAgent')
        }
      }),
      { numRuns: 300 },
    )
  })

  it('does nothing during maintenance', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const world = newWorld()
        world.maintenanceUntil = Number.MAX_SAFE_INTEGER
        for (const beat of play(history, false, world)) {
          expect(beat.actions).toEqual([])
          expect(beat.after.state.name).toBe('maintenance')
        }
      }),
    )
  })

  it('asks the next tier after maxRestarts unplanned starts in a window, unless a higher tier healed it', () => {
    fc.assert(
      fc.property(histories, (history) => {
        let kills = 0
        for (const beat of play(history, true)) {
          const isFresh = beat.actions.some((action) => action.do === 'resetLedger')
          if (isFresh) kills = 0
          kills += beat.actions.filter((action) => action.do === 'kill').length
          expect(kills).toBeLessThanOrEqual((POLICY.maxRestarts + 1) * (1 + POLICY.maxRepairs))
          expect(beat.after.starts.length).toBeLessThanOrEqual(POLICY.maxRestarts + history.length)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('never runs the guardian more than maxRepairs times in a window', () => {
    fc.assert(
      fc.property(histories, fc.boolean(), (history, supervised) => {
        const runs = play(history, supervised).flatMap((beat) =>
          beat.after.repairs.length > beat.before.repairs.length ? [beat.now] : [],
        )
        for (const at of runs) {
          expect(runs.filter((other) => other <= at && at - other < POLICY.restartWindowMs).length).toBeLessThanOrEqual(
            POLICY.maxRepairs,
          )
        }
      }),
      { numRuns: 300 },
    )
  })

  it('never runs recovery more than maxRecoveries times in a window, but for a person who answers', () => {
    fc.assert(
      fc.property(histories, fc.boolean(), (history, supervised) => {
        const runs = play(history, supervised).flatMap(({ now, before, after, seen }) => {
          const isAnswered = before.state.name === 'givenUp' && before.state.answers !== seen.answers
          return after.recoveries.length > before.recoveries.length && !isAnswered ? [now] : []
        })
        expect(runs.length).toBeLessThanOrEqual(POLICY.maxRecoveries)
      }),
      { numRuns: 300 },
    )
  })

  it('leaves every state but healthy in bounded time, whatever the agent does', () => {
    const longest: Record<string, number> = {
      suspect: POLICY.hangMs * 10 + BEAT_MS,
      restarting: POLICY.startTimeoutMs + 10_000,
      repairing: POLICY.repairTimeoutMs + BEAT_MS,
      recovering: POLICY.recoveryTimeoutMs + BEAT_MS,
      givenUp: POLICY.retryMaxMs + BEAT_MS,
    }
    fc.assert(
      fc.property(histories, fc.boolean(), (history, supervised) => {
        for (const { now, after, seen } of play([...history, ...settled(1_600)], supervised)) {
          const limit = longest[after.state.name]
          // A paced refusal moves the deadline of a restart along.
          const extra = seen.refusal?.untilMonoMs ? POLICY.startTimeoutMs : 0
          if (limit !== undefined) expect(now - after.state.since).toBeLessThanOrEqual(limit + extra)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('opens an incident before it does anything, and closes it only after the hold time', () => {
    fc.assert(
      fc.property(histories, fc.boolean(), (history, supervised) => {
        let open = 0
        for (const beat of play(history, supervised)) {
          for (const action of beat.actions) {
            if (action.do === 'openIncident') {
              expect(open).toBe(0)
              open = action.id
            }
            if (
              action.do === 'kill' ||
              action.do === 'resume' ||
              action.do === 'runGuardian' ||
              action.do === 'runRecovery' ||
              action.do === 'raiseAlert'
            )
              expect(open).toBeGreaterThan(0)
            if (action.do === 'closeIncident') {
              expect(action.id).toBe(open)
              const up = beat.before.incident?.upAt ?? beat.now
              expect(beat.now - up).toBeGreaterThanOrEqual(beat.before.incident ? POLICY.holdMs : 0)
              open = 0
            }
          }
        }
      }),
      { numRuns: 300 },
    )
  })

  it('is plain JSON: a watchdog that is restarted between any two beats goes on as if nothing had been', () => {
    fc.assert(
      fc.property(histories, (history) => {
        let watch = newWatch(0, POLICY)
        const world = newWorld()
        history.forEach((event, index) => {
          const now = (index + 1) * BEAT_MS
          happen(world, event, now)
          const seen = look(world, now)
          const direct = step(watch, seen, now, POLICY)
          expect(step(JSON.parse(JSON.stringify(watch)), JSON.parse(JSON.stringify(seen)), now, POLICY)).toEqual(direct)
          watch = direct[0]
          for (const action of direct[1]) act(world, action)
        })
      }),
    )
  })

  it('raises one alert an incident, however long it lasts', () => {
    fc.assert(
      fc.property(histories, fc.boolean(), (history, supervised) => {
        const alerts = play([...history, ...settled(800)], supervised).flatMap((beat) =>
          beat.actions.flatMap((action) => (action.do === 'raiseAlert' ? [action.id] : [])),
        )
        expect(new Set(alerts).size).toBe(alerts.length)
      }),
      { numRuns: 60 },
    )
  })

  it('comes back to healthy from anywhere, once a good process runs', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const world = newWorld()
        const beats = play(history, true, world)
        const last = beats.at(-1)?.after ?? newWatch(0, POLICY)
        Object.assign(world, {
          procState: 'S',
          blockedSince: null,
          stoppedSince: null,
          refusal: null,
          job: { state: 'done', ok: true, fault: null, human: null },
          recovery: { state: 'none' },
        })
        let watch = last
        for (let index = 0; index < 3_000; index++) {
          const now = (history.length + index + 1) * BEAT_MS
          if (!world.alive) happen(world, 'come', now)
          Object.assign(world, { procState: 'S', blockedSince: null, stoppedSince: null })
          const [next, actions] = step(watch, look(world, now), now, POLICY)
          for (const action of actions) act(world, action)
          if (world.job.state === 'running') world.job = { state: 'done', ok: true, fault: null, human: null }
          if (world.recovery.state === 'running')
            world.recovery = { state: 'done', result: recoveryResult('recovery-ok', now) }
          watch = next
        }
        expect(watch.state.name).toBe('healthy')
      }),
      { numRuns: 60 },
    )
  })
})

describe('what the watch does, step by step', () => {
  const well = (): [World, Watch] => {
    const world = newWorld()
    return [world, play(settled(2), false, world).at(-1)?.after ?? newWatch(0, POLICY)]
  }

  it('writes an exit down and leaves the restart to the supervisor', () => {
    const [world, watch] = well()
    world.alive = false
    const [next, actions] = step(watch, look(world, 1_000), 1_000, POLICY)
    expect(actions.map((action) => action.do)).toEqual(['openIncident'])
    expect(next.state.name).toBe('restarting')
  })

  it('asks the supervisor when nobody came', () => {
    const [world, watch] = well()
    world.alive = false
    let [next] = step(watch, look(world, 1_000), 1_000, POLICY)
    const asked: number[] = []
    for (let now = 1_250; now < 9_000; now += BEAT_MS) {
      const turn = step(next, look(world, now), now, POLICY)
      next = turn[0]
      if (turn[1].some((action) => action.do === 'startAgent')) asked.push(now)
    }
    expect(asked).toEqual([2_500, 5_500, 8_500])
  })

  it('resumes a stopped process first, and ends it when that does not help', () => {
    const [world, watch] = well()
    happen(world, 'stop', 1_000)
    let next = watch
    const done: string[] = []
    for (let now = 1_250; now < 4_000; now += BEAT_MS) {
      const turn = step(next, look(world, now), now, POLICY)
      next = turn[0]
      done.push(...turn[1].map((action) => action.do))
    }
    expect(done.slice(0, 3)).toEqual(['openIncident', 'resume', 'kill'])
  })

  it('takes a planned end for what it is', () => {
    const [world, watch] = well()
    happen(world, 'planned-exit', 1_000)
    const [next, actions] = step(watch, look(world, 1_000), 1_000, POLICY)
    expect([next.state.name, actions]).toEqual(['restarting', []])
  })

  it('takes a /health that does not answer for degraded, for ever, while the main thread beats', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 50 }), { maxLength: 100 }), (failures) => {
        const [world, watch] = well()
        let next = watch
        for (const [index, healthFailures] of failures.entries()) {
          const now = 1_000 + index * 900
          const seen = look(world, now)
          const degraded = healthFailures > 0 ? ['health: late'] : []
          const agent = { ...seen.agent, healthFailures, healthPassed: healthFailures === 0, degraded }
          const turn = step(next, { ...seen, agent }, now, POLICY)
          next = turn[0]
          expect([turn[1], next.state.name, next.degraded]).toEqual([[], 'healthy', degraded])
        }
      }),
    )
  })

  it('takes the fault from the process that ended itself for it', () => {
    const [world, watch] = well()
    world.alive = false
    const endFaults = { [identityOf(world).nonce]: 'memory-leak', other: 'descriptor-leak' }
    const [next, actions] = step(watch, { ...look(world, 1_000), endFaults }, 1_000, POLICY)
    expect(next.incident).toMatchObject({ symptom: 'exited', fault: 'memory-leak' })
    expect(actions).toMatchObject([{ do: 'openIncident', symptom: 'exited' }])
    const [, known] = step(watch, { ...look(world, 1_000), endFaults: { other: 'memory-leak' } }, 1_000, POLICY)
    expect(known).toMatchObject([{ do: 'openIncident', symptom: 'exited' }])
  })

  it('ends a blocked event loop at once, but not one that a slow disk or a starved machine holds', () => {
    const [world, watch] = well()
    world.blockedSince = 1_000
    const seen = look(world, 3_100)
    expect(step(watch, seen, 3_100, POLICY)[1].map((action) => action.do)).toEqual(['openIncident', 'kill'])
    for (const patient of [
      { procState: 'D', cpuShare: 1 },
      { procState: 'R', cpuShare: 0.01 },
    ]) {
      const [next, actions] = step(watch, { ...seen, agent: { ...seen.agent, ...patient } }, 3_100, POLICY)
      expect([next.state.name, actions]).toEqual(['suspect', []])
    }
  })

  it('goes on trying after it gave up, and at once when the inputs change', () => {
    const givenUp: Watch = {
      ...newWatch(0, POLICY),
      state: { name: 'givenUp', since: 0, retryAt: 30_000, delayMs: 30_000, inputs: '0', answers: '0' },
      incident: {
        id: 1,
        symptom: 'refused',
        fault: null,
        lastGoodAt: 0,
        detectedAt: 0,
        upAt: null,
        repaired: false,
        recovered: false,
        touched: true,
        alerted: true,
        degradedBefore: [],
      },
      lastIncidentId: 1,
    }
    const world = newWorld()
    world.alive = false
    expect(step(givenUp, look(world, 10_000), 10_000, POLICY)[1]).toEqual([])
    expect(step(givenUp, look(world, 30_000), 30_000, POLICY)[1].map((action) => action.do)).toEqual(['startAgent'])
    world.inputs = 1
    expect(step(givenUp, look(world, 10_000), 10_000, POLICY)[1].map((action) => action.do)).toEqual([
      'resetLedger',
      'startAgent',
    ])
    world.inputs = 0
    world.answers = 1
    expect(step(givenUp, look(world, 10_000), 10_000, POLICY)[1]).toEqual([
      { do: 'runRecovery', deadline: 40_000, fault: null, symptom: 'refused', incident: 1 },
    ])
  })

  it('asks recovery when no check of the guardian knows the fault, and a person only when recovery does not either', () => {
    const [world, watch] = well()
    world.alive = false
    world.refusal = { fault: 'crash-loop', reason: 'x', atMonoMs: 900, untilMonoMs: null }
    const [repairing, first] = step(watch, look(world, 1_000), 1_000, POLICY)
    expect([repairing.state.name, first.at(-1)?.do]).toEqual(['repairing', 'runGuardian'])
    world.job = { state: 'done', ok: false, fault: null, human: null }
    const [recovering, second] = step(repairing, look(world, 2_000), 2_000, POLICY)
    expect([recovering.state.name, second.map((action) => action.do)]).toEqual(['recovering', ['runRecovery']])
    world.job = { state: 'none' }
    world.recovery = { state: 'done', result: recoveryResult('recovery-ok', 3_000) }
    const [mended, third] = step(recovering, look(world, 3_000), 3_000, POLICY)
    expect([mended.state.name, mended.incident?.recovered, third.map((action) => action.do)]).toEqual([
      'restarting',
      true,
      ['resetLedger', 'startAgent'],
    ])
    world.recovery = { state: 'done', result: recoveryResult('recovery-failed', 3_000) }
    const [givenUp, fourth] = step(recovering, look(world, 3_000), 3_000, POLICY)
    expect([givenUp.state.name, fourth]).toEqual(['givenUp', [{ do: 'raiseAlert', id: 1, reason: 'look at it' }]])
  })

  it('starts nothing while recovery holds the restart, but looks again in bounded time', () => {
    const [world, watch] = well()
    world.alive = false
    const recovering: Watch = { ...watch, state: { name: 'recovering', since: 0, deadline: 30_000 } }
    world.recovery = { state: 'done', result: recoveryResult('recovery-holds', 1_000) }
    const [held, actions] = step(recovering, look(world, 1_000), 1_000, POLICY)
    expect(held.state).toMatchObject({ name: 'givenUp', retryAt: 1_000 + POLICY.retryMaxMs })
    expect(actions.map((action) => action.do)).not.toContain('startAgent')
  })

  it('waits for the end of a hold, however often it was started before', () => {
    const [world, watch] = well()
    world.alive = false
    world.refusal = { fault: 'held', reason: 'x', atMonoMs: 2_000, untilMonoMs: 600_000 }
    const waiting: Watch = { ...watch, state: newWatch(2_000, POLICY).state, starts: [1, 2, 3, 4, 5, 6] }
    let [next] = step(waiting, look(world, 2_100), 2_100, POLICY)
    for (let now = 3_000; now < 600_000; now += 1_000) {
      const [after, actions] = step(next, look(world, now), now, POLICY)
      expect([after.state.name, actions]).toEqual(['restarting', []])
      next = after
    }
    expect(step(next, look(world, 600_000), 600_000, POLICY)[1]).toEqual([{ do: 'startAgent', why: 'held' }])
  })

  it('goes on with a recovery whose watchdog was replaced, within the same deadline, and cancels one that is late', () => {
    const [world, watch] = well()
    world.alive = false
    const recovering: Watch = { ...watch, state: { name: 'recovering', since: 0, deadline: 30_000 } }
    expect(step(recovering, look(world, 1_000), 1_000, POLICY)[1]).toMatchObject([
      { do: 'runRecovery', deadline: 30_000 },
    ])
    world.recovery = { state: 'running' }
    expect(step(recovering, look(world, 1_000), 1_000, POLICY)[1]).toEqual([])
    expect(step(recovering, look(world, 30_000), 30_000, POLICY)[1].map((action) => action.do)).toEqual([
      'cancelRecovery',
    ])
  })
})
