/** Tries a program's migrations on copies of our databases, in a process of its own: what that program does to them, and whether it can read them at all. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { childEnvironment } from '../shared/childEnvironment.ts'

/** A program: its folder, its Node, and how its files are called (`.ts` in a checkout, `.js` in the package). */
export type ProgramFiles = { readonly root: string; readonly node: string; readonly extension: string }

/** The copies; one that is not there is passed over. */
export type DatabaseCopies = { readonly agent?: string | undefined; readonly watchdog?: string | undefined }

/** It went through, or the program's own complaint. */
export type Migrated = { readonly ok: true } | { readonly ok: false; readonly reason: string }

/** A table that is built anew may take long; a hang must not. */
const LIMIT_MS = 600_000
const COMPLAINT_CHARS = 600

/** Migrates them. The copies are changed; the home is not touched. */
export function migrateCopies(
  program: ProgramFiles,
  copies: DatabaseCopies,
  environment: NodeJS.ProcessEnv,
): Promise<Migrated> {
  const { root, node, extension } = program
  const address = (...names: string[]) => pathToFileURL(join(root, 'src', ...names)).href + extension
  const order = {
    sqlite: pathToFileURL(join(root, 'package.json')).href,
    journal: address('agent', 'journal', 'schema'),
    store: address('watchdog', 'store'),
    ...copies,
  }
  // Without a home: nothing that these modules load may find one by accident.
  const { OTTUGI_HOME: _, ...env } = childEnvironment(root, environment)
  const words = ['--input-type=module', '--eval', SCRIPT, JSON.stringify(order)]
  return new Promise((resolve) => {
    execFile(node, words, { env, cwd: root, timeout: LIMIT_MS }, (error, _out, err) => {
      if (!error) return resolve({ ok: true })
      resolve({ ok: false, reason: (err.trim() || error.message).slice(-COMPLAINT_CHARS) })
    })
  })
}

/** Each database by its owner's own code: the agent's is opened here, the watchdog opens its own. */
const SCRIPT = `
const { sqlite, journal, store, agent, watchdog } = JSON.parse(process.argv[1])
const { createRequire } = await import('node:module')
try {
  if (agent) {
    const Sqlite = createRequire(sqlite)('better-sqlite3')
    const { migrate } = await import(journal)
    const db = new Sqlite(agent, { fileMustExist: true })
    try { migrate(db) } finally { db.close() }
  }
  if (watchdog) (await import(store)).openWatchStore(watchdog).close()
} catch (error) {
  process.stderr.write(error.message)
  process.exit(1)
}
`
