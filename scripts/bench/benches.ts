import { DASHBOARD_DATA_BENCH } from './dashboardData.ts'
import { DASHBOARD_PAGE_BENCH } from './dashboardPage.ts'
import { DRILL_BENCHES } from './drillBench.ts'
import { IDLE_BENCH } from './idle.ts'
import { LOAD_BENCH, SOAK_BENCH } from './load.ts'
import { CHAOS_BENCH, SLOTS_BENCH } from './manyKills.ts'
import type { Bench } from './measurement.ts'
import { PEER_BENCH } from './peers.ts'
import { PEER_AGENT_BENCH } from './peersAgent.ts'
import { EVIDENCE_BENCH, NO_FAULT_BENCH, REDACTION_BENCH } from './recovery.ts'
import { SANDBOX_BENCH } from './sandbox.ts'
import { SERVICE_BENCH, SERVICE_UPDATE_BENCH } from './service.ts'
import { RESTART_BENCH, START_BENCH } from './startUp.ts'
import { TURNS_BENCH } from './turns.ts'
import { UPDATE_BENCH } from './update.ts'

/** Every bench, in the order in which they are run: our own start first, which the peers' program imitates. */
export const BENCHES: readonly Bench[] = [
  IDLE_BENCH,
  START_BENCH,
  RESTART_BENCH,
  TURNS_BENCH,
  SANDBOX_BENCH,
  CHAOS_BENCH,
  SLOTS_BENCH,
  REDACTION_BENCH,
  EVIDENCE_BENCH,
  NO_FAULT_BENCH,
  DASHBOARD_DATA_BENCH,
  DASHBOARD_PAGE_BENCH,
  ...DRILL_BENCHES,
  PEER_BENCH,
  PEER_AGENT_BENCH,
  SERVICE_BENCH,
  SERVICE_UPDATE_BENCH,
  UPDATE_BENCH,
  LOAD_BENCH,
  SOAK_BENCH,
]

/** Those that were asked for, by id or group; without words all but the hour and what is fetched from npm. Gives the unknown words back. */
export function chooseBenches(words: readonly string[]): { readonly chosen: Bench[]; readonly unknown: string[] } {
  const chosen =
    words.length === 0
      ? BENCHES.filter((bench) => bench !== SOAK_BENCH && bench !== PEER_AGENT_BENCH)
      : BENCHES.filter(({ id, groups }) => words.some((word) => word === id || groups.includes(word)))
  const unknown = words.filter((word) => !BENCHES.some(({ id, groups }) => id === word || groups.includes(word)))
  return { chosen, unknown }
}
