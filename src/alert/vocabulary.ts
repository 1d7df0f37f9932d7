/** The words of ours that an incident is told in. What is not in these tables never leaves the machine. */
import { createHash } from 'node:crypto'
import type { Incident } from '../shared/incident.ts'
import type { MessageKey } from '../shared/messages/table.ts'
import type { ThreadFacts } from './deskState.ts'

/** A fault in words, and the next step for a person. */
type FaultWords = readonly [what: MessageKey, next: MessageKey]

const AGENT: FaultWords = ['notify.fault.agent', 'notify.look']
const HANG: FaultWords = ['notify.fault.hang', 'notify.look']
const SETTINGS: FaultWords = ['notify.fault.settings', 'notify.next.settings']
const DISK: FaultWords = ['notify.fault.disk', 'notify.next.disk']
const DATABASE: FaultWords = ['notify.fault.database', 'notify.look']
const PACKAGES: FaultWords = ['notify.fault.packages', 'notify.next.packages']
const FILES: FaultWords = ['notify.fault.files', 'notify.next.files']
const LEFTOVERS: FaultWords = ['notify.fault.leftovers', 'notify.look']
const MEMORY: FaultWords = ['notify.fault.memory', 'notify.look']
const SUPERVISOR: FaultWords = ['notify.fault.supervisor', 'notify.look']
const KEY: FaultWords = ['notify.fault.key', 'notify.next.key']
const OTHER: FaultWords = ['notify.fault.other', 'notify.look']

const FAULTS: ReadonlyMap<string, FaultWords> = new Map([
  ['crash-loop', AGENT],
  ['exited', AGENT],
  ['refused', AGENT],
  ['start-timeout', AGENT],
  ['repaired-at-start', AGENT],
  ['stopped', HANG],
  ['blocked', HANG],
  ['silent', HANG],
  ['unreachable', HANG],
  ['settings-invalid', SETTINGS],
  ['bind-without-token', SETTINGS],
  ['no-key', KEY],
  ['port-taken', ['notify.fault.port', 'notify.next.port']],
  ['disk-full', DISK],
  ['disk-low', DISK],
  ['reserve-missing', DISK],
  ['database-corrupt', DATABASE],
  ['database-behind', DATABASE],
  ['database-closed', DATABASE],
  ['dependencies', PACKAGES],
  ['wrong-abi', PACKAGES],
  ['node-version', PACKAGES],
  ['command-missing', PACKAGES],
  ['wrong-mode', FILES],
  ['wrong-owner', FILES],
  ['wrong-kind', FILES],
  ['folder-missing', FILES],
  ['stale-lock', LEFTOVERS],
  ['own-orphan', LEFTOVERS],
  ['leftovers', LEFTOVERS],
  ['repair-open', LEFTOVERS],
  ['out-of-memory', MEMORY],
  ['memory-leak', MEMORY],
  ['descriptor-leak', MEMORY],
  ['clock-behind', ['notify.fault.clock', 'notify.look']],
  ['journal-broken', ['notify.fault.record', 'notify.look']],
  ['supervisor-gone', SUPERVISOR],
  ['supervisor-stopped', SUPERVISOR],
  ['watchdog-exited', SUPERVISOR],
  ['dashboard-exited', SUPERVISOR],
  ['approval-waiting', ['notify.fault.approval', 'notify.next.approval']],
])

const DEEDS: ReadonlyMap<string, MessageKey> = new Map([
  ['start', 'notify.did.restart'],
  ['restart', 'notify.did.restart'],
  ['hold_restart', 'notify.did.restart'],
  ['resume', 'notify.did.restart'],
  ['kill', 'notify.did.end'],
  ['stop_own_orphan', 'notify.did.end'],
  ['guardian repair', 'notify.did.guardian'],
  ['restore_config', 'notify.did.settings'],
  ['restore_database', 'notify.did.database'],
  ['reinstall_dependencies', 'notify.did.packages'],
  ['free_reserve', 'notify.did.room'],
  ['compress_logs', 'notify.did.room'],
  ['prune_tmp', 'notify.did.room'],
  ['make_reserve', 'notify.did.room'],
  ['park_session', 'notify.did.parked'],
  ['quarantine_job', 'notify.did.parked'],
  ['set_heap_limit', 'notify.did.memory'],
  ['set_mode', 'notify.did.files'],
  ['make_dir', 'notify.did.files'],
  ['remove_lock', 'notify.did.files'],
  ['use_fallback_port', 'notify.did.port'],
  ['enter_safe_mode', 'notify.did.safeMode'],
])

/** Every fault that has words of its own. */
export const KNOWN_FAULTS: readonly string[] = [...FAULTS.keys()]

/** The words of a fault; those for "something" where it is none of ours. */
export function wordsOf(fault: string): FaultWords {
  return FAULTS.get(fault) ?? OTHER
}

/** The words of something that was done. */
export function deedOf(action: string): MessageKey {
  return DEEDS.get(action) ?? 'notify.did.other'
}

const MOST_DEEDS = 50

/** What of an incident may be told elsewhere: its number, its time, and words of ours. */
export function factsOf(incident: Incident): ThreadFacts {
  const fault = [incident.fault, incident.symptom].find((word) => FAULTS.has(word)) ?? 'other'
  const tried = incident.actions.slice(-MOST_DEEDS).map(({ action }) => (DEEDS.has(action) ? action : 'other'))
  return { id: threadId(incident.id), fault, openedAt: timeOf(incident.openedAt), tried }
}

/** The id as it is (`I7`); anything else becomes a number of its own, so that no foreign text passes. */
export function threadId(id: string): string {
  if (/^[A-Z]{1,2}\d{1,9}$/.test(id)) return id
  return `X${createHash('sha256').update(id).digest().readUInt32BE(0)}`
}

function timeOf(at: string): string {
  const ms = Date.parse(at)
  return new Date(Number.isFinite(ms) ? ms : 0).toISOString()
}
