/** What recovery remembers of a run, for the rules that it may learn, and the line a proposal in `logs/recovery.jsonl`. */
import { appendFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { now } from '../shared/clock.ts'
import type { Outcome } from '../shared/incident.ts'
import type { HomePaths } from '../shared/paths.ts'
import type { RecoveryResult } from '../shared/recoveryResult.ts'
import { actionHash, gateHash } from './actionSource.ts'
import { afterHarm, type Bound, type RuleKey, rulesFor, settled, withTried } from './learned.ts'
import { changeLearned, readLearned } from './learnedFile.ts'
import type { Deed } from './ports.ts'
import { probeOf } from './probe.ts'
import type { Proposal, SeenEvidence } from './proposal.ts'

/** Size at which the ledger of actions begins anew, the old one kept beside it. */
const MAX_LEDGER_BYTES = 10 * 1_024 * 1_024

/** The texts that an action is bound to now; undefined where its file is not found. */
export function boundOf(root: string, action: string): Bound | undefined {
  const hash = actionHash(root, action)
  return hash === undefined ? undefined : { actionHash: hash, gateHash: gateHash(root) }
}

/** The learned rules for this fault that are in force, as proposals. */
export function consultLearned(paths: HomePaths, root: string, { signature, facts }: SeenEvidence): Proposal[] {
  const rules = rulesFor(readLearned(paths), { signature, probe: probeOf(facts) }, (action) => boundOf(root, action))
  return rules.map(({ id, action, args, note }) => ({ by: 'learned', rule: id, action, args, reason: note }))
}

function keyOf({ proposal, args, evidence }: Omit<Deed, 'repairId' | 'isApproved'>): RuleKey {
  return { signature: evidence.signature, probe: probeOf(evidence.facts), action: proposal.action, args }
}

/** What cannot be remembered is lost: learning must not fail the repair that it learns from. */
async function quietly(work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch {
    // A full disk, for example.
  }
}

/** Remembers what held, until somebody tells what became of the incident. Never throws. */
export async function rememberDeed(paths: HomePaths, root: string, incident: string | null, deed: Deed): Promise<void> {
  const bound = boundOf(root, deed.proposal.action)
  if (!bound) return
  const { proposal, repairId, isApproved } = deed
  const tried = { ...keyOf(deed), ...bound, repairId, by: proposal.by, incident, isApproved, at: now().at }
  const pending = { ...tried, outcome: 'pending' as const }
  await quietly(changeLearned(paths, (learned) => ({ ok: true, learned: withTried(learned, pending) })))
}

/** What was undone or failed takes its rule's standing away, whoever named it. Never throws. */
export async function rememberHarm(paths: HomePaths, deed: Omit<Deed, 'repairId' | 'isApproved'>): Promise<void> {
  const told = { at: now().at, note: 'it was tried and did not hold' }
  await quietly(changeLearned(paths, (learned) => ({ ok: true, learned: afterHarm(learned, keyOf(deed), told) })))
}

/** An incident is over: what was done for it is counted. */
export async function settle(paths: HomePaths, incident: string, outcome: Outcome): Promise<{ readonly ok: boolean }> {
  return changeLearned(paths, (learned) => ({ ok: true, learned: settled(learned, incident, outcome, now().at) }))
}

/** One line a proposal. What cannot be written is lost: a ledger must not fail the repair that it tells of. */
export function writeLedger(paths: HomePaths, incident: string | null, { proposals, evidence }: RecoveryResult): void {
  const file = join(paths.logs, 'recovery.jsonl')
  const { at } = now()
  const lines = proposals.map((one) => JSON.stringify({ at, incident, signature: evidence?.signature ?? null, ...one }))
  if (lines.length === 0) return
  try {
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > MAX_LEDGER_BYTES) {
      renameSync(file, join(paths.logs, 'recovery.1.jsonl'))
    }
    appendFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 })
  } catch {
    // The repair journal and the incident tell the same.
  }
}
