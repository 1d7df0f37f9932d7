import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judge, LINK_GRACE_MS } from '../../src/watchdog/judge.ts'
import type { AgentView, Policy } from '../../src/watchdog/watch.ts'

const POLICY = { failureThreshold: 3, hangMs: 2_000, silentMs: 1_000 } as Policy
const NOW = 1_000_000

const WELL: AgentView = {
  identity: { pid: 2, startTicks: 2, nonce: 'n' },
  alive: true,
  procState: 'S',
  link: 'connected',
  linkClosedForMs: 0,
  phase: 'ready',
  silentMs: 10,
  mainAgeMs: 10,
  cpuShare: 0,
  busyUntil: null,
  healthFailures: 0,
  healthPassed: true,
  degraded: [],
}
const look = (seen: Partial<AgentView>) => judge({ ...WELL, ...seen }, NOW, POLICY)

describe('one look', () => {
  it.each<[string, Partial<AgentView>, object]>([
    ['ready and beating', {}, { kind: 'up' }],
    ['gone', { alive: false }, { kind: 'down', symptom: 'exited' }],
    ['never seen', { identity: null, alive: false }, { kind: 'down', symptom: 'exited' }],
    ['on its way', { phase: 'preflight' }, { kind: 'coming' }],
    ['leaving', { phase: 'draining' }, { kind: 'coming' }],
    ['stopped and still heard a moment ago', { procState: 'T', silentMs: 999 }, { kind: 'coming' }],
    ['stopped and silent', { procState: 'T', silentMs: 1_001 }, { kind: 'down', symptom: 'stopped' }],
    ['stopped without a link', { procState: 'T', link: 'closed' }, { kind: 'down', symptom: 'stopped' }],
    ['silent as a whole', { silentMs: 1_001 }, { kind: 'doubtful', symptom: 'silent', limitMs: 20_000 }],
    ['its loop is blocked', { mainAgeMs: 2_001, procState: 'R', cpuShare: 0.9 }, { kind: 'down', symptom: 'blocked' }],
    ['its loop waits in native code', { mainAgeMs: 2_001, procState: 'S' }, { kind: 'down', symptom: 'blocked' }],
    ['a step that was announced', { mainAgeMs: 9_000, busyUntil: NOW + 1, phase: 'preflight' }, { kind: 'coming' }],
    [
      'that step is overdue',
      { mainAgeMs: 9_000, busyUntil: NOW, procState: 'R', cpuShare: 1 },
      { kind: 'down', symptom: 'blocked' },
    ],
    [
      'given no time by the machine',
      { mainAgeMs: 9_000, procState: 'R', cpuShare: 0.04 },
      { kind: 'doubtful', symptom: 'blocked', limitMs: 20_000 },
    ],
    [
      'waiting for a disk',
      { mainAgeMs: 9_000, procState: 'D' },
      { kind: 'doubtful', symptom: 'blocked', limitMs: 20_000 },
    ],
    [
      'just lost its link',
      { link: 'closed', linkClosedForMs: LINK_GRACE_MS - 1, healthFailures: 9 },
      { kind: 'coming' },
    ],
    ['without a link, and healthy', { link: 'closed', linkClosedForMs: LINK_GRACE_MS }, { kind: 'up' }],
    [
      'without a link or a word',
      { link: 'closed', linkClosedForMs: LINK_GRACE_MS, healthPassed: false },
      { kind: 'coming' },
    ],
    [
      'without a link, and failing',
      { link: 'closed', linkClosedForMs: LINK_GRACE_MS, healthFailures: 3 },
      { kind: 'down', symptom: 'unreachable' },
    ],
  ])('%s', (_, seen, verdict) => {
    expect(look(seen)).toEqual(verdict)
  })
})

describe('for any look', () => {
  const view = fc.record<AgentView>({
    identity: fc.constantFrom(WELL.identity, null),
    alive: fc.boolean(),
    procState: fc.constantFrom('R', 'S', 'D', 'T', 't', null),
    link: fc.constantFrom('connected', 'closed'),
    linkClosedForMs: fc.nat(10_000),
    phase: fc.constantFrom('preflight', 'starting', 'ready', 'draining', null),
    silentMs: fc.nat(60_000),
    mainAgeMs: fc.nat(60_000),
    cpuShare: fc.double({ min: 0, max: 2, noNaN: true }),
    busyUntil: fc.option(fc.integer({ min: NOW - 10_000, max: NOW + 10_000 })),
    healthFailures: fc.nat(10),
    healthPassed: fc.boolean(),
    degraded: fc.constant([]),
  })

  it('only a dead process has exited, and only a living one is up', () => {
    fc.assert(
      fc.property(view, (seen) => {
        const verdict = judge(seen, NOW, POLICY)
        const hasExited = verdict.kind === 'down' && verdict.symptom === 'exited'
        expect(hasExited).toBe(!seen.alive || seen.identity === null)
        if (verdict.kind === 'up') expect(seen.alive).toBe(true)
      }),
    )
  })

  it('one that beats in time is never down, whatever its health, its phase or a lost provider says', () => {
    fc.assert(
      fc.property(view, (seen) => {
        const beating = {
          ...seen,
          ...WELL,
          healthFailures: seen.healthFailures,
          phase: seen.phase,
          cpuShare: seen.cpuShare,
        }
        expect(judge(beating, NOW, POLICY).kind).toMatch(/^(up|coming)$/)
      }),
    )
  })

  it('the machine is never taken for a hang: what waits for a disk or is given no time is only doubtful', () => {
    fc.assert(
      fc.property(view, fc.constantFrom('D', 'R'), (seen, procState) => {
        const starved = {
          ...seen,
          ...WELL,
          procState,
          cpuShare: 0.01,
          mainAgeMs: seen.mainAgeMs,
          silentMs: seen.silentMs,
        }
        expect(judge(starved, NOW, POLICY).kind).not.toBe('down')
      }),
    )
  })
})
