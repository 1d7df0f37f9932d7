/** A home that was lived in: both databases with something in them, settings, secrets, tools. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { migrate } from '../../../src/agent/journal/schema.ts'
import { folderPath, OWN_FOLDERS } from '../../../src/repair/ownFiles.ts'
import { type HomePaths, homePaths } from '../../../src/shared/paths.ts'
import { openWatchStore } from '../../../src/watchdog/store.ts'

const made: string[] = []

/** Removes the homes that were made; for `afterEach`. */
export function removeHomes(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true })
}

/** A folder that goes with {@link removeHomes}. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ottugi-backup-'))
  made.push(folder)
  return folder
}

/** A home with its folders and nothing in them. */
export function bareHome(): HomePaths {
  const paths = homePaths(newFolder())
  for (const path of [paths.data, paths.run]) mkdirSync(path, { mode: 0o700 })
  for (const folder of OWN_FOLDERS) mkdirSync(folderPath(paths, folder), { recursive: true, mode: 0o700 })
  return paths
}

/** What lies in it beside the databases. */
export const FILES = {
  'ottugi.yaml': 'language: en\n',
  '.env': 'ANTHROPIC_API_KEY=sk-secret-secret\n',
  'data/always.json': '{"always":[]}',
  'tools/hello.ts': 'export const spec = {}\n',
  'workspace/notes/a.txt': 'a note',
} as const

/** Writes files below a folder, open to nobody else. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true, mode: 0o700 })
    writeFileSync(join(folder, name), content, { mode: 0o600 })
  }
}

/** Such a home; `runs` were ended, one more is under way. */
export function livedHome(runs = 3): HomePaths {
  const paths = bareHome()
  writeFiles(paths.home, FILES)
  fillJournal(paths.agentDb, runs)
  const store = openWatchStore(paths.watchdogDb)
  store.database.prepare("INSERT INTO state (key, value) VALUES ('mark', 'here')").run()
  store.close()
  return paths
}

/** Adds runs to a journal; makes it where there is none. */
export function fillJournal(file: string, runs: number, name = 'run'): void {
  const db = new Sqlite(file)
  db.pragma('journal_mode = WAL')
  migrate(db)
  const add = db.prepare('INSERT INTO events (run, session, type, at, data) VALUES (?, ?, ?, ?, ?)')
  const at = '2026-01-01T00:00:00.000Z'
  const say = (run: string, isEnded: boolean) => {
    add.run(run, 's', 'message_in', at, JSON.stringify({ text: 'hello 오뚝이' }))
    if (isEnded) add.run(run, 's', 'run_ended', at, JSON.stringify({ finish: 'done' }))
  }
  for (let index = 0; index < runs; index++) say(`${name}${index}`, true)
  say(`${name}-open`, false)
  db.prepare("INSERT OR IGNORE INTO leases (run, owner, fence, until_ms) VALUES (?, 'me', 1, 0)").run(`${name}-open`)
  db.close()
}

/** What a journal holds. */
export function journalOf(file: string): { types: string[]; ends: string[]; last: number } {
  const db = new Sqlite(file, { readonly: true })
  try {
    const rows = db
      .prepare<[], { seq: number; type: string; data: string }>('SELECT seq, type, data FROM events ORDER BY seq')
      .all()
    const ends = rows.filter(({ type }) => type === 'run_ended').map(({ data }) => JSON.parse(data).finish as string)
    return { types: rows.map(({ type }) => type), ends, last: rows.at(-1)?.seq ?? 0 }
  } finally {
    db.close()
  }
}
