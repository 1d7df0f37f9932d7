/** The folder of releases: which one is in force, and which of them are not needed any more. */
import { existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { syncFolder } from '../../shared/atomicFile.ts'
import type { HomePaths } from '../../shared/paths.ts'
import { baseProgram, CURRENT, currentRelease, releaseOf, releasesFolder } from '../../shared/programOf.ts'
import { readRescueNote, saveRescue } from '../../shared/rescueFolder.ts'

/** A release that is being made ends so; it never counts. */
export const PART = '.part'

/** Makes the folder, open to nobody else. Throws where something else lies there. */
export function ensureReleases(home: string): string {
  const folder = releasesFolder(home)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (!lstatSync(folder).isDirectory()) throw new Error(`${folder} is no folder`)
  return folder
}

/** Puts a release in force, or the base where it is null: one rename, durable when it returns. */
export function setCurrent(home: string, id: string | null): void {
  const folder = ensureReleases(home)
  const link = join(folder, CURRENT)
  if (id === null) rmSync(link, { force: true })
  else {
    const beside = join(folder, `.${CURRENT}.${process.pid}`)
    rmSync(beside, { force: true })
    symlinkSync(id, beside)
    renameSync(beside, link)
  }
  syncFolder(folder)
}

/** Removes what nobody needs: releases beyond those named, and what killed updates left. Gives the names that went. */
export function sweepReleases(home: string, keep: readonly (string | null)[]): string[] {
  const folder = releasesFolder(home)
  if (!existsSync(folder)) return []
  const kept = new Set<string | null | undefined>([...keep, CURRENT, currentRelease(home)])
  const gone = readdirSync(folder).filter((name) => !kept.has(name))
  for (const name of gone) rmSync(join(folder, name), { recursive: true, force: true })
  return gone
}

/**
 * Lets the rescue of a service start, and mend, the version in force: after each change of it, and before a version that is not wanted goes.
 * Gives a complaint where that failed; nothing where it was done, or no service starts through a rescue. `at`: ISO 8601, UTC.
 */
export function renewRescue(paths: Pick<HomePaths, 'home' | 'rescue'>, at: string): string | undefined {
  if (!readRescueNote(paths)) return undefined
  const id = currentRelease(paths.home)
  const base = baseProgram()
  const program = (id === undefined ? undefined : releaseOf(paths.home, id, base)) ?? base
  const saved = saveRescue(paths, program.root, at, program)
  return saved.ok ? undefined : saved.reason
}
