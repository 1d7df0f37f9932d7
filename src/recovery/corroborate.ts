/**
 * PURE. The local fact without which nobody may take an action: no rule, no learned rule, no model. It asks less than the action's own precondition,
 * which looks once more, and more than its arguments: what a log or a model says is never a fact. On a healthy home everything but `none` is refused.
 */
import type { JsonValue } from '../repair/journal.ts'
import type { Facts, PortFact } from './facts.ts'
import { endedOutOfMemory, isCrashLoop, isHung, poisonedRuns } from './picture.ts'
import { RULES } from './runbook/rules.ts'

/** The facts agree, or what they say instead. */
export type Corroboration = { readonly ok: true } | { readonly ok: false; readonly reason: string }

type Args = Readonly<Record<string, unknown>>
type Probe = (facts: Facts, args: Args) => Corroboration

const AGREED: Corroboration = { ok: true }

function only(holds: boolean, reason: string): Corroboration {
  return holds ? AGREED : { ok: false, reason }
}

function among(list: readonly unknown[], value: unknown, reason: string): Corroboration {
  return only(list.includes(value), reason)
}

/** Settings are put back where they are broken, or where the agent fails since they changed. */
const restoreConfig: Probe = (facts) => {
  const { settings, changed, knownGoodDiffers, hasKnownGood } = facts
  if (!hasKnownGood) return only(false, 'no good settings were ever saved')
  if (!knownGoodDiffers) return only(false, 'the settings are the known good ones')
  const isBroken = settings === 'invalid'
  const isSuspect = isCrashLoop(facts) && changed.settingsMs !== null
  return only(isBroken || isSuspect, 'the settings are valid, and no crash loop began after they changed')
}

const fallbackPort: Probe = ({ ports }, { app, port, host, avoid }) => {
  const own = ports.find((fact) => fact.app === app)
  const isSame = own?.port === port && own?.host === host
  const others = ports.filter((fact) => fact.app !== app).map((fact: PortFact) => fact.port)
  if (!own || !isSame) return only(false, 'that is not a port of ours')
  if (avoid !== null && avoid !== undefined && !others.includes(avoid as number))
    return only(false, 'the port to avoid is not one of ours')
  return only(
    own.state === 'stranger' && !own.hasFallback,
    `the port is ${own.hasFallback ? 'replaced already' : own.state}`,
  )
}

const restart: Probe = (facts, { app }) => {
  if (app === 'agent') return only(isHung(facts), 'the agent is not alive and silent')
  return only(app === 'dashboard' && facts.answers.dashboard === false, 'the dashboard is not known to be silent')
}

const safeMode: Probe = (facts, { reason }) => {
  if (facts.safeMode) return only(false, 'safe mode is on')
  if (!facts.maySafeMode) return only(false, 'the owner does not want safe mode')
  if (reason === 'settings-invalid') return only(facts.settings === 'invalid', 'the settings are not invalid')
  return only(reason === 'crash-loop' && isCrashLoop(facts), 'the agent is in no crash loop')
}

const compressLogs: Probe = ({ disk, rotatedLogs }, { mode }) => {
  if (mode === 'remove')
    return only(disk.isFull && rotatedLogs.removable > 0, 'the disk is not full, or no rotated logs lie there')
  return only(
    mode === 'compress' && disk.isLow && rotatedLogs.packable > 0,
    'the disk is not low, or no rotated logs lie there',
  )
}

const heapLimit: Probe = (facts, { mb }) => {
  if (!endedOutOfMemory(facts)) return only(false, 'the agent did not end out of memory')
  const { agentHeapLimitMb: now, highestHeapMb: most } = facts.memory
  const isInRange = typeof mb === 'number' && now !== null && most !== null && mb > now && mb <= most
  return only(isInRange, `the limit must be above ${now ?? 'an unknown one'} and at most ${most ?? 'unknown'} MiB`)
}

/** By action. One that is not here is refused. */
const PROBES: Readonly<Record<string, Probe>> = {
  set_mode: ({ wrongModes }, { file }) => among(wrongModes, file, 'the mode of that file is not known to be wrong'),
  make_dir: ({ missingFolders }, { folder }) => among(missingFolders, folder, 'that folder is not known to be missing'),
  remove_lock: ({ locks }, { lock }) =>
    only(
      locks.some(({ id, isStale }) => isStale && id === lock),
      'that lock is not known to be stale',
    ),
  stop_own_orphan: ({ orphanApps }, { app }) => among(orphanApps, app, 'no earlier process of that app lives'),
  use_fallback_port: fallbackPort,
  restore_config: restoreConfig,
  restore_database: ({ databases }, { database, witnessSeq }) => {
    if (witnessSeq !== null && witnessSeq !== undefined) return only(false, 'the witness is ours to read')
    const state = database === 'agent' || database === 'watchdog' ? databases[database] : 'unknown'
    return only(state === 'damaged', `that database is ${state}`)
  },
  free_reserve: ({ disk, hasReserve }) =>
    only(disk.isFull && hasReserve, 'the disk is not full, or there is no reserve'),
  make_reserve: ({ disk, isReserveWhole }) =>
    only(!isReserveWhole && !disk.isLow, 'the reserve is whole, or there is no room'),
  compress_logs: compressLogs,
  prune_tmp: ({ leftovers }) => only(leftovers > 0, 'there are no half-written files'),
  reinstall_dependencies: ({ dependencies }) =>
    only(dependencies === 'damaged' || dependencies === 'wrong-abi', `the packages are ${dependencies}`),
  enter_safe_mode: safeMode,
  restart,
  hold_restart: (facts) =>
    only(isCrashLoop(facts) && !facts.isHeld, 'the agent is in no crash loop, or is held already'),
  quarantine_job: (facts, { run }) =>
    among(
      poisonedRuns(facts).map((one) => one.run),
      run,
      'fewer than 2 lives of the agent ended over that run',
    ),
  park_session: (facts, { session }) =>
    among(
      poisonedRuns(facts).map((one) => one.session),
      session,
      'fewer than 2 lives of the agent ended over that session',
    ),
  set_heap_limit: heapLimit,
  raise_alert: (facts) => only(isTroubled(facts), 'nothing is wrong: nobody is called'),
  none: () => AGREED,
}

/** Somebody complains, the agent is away, or a rule knows the trouble. */
function isTroubled(facts: Facts): boolean {
  const isQuiet = facts.symptom === null && facts.fault === null && facts.isAgentAlive
  return !isQuiet || RULES.some((rule) => rule.probe(facts) !== undefined)
}

/** May this be done, as far as the facts go? The arguments are those that the action's own parser gave back. */
export function corroborates(action: string, args: JsonValue, facts: Facts): Corroboration {
  const probe = Object.hasOwn(PROBES, action) ? PROBES[action] : undefined
  if (!probe) return { ok: false, reason: 'no local fact is known for that action' }
  const given = typeof args === 'object' && args !== null && !Array.isArray(args) ? (args as Args) : {}
  return probe(facts, given)
}
