/** Random facts: any home, however broken. */
import fc from 'fast-check'
import { FAILURE_KINDS } from '../../src/model/modelCall.ts'
import type { Facts } from '../../src/recovery/facts.ts'
import { LOCK_IDS } from '../../src/repair/actions/removeLock.ts'
import { OWN_FILES, OWN_FOLDERS } from '../../src/repair/ownFiles.ts'
import { APPS } from '../../src/shared/paths.ts'

const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: null })
const some = <T>(of: readonly T[]) => fc.subarray([...of], { maxLength: 3 })
const state = fc.constantFrom('ok', 'missing', 'damaged', 'locked', 'unreadable', 'unknown') as fc.Arbitrary<
  Facts['databases']['agent']
>
const END_REASONS = [
  ...['other', 'vanished', 'SIGABRT', 'Error ENOTFOUND', 'Error 401', 'Error EADDRINUSE', 'memory-leak', 'TypeError'],
  ...['unhandled-rejection TypeError', 'SqliteError sqlite-corrupt', 'Error CERT_HAS_EXPIRED'],
]

const portOf = <App extends 'agent' | 'dashboard'>(app: App, port: number) =>
  fc.record({
    app: fc.constant(app),
    port: fc.constant(port),
    host: fc.constantFrom('loopback' as const, 'any' as const),
    state: fc.constantFrom('free' as const, 'ours' as const, 'stranger' as const, 'forbidden' as const),
    owner: maybe(fc.string()),
    hasFallback: fc.boolean(),
  })

/** Any facts that a probe could bring. */
export const anyFacts: fc.Arbitrary<Facts> = fc.record({
  symptom: maybe(fc.constantFrom('exited', 'stopped', 'blocked', 'silent', 'unreachable', 'refused', 'start-timeout')),
  fault: maybe(fc.constantFrom('disk-full', 'dependencies', 'memory-leak')),
  isAgentAlive: fc.boolean(),
  answers: fc.record({ agent: maybe(fc.boolean()), dashboard: maybe(fc.boolean()) }),
  lifeEnds: fc.array(
    fc.record({
      code: maybe(fc.constantFrom(0, 1, 78, 134)),
      reason: fc.constantFrom(...END_REASONS),
      livedMs: fc.nat(60_000),
      agoMs: fc.nat(900_000),
    }),
    { maxLength: 12 },
  ),
  startsLastMinute: fc.nat(8),
  isHeld: fc.boolean(),
  ports: fc.tuple(portOf('agent', 7710), portOf('dashboard', 7711)).map((both) => [...both]),
  disk: fc.record({
    freeMb: maybe(fc.nat(50_000)),
    freeInodes: maybe(fc.nat(5_000)),
    isLow: fc.boolean(),
    isFull: fc.boolean(),
    inodesLow: fc.boolean(),
  }),
  hasReserve: fc.boolean(),
  isReserveWhole: fc.boolean(),
  leftovers: fc.nat(3),
  rotatedLogs: fc.record({ packable: fc.nat(3), removable: fc.nat(3) }),
  memory: fc.record({
    totalMb: fc.nat(8_192),
    freeMb: fc.nat(8_192),
    agentHeapLimitMb: maybe(fc.integer({ min: 64, max: 2_048 })),
    highestHeapMb: maybe(fc.integer({ min: 64, max: 4_096 })),
  }),
  descriptors: maybe(fc.record({ open: fc.nat(1_024), limit: fc.constant(1_024) })),
  settings: fc.constantFrom('valid', 'invalid', 'unreadable', 'missing', 'unknown'),
  hasKnownGood: fc.boolean(),
  knownGoodDiffers: fc.boolean(),
  databases: fc.record({ agent: state, watchdog: state }),
  locks: some(LOCK_IDS).chain((ids) =>
    fc.tuple(...ids.map((id) => fc.record({ id: fc.constant(id), isStale: fc.boolean() }))),
  ),
  missingFolders: some(OWN_FOLDERS),
  wrongModes: some(OWN_FILES),
  wrongOwners: some(OWN_FILES),
  dependencies: fc.constantFrom('ok', 'damaged', 'wrong-abi', 'unknown'),
  orphans: fc.nat(2),
  orphanApps: some(APPS),
  unfinishedRuns: fc.array(
    fc.record({
      run: fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/),
      session: fc.constantFrom('s-1', 's-2', 'DELETE_everything_now'),
      livesEnded: fc.nat(4),
    }),
    { maxLength: 4 },
  ),
  changed: fc.record({ settingsMs: maybe(fc.nat()), secretsMs: maybe(fc.nat()), dependenciesMs: maybe(fc.nat()) }),
  safeMode: fc.boolean(),
  maySafeMode: fc.boolean(),
  provider: maybe(fc.record({ failure: fc.constantFrom(...FAILURE_KINDS), inARow: fc.integer({ min: 1, max: 9 }) })),
  clockStepMs: maybe(fc.integer({ min: -7_200_000, max: 7_200_000 })),
}) as fc.Arbitrary<Facts>
