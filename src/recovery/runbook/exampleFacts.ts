import type { Facts } from '../facts.ts'

/** A home where all is well: what the examples of rules start from, and what a log without a home is judged by. No rule acts on it. */
export const WELL: Facts = {
  symptom: null,
  fault: null,
  isAgentAlive: true,
  answers: { agent: true, dashboard: true },
  lifeEnds: [],
  startsLastMinute: 0,
  isHeld: false,
  ports: [
    { app: 'agent', port: 7710, host: 'loopback', state: 'ours', owner: null, hasFallback: false },
    { app: 'dashboard', port: 7711, host: 'loopback', state: 'ours', owner: null, hasFallback: false },
  ],
  disk: { freeMb: 20_000, freeInodes: 1_000_000, isLow: false, isFull: false, inodesLow: false },
  hasReserve: true,
  isReserveWhole: true,
  leftovers: 0,
  rotatedLogs: { packable: 0, removable: 0 },
  memory: { totalMb: 4_096, freeMb: 2_048, agentHeapLimitMb: 512, highestHeapMb: 2_048 },
  descriptors: { open: 40, limit: 1_024 },
  settings: 'valid',
  hasKnownGood: true,
  knownGoodDiffers: false,
  databases: { agent: 'ok', watchdog: 'ok' },
  locks: [],
  missingFolders: [],
  wrongModes: [],
  wrongOwners: [],
  dependencies: 'ok',
  orphans: 0,
  orphanApps: [],
  unfinishedRuns: [],
  changed: { settingsMs: null, secretsMs: null, dependenciesMs: null },
  safeMode: false,
  maySafeMode: true,
  provider: null,
  clockStepMs: 0,
}

/** So many short lives of a crash loop, all with this end. */
export function loopOf(count: number, reason: string, code: number | null = 1): Partial<Facts> {
  const lifeEnds = Array.from({ length: count }, (_, index) => ({
    code,
    reason,
    livedMs: 400,
    agoMs: 2_000 + index * 9_000,
  }))
  return { symptom: 'exited', isAgentAlive: false, answers: { agent: null, dashboard: true }, lifeEnds }
}
