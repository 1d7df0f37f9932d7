/** What lies in the folders of a home, how much it is, and what of it is not needed any more. */
import { existsSync, lstatSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { rotatedLogs } from '../../repair/actions/clearUp.ts'
import type { HomePaths } from '../../shared/paths.ts'
import { currentRelease, releasesFolder } from '../../shared/programOf.ts'
import { readSwap } from '../homeSwap.ts'
import { trialFolder } from '../update/tryAgent.ts'
import { readUpdate } from '../update/updateRecord.ts'

/** What can be cleared out of the folders. */
export const FILE_AREAS = ['logs', 'backups', 'aside', 'releases', 'cache'] as const
/** One of them. */
export type FileArea = (typeof FILE_AREAS)[number]

/** A file or folder that is not needed any more. */
export type Leftover = { readonly area: FileArea; readonly path: string; readonly bytes: number }

/** What goes: older than so many milliseconds, or beyond so many; a missing area stays. */
export type FileLimits = {
  readonly logsMs?: number
  readonly asideMs?: number
  readonly backupsKeep?: number
  readonly releases?: boolean
  readonly cache?: boolean
}

/** Sizes of a home by part, in bytes. */
export type HomeSizes = Readonly<Record<'agentDb' | 'watchdogDb' | 'workspace' | 'alerts' | FileArea, number>>

const OWN_BACKUP = /^ottugi-\d{4}-.*\.backup$/

/** Measures it. Links count as what they are, not as what they lead to. */
export function measureHome(paths: HomePaths): HomeSizes {
  const database = (file: string) => ['', '-wal', '-shm'].reduce((sum, end) => sum + sizeOf(`${file}${end}`), 0)
  return {
    agentDb: database(paths.agentDb),
    watchdogDb: database(paths.watchdogDb),
    workspace: sizeOf(paths.workspace),
    alerts: sizeOf(paths.alerts),
    logs: sizeOf(paths.logs),
    backups: sizeOf(paths.backups),
    aside: [...asideFolders(paths), trialFolder(paths)].reduce((sum, folder) => sum + sizeOf(folder), 0),
    releases: sizeOf(releasesFolder(paths.home)),
    cache: sizeOf(cacheOf(paths)),
  }
}

/** What these limits leave over; `nowMs` is the wall clock. */
export function findLeftovers(paths: HomePaths, limits: FileLimits, nowMs: number): Leftover[] {
  const { logsMs, asideMs, backupsKeep } = limits
  const found: Record<FileArea, readonly string[]> = {
    logs:
      logsMs === undefined
        ? []
        : rotatedLogs({ paths }, 'remove')
            .map((name) => join(paths.logs, name))
            .filter(olderThan(nowMs - logsMs)),
    backups: backupsKeep === undefined ? [] : ownBackups(paths).slice(backupsKeep),
    aside: asideMs === undefined ? [] : setAside(paths).filter(olderThan(nowMs - asideMs)),
    releases: limits.releases ? oldReleases(paths) : [],
    cache: limits.cache ? [cacheOf(paths)].filter((path) => sizeOf(path) > 0) : [],
  }
  return FILE_AREAS.flatMap((area) => found[area].map((path) => ({ area, path, bytes: sizeOf(path) })))
}

/** Removes them. */
export function removeLeftovers(leftovers: readonly Leftover[]): void {
  for (const { path } of leftovers) rmSync(path, { recursive: true, force: true })
}

function olderThan(beforeMs: number): (path: string) => boolean {
  return (path) => (lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? beforeMs) < beforeMs
}

function ownBackups({ backups }: HomePaths): string[] {
  const names = namesIn(backups).filter((name) => OWN_BACKUP.test(name))
  return names
    .toSorted()
    .toReversed()
    .map((name) => join(backups, name))
}

function asideFolders({ data, quarantine }: HomePaths): string[] {
  return [quarantine, join(data, 'swaps')]
}

/** What the last restore or update could go back to is not set aside for good. */
function setAside(paths: HomePaths): string[] {
  const needed = new Set([readSwap(paths)?.id, readUpdate(paths)?.id])
  const aside = asideFolders(paths).flatMap((folder) =>
    namesIn(folder)
      .filter((name) => !needed.has(name))
      .map((name) => join(folder, name)),
  )
  // What an update that was cut off has left of its trial.
  return existsSync(trialFolder(paths)) ? [...aside, trialFolder(paths)] : aside
}

/** Neither in force, nor what the last update can go back to. */
function oldReleases({ home, data }: HomePaths): string[] {
  const last = readUpdate({ data })
  const needed = new Set<string | null | undefined>(['current', currentRelease(home), last?.from, last?.to])
  const folder = releasesFolder(home)
  return namesIn(folder)
    .filter((name) => !needed.has(name))
    .map((name) => join(folder, name))
}

function cacheOf({ data }: HomePaths): string {
  return join(data, 'compile-cache')
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function sizeOf(path: string): number {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (!stats) return 0
  if (!stats.isDirectory()) return stats.size
  return namesIn(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0)
}
