/** Rows 21–23: the supervisor, the watchdog, and whatever dies together. */

import { isAlive } from '../../shared/identity.ts'
import type { Incident } from '../../shared/incident.ts'
import { APPS, type AppName } from '../../shared/paths.ts'
import { readStat } from '../../shared/procfs.ts'
import { type Drill, expectThat, type Measured, type Stage } from '../drill.ts'
import { isReady, type Ring } from '../ring.ts'
import { waitFor } from '../waitFor.ts'

type Member = AppName | 'supervisor'

/** A ring is whole when each member lives once and nothing else of this home does. */
async function isWhole(ring: Ring): Promise<boolean> {
  const pids = new Set([...APPS.map((app) => ring.living(app)?.pid), ring.supervisorPid()])
  const own = ring.processes()
  return pids.size === 4 && own.length === 4 && own.every((pid) => pids.has(pid)) && (await isReady(ring.agentUrl))
}

/** Waits until the ring is whole, every member of `gone` replaced by another process. */
async function wholeAgain({ ring }: Stage, gone: ReadonlyMap<Member, number>): Promise<void> {
  await waitFor('a whole ring again', 40_000, async () => {
    const isReplaced = [...gone].every(([member, pid]) => pidOf(ring, member) !== pid)
    return isReplaced && (await isWhole(ring)) ? true : undefined
  })
}

function pidOf(ring: Ring, member: Member): number | undefined {
  return member === 'supervisor' ? ring.supervisorPid() : ring.living(member)?.pid
}

async function signalTogether(stage: Stage, members: readonly Member[], signal: NodeJS.Signals): Promise<number> {
  const pids = new Map(members.map((member) => [member, pidOf(stage.ring, member) ?? 0]))
  const startedAt = performance.now()
  for (const pid of pids.values()) process.kill(pid, signal)
  await wholeAgain(stage, pids)
  return performance.now() - startedAt
}

/** The story of this member's fault, told and closed. */
async function storyOf({ ring }: Stage, letter: 'P' | 'W' | 'D'): Promise<Incident> {
  return waitFor(
    `a closed incident ${letter}…`,
    20_000,
    async () => {
      const [newest] = (await ring.incidents()).filter(({ id }) => id.startsWith(letter))
      return newest?.closedAt ? newest : undefined
    },
    200,
  )
}

async function agentIncidents({ ring }: Stage): Promise<Incident[]> {
  return (await ring.incidents()).filter(({ id }) => id.startsWith('I'))
}

const LETTERS: Readonly<Partial<Record<Member, 'P' | 'W' | 'D'>>> = { supervisor: 'P', watchdog: 'W', dashboard: 'D' }

/** The client's own view is the measure: hand-overs must not be felt. */
function seenByClient({ client }: Stage, healedMs: number, incident?: Incident): Measured {
  const { failed, downMs } = client.report()
  return { healedMs, failedRequests: failed, downMs, incident }
}

function together(id: string, members: readonly Member[], options: { row?: number; agentStays?: boolean } = {}): Drill {
  return {
    id,
    row: options.row ?? 22,
    title: members.length > 1 ? `SIGKILL of ${members.join(', ')} together` : `SIGKILL of the ${members[0]}`,
    async run(stage) {
      const healedMs = await signalTogether(stage, members, 'SIGKILL')
      if (options.agentStays) expectThat(isAlive(stage.agent), 'the agent to be untouched')
      const [first] = members
      if (!members.includes('agent')) expectThat((await agentIncidents(stage)).length === 0, 'no incident of the agent')
      const letter = members.length === 1 && first ? LETTERS[first] : undefined
      return seenByClient(stage, healedMs, letter && (await storyOf(stage, letter)))
    },
  }
}

