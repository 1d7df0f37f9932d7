import { chownSync, lstatSync, mkdirSync, realpathSync } from 'node:fs'
import type { SandboxSettings } from '../config/sandboxSection.ts'
import type { HomePaths } from '../paths.ts'
import { codeMounts, findServiceUser, namedFolders, systemMounts } from './machine.ts'
import type { SandboxPlan } from './plan.ts'

/** What a sandbox of this home is made from. */
export type SandboxInput = {
  readonly paths: Pick<HomePaths, 'home' | 'workspace'>
  readonly settings: SandboxSettings
  /** The user that we run as. */
  readonly uid: number
}

/** The plan without the program, and what could not be granted; or why there can be none. */
export type PlanResult =
  | { readonly ok: true; readonly plan: Omit<SandboxPlan, 'command'>; readonly notes: readonly string[] }
  | { readonly ok: false; readonly reason: string }

/** Makes the plan of a home's sandboxes. Gives a workspace of root's to the service user, the folder itself and nothing in it. */
export function planFor({ paths, settings, uid }: SandboxInput): PlanResult {
  const found = uid === 0 ? findServiceUser(settings.user) : undefined
  if (found && !found.ok) return found
  const workspace = workspaceOf(paths, found?.user.uid)
  if (!workspace.ok) return workspace
  const folders = namedFolders(settings.folders, paths.home)
  const mounts = [...systemMounts(), ...codeMounts(), ...folders.flatMap((folder) => (folder.ok ? [folder.mount] : []))]
  const plan = { workspace: workspace.path, mounts, limits: settings, ...(found ? { user: found.user } : {}) }
  return { ok: true, plan, notes: folders.flatMap((folder) => (folder.ok ? [] : [folder.reason])) }
}

function workspaceOf(
  { workspace }: SandboxInput['paths'],
  giveTo: number | undefined,
): { ok: true; path: string } | { ok: false; reason: string } {
  try {
    mkdirSync(workspace, { recursive: true, mode: 0o700 })
    const path = realpathSync(workspace)
    if (giveTo !== undefined && lstatSync(path).uid === 0) chownSync(path, giveTo, -1)
    return { ok: true, path }
  } catch (error) {
    return { ok: false, reason: `the folder workspace/ cannot be used: ${(error as Error).message}` }
  }
}
