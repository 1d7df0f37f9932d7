/** Which files of a home are ours to judge and mend, by the names that an action may be given: never a path. */
import { type HomePaths, isCheckout } from '../shared/paths.ts'
import { lookAt, modeBits } from './fileState.ts'

/** What the mode of a file must and may be. */
export type ModeRule = {
  readonly path: string
  readonly kind: 'file' | 'folder'
  /** Bits that may be set at most: a bit beyond them is a fault. */
  readonly loosest: number
  /** Bits that must be set, for us to work. */
  readonly needed: number
}

/** The names, in the order in which they are looked at: a folder before what lies in it. */
export const OWN_FILES = [
  'home',
  'env',
  'settings',
  'data',
  'run',
  'pm2',
  'logs',
  'backups',
  'known-good',
  'quarantine',
  'agent-db',
  'agent-wal',
  'agent-shm',
  'watchdog-db',
  'watchdog-wal',
  'watchdog-shm',
  'boot-ledger',
  'repair-journal',
  'desired',
] as const
export type OwnFile = (typeof OWN_FILES)[number]

/** The rule for one of our files. `.env` is never looser than 600; a checkout may be read by others, but not written. */
export function modeRule(paths: HomePaths, name: OwnFile): ModeRule {
  const folder = (path: string, loosest = 0o700): ModeRule => ({ path, kind: 'folder', loosest, needed: 0o700 })
  const file = (path: string, loosest = 0o600): ModeRule => ({ path, kind: 'file', loosest, needed: 0o600 })
  const rules: Record<OwnFile, ModeRule> = {
    home: folder(paths.home, isCheckout(paths.home) ? 0o755 : 0o700),
    env: file(paths.env),
    settings: file(paths.settings, 0o644),
    // Below a private home a folder may be readable; it must not be writable by others.
    data: folder(paths.data, 0o755),
    run: folder(paths.run),
    pm2: folder(paths.pm2),
    logs: folder(paths.logs, 0o755),
    backups: folder(paths.backups),
    'known-good': folder(paths.knownGood),
    quarantine: folder(paths.quarantine),
    'agent-db': file(paths.agentDb),
    'agent-wal': file(`${paths.agentDb}-wal`),
    'agent-shm': file(`${paths.agentDb}-shm`),
    'watchdog-db': file(paths.watchdogDb),
    'watchdog-wal': file(`${paths.watchdogDb}-wal`),
    'watchdog-shm': file(`${paths.watchdogDb}-shm`),
    'boot-ledger': file(paths.boots),
    'repair-journal': file(paths.repairsJournal),
    desired: file(paths.desired),
  }
  return rules[name]
}

/** What is wrong with a file's mode or owner. */
export type ModeFault = 'wrong-mode' | 'wrong-owner' | 'wrong-kind'

/** Judges one of our files; undefined where it is missing or as it should be. `uid` is the user that we run as. */
export function judgeMode(paths: HomePaths, name: OwnFile, uid: number): ModeFault | undefined {
  const rule = modeRule(paths, name)
  const stats = lookAt(rule.path)
  if (!stats) return undefined
  // A home, or its settings, may be reached through a link that its owner made; what lies behind is the user's business.
  if (stats.isSymbolicLink()) return name === 'home' || name === 'settings' ? undefined : 'wrong-kind'
  if (rule.kind === 'folder' ? !stats.isDirectory() : !stats.isFile()) return 'wrong-kind'
  if (stats.uid !== uid) return 'wrong-owner'
  return hasRightMode(modeBits(stats), rule) ? undefined : 'wrong-mode'
}

/** True when a mode has every needed bit and none beyond the loosest. */
export function hasRightMode(mode: number, rule: Pick<ModeRule, 'loosest' | 'needed'>): boolean {
  return (mode & rule.needed) === rule.needed && (mode & ~rule.loosest) === 0
}

/** The mode that a file should get: what it has, without what is too much, with what is missing. */
export function mendedMode(mode: number, rule: Pick<ModeRule, 'loosest' | 'needed'>): number {
  return (mode & rule.loosest) | rule.needed
}

/** Folders that a home needs and that we may make when they are missing. `run` and `data` come before every repair. */
export const OWN_FOLDERS = [
  'backups',
  'known-good',
  'quarantine',
  'logs',
  'workspace',
  'tools',
  'skills',
  'alerts',
  'pm2',
] as const
export type OwnFolder = (typeof OWN_FOLDERS)[number]

/** Where one of these folders lies. */
export function folderPath(paths: HomePaths, name: OwnFolder): string {
  return name === 'known-good' ? paths.knownGood : paths[name]
}
