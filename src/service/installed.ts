/** Finds the unit that serves a home, by what the unit files themselves say. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Scope } from './systemdUnit.ts'
import { originOf } from './unitFile.ts'

/** A unit of ours. */
export type InstalledUnit = {
  readonly scope: Scope
  /** Without `.service`. */
  readonly name: string
  readonly path: string
  readonly home: string
  readonly isEdited: boolean
}

/** Where the units of a scope lie. */
export function unitFolder(scope: Scope, environment: NodeJS.ProcessEnv): string {
  if (scope === 'system') return '/etc/systemd/system'
  const home = environment['HOME'] ?? '/'
  return join(environment['XDG_CONFIG_HOME'] ?? join(home, '.config'), 'systemd', 'user')
}

/** All services of ours that this user can see, those of the user first. */
export function listInstalled(environment: NodeJS.ProcessEnv): InstalledUnit[] {
  return (['user', 'system'] as const).flatMap((scope) => {
    const folder = unitFolder(scope, environment)
    return filesIn(folder)
      .filter((file) => file.endsWith('.service') && !file.endsWith('-alert.service'))
      .flatMap((file) => {
        const path = join(folder, file)
        const origin = originOf(readText(path) ?? '')
        return origin ? [{ scope, name: file.slice(0, -'.service'.length), path, ...origin }] : []
      })
  })
}

/** The service of one home. */
export function findInstalled(home: string, environment: NodeJS.ProcessEnv): InstalledUnit | undefined {
  return listInstalled(environment).find((unit) => unit.home === home)
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** A file's text; undefined where there is none that may be read. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
