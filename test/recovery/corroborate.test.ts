/** The fact without which nobody may act: refused on a healthy home, whatever is asked, and refused without it on every other. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { corroborates } from '../../src/recovery/corroborate.ts'
import type { Facts } from '../../src/recovery/facts.ts'
import { loopOf, WELL } from '../../src/recovery/runbook/exampleFacts.ts'
import { ACTIONS } from '../../src/repair/actions/table.ts'
import type { JsonValue } from '../../src/repair/journal.ts'
import { anyFacts } from './randomFacts.ts'

const IDS = [...ACTIONS.keys()]
/** Arguments that the parsers take, and any others. */
const allowed = [...ACTIONS.values()].flatMap(({ examples }) => examples.allowed)
const anyArgs = fc.oneof(fc.constantFrom(...allowed), fc.jsonValue() as fc.Arbitrary<JsonValue>)

describe('on a healthy home', () => {
  it('every action but none is refused, with any arguments', () => {
    fc.assert(
      fc.property(fc.constantFrom(...IDS), anyArgs, (action, args) => {
        expect(corroborates(action, args, WELL).ok).toBe(action === 'none')
      }),
      { numRuns: 2_000 },
    )
    for (const { id, examples } of ACTIONS.values())
      for (const args of examples.allowed)
        expect({ id, ok: corroborates(id, args, WELL).ok }).toEqual({ id, ok: id === 'none' })
  })
})

describe('on any home', () => {
  it('an action that nobody knows is refused', () => {
    const unknown = fc.oneof(fc.string(), fc.constantFrom('constructor', '__proto__', 'rm', 'toString', 'exec'))
    fc.assert(
      fc.property(unknown, anyArgs, anyFacts, (action, args, facts) => {
        if (!IDS.includes(action)) expect(corroborates(action, args, facts).ok).toBe(false)
      }),
    )
  })

  it('the answer is always a value, with a reason where it is no', () => {
    fc.assert(
      fc.property(fc.constantFrom(...IDS), anyArgs, anyFacts, (action, args, facts) => {
        const verdict = corroborates(action, args, facts)
        if (!verdict.ok) expect(verdict.reason).toMatch(/^[ -~]{5,200}$/)
      }),
      { numRuns: 1_000 },
    )
  })
})

type Pair = readonly [action: string, args: JsonValue, agree: Partial<Facts>, disagree: Partial<Facts>]
const DISK = { freeMb: 5, freeInodes: 9_000, isLow: true, isFull: true, inodesLow: false }
const LOOP = loopOf(2, 'other')
const OOM = loopOf(1, 'SIGABRT', 134)
const RUN = { run: 'r-1', session: 's-1' }
const STRANGER = WELL.ports.map((port) => (port.app === 'agent' ? { ...port, state: 'stranger' as const } : port))
const PORT = { app: 'agent', port: 7710, host: 'loopback', avoid: 7711 }
const HUNG = { symptom: 'blocked', answers: { agent: false, dashboard: true } }