const supervisorStopped: Drill = {
  id: 'supervisor-stopped',
  row: 21,
  title: 'SIGSTOP of PM2',
  async run(stage) {
    const pid = stage.ring.supervisorPid()
    const startedAt = performance.now()
    process.kill(pid, 'SIGSTOP')
    await waitFor('PM2 to run again', 20_000, () => (readStat(pid)?.state === 'T' ? undefined : true))
    await waitFor('a whole ring', 20_000, async () => (await isWhole(stage.ring)) || undefined)
    return seenByClient(stage, performance.now() - startedAt)
  },
}

const supervisorStoppedAgain: Drill = {
  id: 'supervisor-stopped-again',
  row: 21,
  title: 'SIGSTOP of PM2, again after each SIGCONT',
  async run(stage) {
    const pid = stage.ring.supervisorPid()
    const startedAt = performance.now()
    const timer = setInterval(() => {
      if (readStat(pid)?.state !== 'T' && readStat(pid)) process.kill(pid, 'SIGSTOP')
    }, 5)
    try {
      await wholeAgain(stage, new Map([['supervisor', pid]]))
    } finally {
      clearInterval(timer)
    }
    return seenByClient(stage, performance.now() - startedAt)
  },
}

const supervisorTerminated: Drill = {
  id: 'supervisor-terminated',
  row: 21,
  title: 'SIGTERM of PM2, which ends all three',
  run: async (stage) => seenByClient(stage, await signalTogether(stage, ['supervisor'], 'SIGTERM')),
}

const terminatedWhileStopWanted: Drill = {
  id: 'supervisor-terminated-stopped',
  row: 21,
  title: 'SIGTERM of PM2 while `stopped` is desired: nobody comes back',
  async run({ ring, client }) {
    await client.stop()
    await ring.ottugi('stop')
    const again = await ring.ottugi('start', '--revive')
    expectThat(again.code === 0, `a revive to see that nothing is wanted, got ${again.code}`)
    expectThat(ring.processes().length === 0, `nothing to run, got ${ring.processes().length} processes`)
    return { healedMs: null, downMs: null, failedRequests: 0 }
  },
}

const watchdogStopped: Drill = {
  id: 'watchdog-stopped',
  row: 22,
  title: 'SIGSTOP of the watchdog: the agent ends it',
  async run(stage) {
    const healedMs = await signalTogether(stage, ['watchdog'], 'SIGSTOP')
    expectThat(isAlive(stage.agent), 'the agent to be untouched')
    return seenByClient(stage, healedMs)
  },
}

const dashboardStopped: Drill = {
  id: 'dashboard-stopped',
  row: 22,
  title: 'SIGSTOP of the dashboard',
  async run(stage) {
    const dashboard = stage.ring.living('dashboard')
    const startedAt = performance.now()
    if (dashboard) process.kill(dashboard.pid, 'SIGSTOP')
    await waitFor(
      'the dashboard to answer',
      20_000,
      async () => (dashboard?.url && (await isReady(dashboard.url))) || undefined,
    )
    expectThat(isAlive(stage.agent), 'the agent to be untouched')
    return seenByClient(stage, performance.now() - startedAt)
  },
}

/** Rows 21 to 23. */
export const SUPERVISOR_DRILLS: readonly Drill[] = [
  together('supervisor-killed', ['supervisor'], { row: 21 }),
  supervisorStopped,
  supervisorStoppedAgain,
  supervisorTerminated,
  terminatedWhileStopWanted,
  together('watchdog-killed', ['watchdog'], { agentStays: true }),
  watchdogStopped,
  together('dashboard-killed', ['dashboard'], { agentStays: true }),
  dashboardStopped,
  together('pair-agent-watchdog', ['agent', 'watchdog']),
  together('pair-agent-dashboard', ['agent', 'dashboard']),
  together('pair-agent-supervisor', ['agent', 'supervisor']),
  together('pair-watchdog-dashboard', ['watchdog', 'dashboard'], { agentStays: true }),
  together('pair-watchdog-supervisor', ['watchdog', 'supervisor']),
  together('pair-dashboard-supervisor', ['dashboard', 'supervisor']),
  together('three-killed', ['agent', 'watchdog', 'supervisor'], { row: 23 }),
]
