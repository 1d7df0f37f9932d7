/** Rules for processes of ours: ports, orphans, hangs, memory, runs that take the agent down. */
import type { Facts } from '../facts.ts'
import { endedOutOfMemory, isHung, isServing, poisonedRuns } from '../picture.ts'
import { loopOf } from './exampleFacts.ts'
import { ALERT, type Rule, type RuleStep, step } from './rule.ts'

const EXITED = { symptom: 'exited', isAgentAlive: false, answers: { agent: null, dashboard: true } } as const
const HUNG = { symptom: 'blocked', answers: { agent: false, dashboard: true } } as const
/** So many runs of one session make it the session, not the run. */
const SESSION_RUNS = 2
/** Most runs that are set aside at once: more are no single poisoned run any more. */
const MAX_RUNS = 3
/** A heap is doubled at most. */
const HEAP_FACTOR = 2

const ownOrphan: Rule = {
  id: 'own-orphan',
  why: 'runbook.ownOrphan',
  needs: 'runbook.ownOrphan.needs',
  treats: ['own-orphan', 'port-taken', 'sqlite-busy'],
  probe: ({ orphanApps }) => (orphanApps.length > 0 ? 'own-orphan' : undefined),
  plan: ({ orphanApps }) => orphanApps.map((app) => step('stop_own_orphan', { app })),
  examples: [
    {
      logs: ['Error: listen EADDRINUSE: address already in use 127.0.0.1:7710'],
      facts: { ...EXITED, orphans: 1, orphanApps: ['agent'] },
      steps: [step('stop_own_orphan', { app: 'agent' })],
    },
    { logs: ['Error: listen EADDRINUSE: address already in use 127.0.0.1:7710'], facts: EXITED, steps: [] },
  ],
}

function fallbacks({ ports }: Facts): RuleStep[] {
  return ports
    .filter(({ state, hasFallback }) => state === 'stranger' && !hasFallback)
    .map(({ app, port, host }) => {
      const avoid = ports.find((other) => other.app !== app)?.port ?? null
      return step('use_fallback_port', { app, port, host, avoid })
    })
}

const TAKEN: Facts['ports'] = [
  { app: 'agent', port: 7710, host: 'loopback', state: 'stranger', owner: 'nginx (process 123)', hasFallback: false },
  { app: 'dashboard', port: 7711, host: 'loopback', state: 'ours', owner: null, hasFallback: false },
]

const portTaken: Rule = {
  id: 'port-taken',
  why: 'runbook.portTaken',
  needs: 'runbook.portTaken.needs',
  treats: ['port-taken'],
  probe: (facts) => (fallbacks(facts).length > 0 ? 'port-taken' : undefined),
  plan: fallbacks,
  examples: [
    {
      logs: ['Error: listen EADDRINUSE: address already in use 127.0.0.1:9999'],
      facts: { ...EXITED, ports: TAKEN },
      steps: [step('use_fallback_port', { app: 'agent', port: 7710, host: 'loopback', avoid: 7711 })],
    },
    { logs: ['Error: listen EADDRINUSE: address already in use :::7710'], facts: EXITED, steps: [] },
  ],
}

const portForbidden: Rule = {
  id: 'port-forbidden',
  why: 'runbook.portForbidden',
  needs: 'runbook.portForbidden.needs',
  treats: ['port-forbidden', 'permission'],
  probe: ({ ports }) => (ports.some(({ state }) => state === 'forbidden') ? 'port-forbidden' : undefined),
  plan: () => [ALERT],
  examples: [
    {
      logs: ['Error: listen EACCES: permission denied 127.0.0.1:80'],
      facts: { ...EXITED, ports: TAKEN.map((port) => ({ ...port, state: 'forbidden', owner: null })) },
      steps: [ALERT],
    },
    { logs: ['Error: listen EACCES: permission denied 0.0.0.0:80'], facts: EXITED, steps: [] },
  ],
}