/** For every action: the fact that agrees with it, and the nearest one that does not. */
const PAIRS: readonly Pair[] = [
  ['set_mode', { file: 'env' }, { wrongModes: ['env'] }, { wrongModes: ['data'] }],
  ['make_dir', { folder: 'logs' }, { missingFolders: ['logs'] }, { missingFolders: ['tools'] }],
  [
    'remove_lock',
    { lock: 'start' },
    { locks: [{ id: 'start', isStale: true }] },
    { locks: [{ id: 'start', isStale: false }] },
  ],
  [
    'stop_own_orphan',
    { app: 'agent' },
    { orphans: 1, orphanApps: ['agent'] },
    { orphans: 1, orphanApps: ['dashboard'] },
  ],
  ['use_fallback_port', PORT, { ports: STRANGER }, { ports: STRANGER.map((port) => ({ ...port, hasFallback: true })) }],
  ['use_fallback_port', { ...PORT, avoid: null }, { ports: STRANGER }, {}],
  ['restore_config', {}, { settings: 'invalid', knownGoodDiffers: true }, { settings: 'invalid' }],
  [
    'restore_config',
    {},
    { ...LOOP, knownGoodDiffers: true, changed: { ...WELL.changed, settingsMs: 5 } },
    { ...LOOP, knownGoodDiffers: true },
  ],
  [
    'restore_database',
    { database: 'agent', witnessSeq: null },
    { databases: { agent: 'damaged', watchdog: 'ok' } },
    { databases: { agent: 'locked', watchdog: 'damaged' } },
  ],
  ['free_reserve', {}, { disk: DISK }, { disk: { ...DISK, isFull: false } }],
  ['make_reserve', {}, { isReserveWhole: false }, { isReserveWhole: false, disk: DISK }],
  ['compress_logs', { mode: 'remove' }, { disk: DISK, rotatedLogs: { packable: 0, removable: 1 } }, { disk: DISK }],
  [
    'compress_logs',
    { mode: 'compress' },
    { disk: { ...DISK, isFull: false }, rotatedLogs: { packable: 1, removable: 1 } },
    { rotatedLogs: { packable: 1, removable: 1 } },
  ],
  ['prune_tmp', {}, { leftovers: 1 }, { leftovers: 0 }],
  ['reinstall_dependencies', {}, { dependencies: 'wrong-abi' }, { dependencies: 'unknown' }],
  ['enter_safe_mode', { reason: 'settings-invalid' }, { settings: 'invalid' }, { ...LOOP }],
  ['enter_safe_mode', { reason: 'crash-loop' }, LOOP, { ...LOOP, safeMode: true }],
  ['enter_safe_mode', { reason: 'crash-loop' }, LOOP, { ...LOOP, maySafeMode: false }],
  ['restart', { app: 'agent' }, HUNG, { ...HUNG, answers: { agent: true, dashboard: false } }],
  [
    'restart',
    { app: 'dashboard' },
    { answers: { agent: true, dashboard: false } },
    { answers: { agent: false, dashboard: null } },
  ],
  ['hold_restart', { minutes: 5 }, LOOP, { ...LOOP, isHeld: true }],
  ['hold_restart', { minutes: 5 }, LOOP, loopOf(1, 'other')],
  [
    'quarantine_job',
    { run: 'r-1' },
    { unfinishedRuns: [{ ...RUN, livesEnded: 2 }] },
    { unfinishedRuns: [{ ...RUN, livesEnded: 1 }] },
  ],
  [
    'park_session',
    { session: 's-1' },
    { unfinishedRuns: [{ ...RUN, livesEnded: 2 }] },
    { unfinishedRuns: [{ ...RUN, session: 's-2', livesEnded: 2 }] },
  ],
  ['set_heap_limit', { mb: 1_024 }, OOM, loopOf(1, 'vanished')],
  ['set_heap_limit', { mb: 2_048 }, OOM, { ...OOM, memory: { ...WELL.memory, highestHeapMb: 1_024 } }],
  ['raise_alert', {}, { symptom: 'exited' }, {}],
]

describe('the fact that decides', () => {
  it.each(PAIRS)('%s %j', (action, args, agree, disagree) => {
    expect(corroborates(action, args, { ...WELL, ...agree })).toEqual({ ok: true })
    expect(corroborates(action, args, { ...WELL, ...disagree })).toMatchObject({ ok: false })
  })

  it('is named for every action of the table', () => {
    expect(IDS.filter((id) => id !== 'none' && !PAIRS.some(([action]) => action === id))).toEqual([])
  })

  it('lets no argument in that the facts do not hold', () => {
    const facts = { ...WELL, ports: STRANGER, databases: { agent: 'damaged', watchdog: 'ok' } as const }
    const others: readonly (readonly [string, JsonValue])[] = [
      ['use_fallback_port', { ...PORT, port: 22 }],
      ['use_fallback_port', { ...PORT, host: 'any' }],
      ['use_fallback_port', { ...PORT, avoid: 4_444 }],
      ['use_fallback_port', { ...PORT, app: 'dashboard', port: 7711 }],
      ['restore_database', { database: 'agent', witnessSeq: 999_999 }],
      ['restore_database', { database: 'watchdog', witnessSeq: null }],
    ]
    for (const [action, args] of others) expect(corroborates(action, args, facts).ok).toBe(false)
  })
})
