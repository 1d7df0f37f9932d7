/** Proves an unpacked backup as if it were a home: what it says it holds is there, its databases are whole, and the guardian finds nothing that would keep it from starting. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { databases } from '../../guardian/checks/databases.ts'
import { journal } from '../../guardian/checks/journal.ts'
import { modes } from '../../guardian/checks/modes.ts'
import { settings } from '../../guardian/checks/settings.ts'
import { createContext } from '../../guardian/examine.ts'
import { inspectDatabase } from '../../repair/database/inspect.ts'
import { folderPath, OWN_FOLDERS } from '../../repair/ownFiles.ts'
import { homePaths } from '../../shared/paths.ts'
import { DATABASE_FILES } from './contents.ts'
import { countDatabase } from './databaseCounts.ts'
import type { Manifest } from './manifest.ts'

const CHECKS = [modes, journal, settings, databases]

/** What speaks against it, a sentence each. `broken`: it is not what it says it is. `complaints`: a start would be refused with what is in it. */
export type Proof = { readonly broken: readonly string[]; readonly complaints: readonly string[] }

/** Looks at every page and counts every row. The folders of a home are made where they are missing; nothing else is changed. */
export async function proveUnpacked(
  folder: string,
  manifest: Manifest,
  environment: NodeJS.ProcessEnv,
): Promise<Proof> {
  const faults = await Promise.all(
    Object.entries(manifest.databases).map(async ([name, expected]) => {
      const file = join(folder, DATABASE_FILES[name as keyof typeof DATABASE_FILES] ?? '')
      const facts = await inspectDatabase(file, 'full')
      if (facts.state !== 'sound') return [`${name}.db: ${facts.state === 'missing' ? 'missing' : facts.detail}`]
      const found = await countDatabase(file)
      return isDeepStrictEqual(found, expected) ? [] : [`${name}.db holds something else than it should`]
    }),
  )
  const broken = faults.flat()
  return { broken, complaints: broken.length > 0 ? [] : await askGuardian(folder, environment) }
}

async function askGuardian(folder: string, environment: NodeJS.ProcessEnv): Promise<string[]> {
  const paths = homePaths(folder)
  for (const path of [paths.data, paths.run]) mkdirSync(path, { recursive: true, mode: 0o700 })
  for (const own of OWN_FOLDERS) mkdirSync(folderPath(paths, own), { recursive: true, mode: 0o700 })
  const context = createContext({ paths, environment }, true)
  const findings = await Promise.all(CHECKS.map(async (check) => check.look(context)))
  return findings.flat().flatMap(({ severity, what }) => (severity === 'fail' ? [what] : []))
}
