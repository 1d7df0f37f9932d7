/** Finds the property list that serves a home, by what the files themselves say. */
import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readText } from './installed.ts'
import { type LaunchdKind, type LaunchdOrigin, labelOf, originOfPlist } from './launchdPlist.ts'
import { plistPath } from './launchdSteps.ts'

/** A property list of ours. */
export type InstalledPlist = LaunchdOrigin & {
  readonly kind: LaunchdKind
  /** As `--name` gave it. */
  readonly name: string
  readonly path: string
}

/** All services of ours that lie where launchd looks, those of the user first. */
export function listPlists(userFolder: string): InstalledPlist[] {
  const [prefix, suffix] = [labelOf(''), '.plist']
  return (['agent', 'daemon'] as const).flatMap((kind) => {
    const folder = dirname(plistPath({ kind, uid: 0, userFolder }, ''))
    return filesIn(folder)
      .filter((file) => file.startsWith(prefix) && file.endsWith(suffix))
      .flatMap((file) => {
        const path = join(folder, file)
        const origin = originOfPlist(readText(path) ?? '')
        return origin ? [{ kind, name: file.slice(prefix.length, -suffix.length), path, ...origin }] : []
      })
  })
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