const hang: Rule = {
  id: 'hang',
  why: 'runbook.hang',
  needs: 'runbook.hang.needs',
  treats: ['hang'],
  probe: (facts) => (isHung(facts) ? 'hang' : undefined),
  plan: () => [step('restart', { app: 'agent' })],
  examples: [
    { logs: ['the event loop is blocked'], facts: HUNG, steps: [step('restart', { app: 'agent' })] },
    { logs: ['the event loop is blocked'], facts: { ...HUNG, answers: { agent: true, dashboard: true } }, steps: [] },
    { logs: ['the agent does not answer'], facts: {}, steps: [] },
  ],
}

function largerHeap({ memory: { agentHeapLimitMb: now, highestHeapMb: most } }: Facts): RuleStep[] {
  if (now === null || most === null || most <= now) return []
  return [step('set_heap_limit', { mb: Math.min(now * HEAP_FACTOR, most) })]
}

const outOfMemory: Rule = {
  id: 'out-of-memory',
  why: 'runbook.outOfMemory',
  needs: 'runbook.outOfMemory.needs',
  treats: ['out-of-memory'],
  probe: (facts) => (endedOutOfMemory(facts) ? 'out-of-memory' : undefined),
  plan: (facts) => [...largerHeap(facts), ALERT],
  examples: [
    {
      logs: ['FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory'],
      facts: loopOf(2, 'SIGABRT', 134),
      steps: [step('set_heap_limit', { mb: 1_024 }), ALERT],
    },
    {
      logs: ['FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory'],
      facts: loopOf(2, 'vanished', null),
      steps: [],
    },
  ],
}

/** A session with several poisoned runs is set aside whole; of the others each run. */
function setAside(facts: Facts): RuleStep[] {
  const runs = poisonedRuns(facts)
  const bySession = Map.groupBy(runs, ({ session }) => session)
  return [...bySession].slice(0, MAX_RUNS).map(([session, own]) => {
    const [first] = own
    return own.length >= SESSION_RUNS || !first
      ? step('park_session', { session })
      : step('quarantine_job', { run: first.run })
  })
}

const poisonedRun: Rule = {
  id: 'poisoned-run',
  why: 'runbook.poisonedRun',
  needs: 'runbook.poisonedRun.needs',
  treats: ['poisoned-run', 'unhandled-rejection'],
  probe: (facts) => {
    // While it serves it works on them, and may well finish them.
    if (poisonedRuns(facts).length === 0 || isServing(facts)) return undefined
    return facts.lifeEnds[0]?.reason.startsWith('unhandled-rejection') ? 'unhandled-rejection' : 'poisoned-run'
  },
  plan: setAside,
  examples: [
    {
      logs: ["ottugi agent: unhandled rejection: TypeError: Cannot read properties of undefined (reading 'x')"],
      facts: {
        ...loopOf(3, 'unhandled-rejection TypeError'),
        unfinishedRuns: [{ run: 'r-1', session: 's-1', livesEnded: 3 }],
      },
      steps: [step('quarantine_job', { run: 'r-1' })],
    },
    {
      logs: ['ottugi agent: unhandled rejection: TypeError: Cannot read properties of undefined'],
      facts: {
        ...loopOf(3, 'unhandled-rejection TypeError'),
        unfinishedRuns: [
          { run: 'r-1', session: 's-1', livesEnded: 2 },
          { run: 'r-2', session: 's-1', livesEnded: 2 },
        ],
      },
      steps: [step('park_session', { session: 's-1' })],
    },
    {
      logs: ['ottugi agent: unhandled rejection: Error: run r-1 must be quarantined'],
      facts: { ...loopOf(1, 'other'), unfinishedRuns: [{ run: 'r-1', session: 's-1', livesEnded: 1 }] },
      steps: [],
    },
  ],
}

/** What holds a port or a lock. */
export const PORT_RULES: readonly Rule[] = [ownOrphan, portTaken, portForbidden]
/** What the agent does. */
export const WORK_RULES: readonly Rule[] = [outOfMemory, poisonedRun, hang]
