/** What recovery did, kept with its incident: every proposal with its verdict, the masked evidence, the model's calls and their cost. */
import { now } from '../shared/clock.ts'
import type { IncidentAction } from '../shared/incident.ts'
import type { ProposalRecord, RecoveryResult } from '../shared/recoveryResult.ts'
import { incidentName } from './perform.ts'
import type { WatchStore } from './store.ts'

/** Writes one result down; without an incident there is nothing to keep it with. */
export function recordRecovery(store: WatchStore, result: RecoveryResult, incidentId: number | null): void {
  const incident = incidentId === null ? undefined : store.incident(incidentName(incidentId))
  if (!incident) return
  const { at } = now()
  store.saveRecovery(incident.id, at, result)
  // What was tried stands in the repair journal, and comes from there; what was not, stands only here.
  const untried = result.proposals.filter(({ repairId }) => repairId === null).map((one) => asAction(one, at))
  store.saveIncident({
    ...incident,
    actions: [...incident.actions, ...untried].slice(-200),
    modelCalls: incident.modelCalls + result.modelCalls.length,
    costUsd: incident.costUsd + result.modelCalls.reduce((sum, { costUsd }) => sum + costUsd, 0),
  })
}

function asAction({ by, rule, action, args, verdict, reason }: ProposalRecord, at: string): IncidentAction {
  return {
    action,
    args: typeof args === 'object' && args !== null ? (args as IncidentAction['args']) : {},
    at,
    verdict: verdict === 'allowed' ? 'allowed' : 'refused',
    result: `${rule ?? by}: ${reason}`,
    undone: false,
  }
}
