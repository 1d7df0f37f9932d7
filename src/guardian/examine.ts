/** Looks at everything that the guardian knows of, and changes nothing: what the doctor shows. */

import { settingsTextOf } from '../repair/settingsText.ts'
import { readDiskRoom } from '../shared/diskRoom.ts'
import type { Language } from '../shared/messages/message.ts'
import { appRoot, type HomePaths } from '../shared/paths.ts'
import type { Check, Finding, GuardianContext } from './check.ts'
import { clock } from './checks/clock.ts'
import { commands } from './checks/commands.ts'
import { databases } from './checks/databases.ts'
import { dependencies } from './checks/dependencies.ts'
import { disk } from './checks/disk.ts'
import { folders } from './checks/folders.ts'
import { journal } from './checks/journal.ts'
import { locks } from './checks/locks.ts'
import { modes } from './checks/modes.ts'
import { nodeVersion } from './checks/nodeVersion.ts'
import { orphans } from './checks/orphans.ts'
import { sandbox } from './checks/sandbox.ts'
import { guessLanguage } from './say.ts'

/** Where to look. `language` and `root` have defaults: what the settings and the locale say, the program's own folder. */
export type ExamineInput = {
  readonly paths: HomePaths
  readonly environment: NodeJS.ProcessEnv
  readonly language?: Language
  readonly root?: string
  /** Looked at after all others, with the settings where they are valid: what only a person asks for. */
  readonly more?: readonly Check[]
}

/** What was found, and how many checks looked. */
export type Examination = { readonly findings: readonly Finding[]; readonly checks: number }

/** What needs no packages. */
export const WITHOUT_PACKAGES: readonly Check[] = [
  disk,
  folders,
  modes,
  orphans,
  dependencies,
  nodeVersion,
  locks,
  journal,
]

/** Asks every check. */
export async function examine(input: ExamineInput): Promise<Examination> {
  const ctx = createContext(input, false)
  const findings: Finding[] = []
  for (const check of WITHOUT_PACKAGES) findings.push(...(await check.look(ctx)))
  const settled = await withSettings(ctx, findings)
  const later = [...(await laterChecks(findings)), sandbox, ...(input.more ?? [])]
  for (const check of later) findings.push(...(await check.look(settled)))
  return { findings, checks: WITHOUT_PACKAGES.length + later.length }
}

/** What the checks look at, for a run that is no preflight. */
export function createContext(
  { paths, environment, language, root = appRoot }: ExamineInput,
  deep: boolean,
): GuardianContext {
  return {
    paths,
    appRoot: root,
    environment,
    language: language ?? guessLanguage(settingsTextOf(paths) ?? undefined, environment),
    uid: process.getuid?.() ?? 0,
    wallMs: Date.now(),
    deep,
    hasPredecessor: false,
    readRoom: readDiskRoom,
  }
}

/** The checks that need packages, the settings first; none while packages are missing. */
export async function laterChecks(findings: readonly Finding[]): Promise<Check[]> {
  if (findings.some(({ fault }) => fault === 'dependencies')) return []
  const { settings } = await import('./checks/settings.ts')
  const { ports } = await import('./checks/ports.ts')
  return [settings, commands, clock, databases, ports]
}

/** The context with the settings, where they are valid. */
export async function withSettings(ctx: GuardianContext, findings: readonly Finding[]): Promise<GuardianContext> {
  if (findings.some(({ fault }) => fault === 'dependencies')) return ctx
  const { loadSettings } = await import('../shared/config/load.ts')
  const { paths, environment } = ctx
  const loaded = loadSettings({ settingsFile: paths.settings, envFile: paths.env, environment })
  return loaded.ok ? { ...ctx, settings: loaded.settings } : ctx
}
