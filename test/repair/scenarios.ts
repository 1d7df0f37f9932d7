/** For every action of the table: a damaged home in which it has something to do. */
import { chmodSync, mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeKnownGood } from '../../src/repair/knownGoodFile.ts'
import { backupDatabase } from '../../src/shared/backup.ts'
import type { HomePaths } from '../../src/shared/paths.ts'
import { makeDatabase, writeLives, writeRun } from './support.ts'

/** What a scenario hands on to whoever runs its action. */
export type Prepared = {
  readonly args: object
  readonly root?: string
  readonly freeMb?: number
  readonly path?: string
}
export type Scenario = {
  readonly action: string
  readonly name: string
  readonly prepare: (paths: HomePaths, spare: Spare) => Promise<Prepared> | Prepared
}
/** A folder for a program of its own, and a port that a stranger holds. */
export type Spare = { readonly folder: string; readonly takenPort: number }

/** A process that was, and is no more. */
const DEAD = { pid: 4_194_303, startTicks: 1, nonce: 'dead' }

export const SCENARIOS: readonly Scenario[] = [
  {
    action: 'set_mode',
    name: 'a database that others may read',
    prepare: (paths) => {
      writeFileSync(paths.agentDb, 'x')
      chmodSync(paths.agentDb, 0o644)
      return { args: { file: 'agent-db' } }
    },
  },
  {
    action: 'make_dir',
    name: 'a folder that is gone',
    prepare: (paths) => {
      rmdirSync(paths.workspace)
      return { args: { folder: 'workspace' } }
    },
  },
  {
    action: 'remove_lock',
    name: 'a lock of a dead process',
    prepare: (paths) => {
      writeFileSync(paths.startLock, JSON.stringify(DEAD), { mode: 0o600 })
      return { args: { lock: 'start' } }
    },
  },
  {
    action: 'use_fallback_port',
    name: 'a port that a stranger has',
    prepare: (_paths, { takenPort }) => ({ args: { app: 'agent', port: takenPort, host: 'loopback' } }),
  },
  {
    action: 'restore_config',
    name: 'settings that are no YAML',
    prepare: (paths) => {
      writeFileSync(paths.settings, 'agent: [', { mode: 0o640 })
      const settingsText = 'language: ko\n'
      writeKnownGood(paths, {
        settingsText,
        settingsHash: 'h',
        lockfileHash: null,
        databaseBackup: null,
        version: '1',
        savedAt: 'then',
      })
      return { args: {} }
    },
  },
  {
    action: 'restore_database',
    name: 'a database with a damaged page',
    prepare: async (paths) => {
      makeDatabase(paths.agentDb, 200)
      await backupDatabase({
        dbPath: paths.agentDb,
        backupsDir: paths.backups,
        keep: 3,
        at: '2026-01-01T00:00:00.000Z',
      })
      makeDatabase(paths.agentDb, 200)
      const bytes = readFileSync(paths.agentDb)
      bytes.fill(0xff, bytes.length - 8_192, bytes.length - 4_096)
      writeFileSync(paths.agentDb, bytes)
      return { args: { database: 'agent' } }
    },
  },
  {
    action: 'restore_database',
    name: 'a database whose file is gone, and its log still there',
    prepare: (paths) => {
      writeFileSync(`${paths.watchdogDb}-wal`, 'a log without its database', { mode: 0o600 })
      return { args: { database: 'watchdog' } }
    },
  },
  {
    action: 'free_reserve',
    name: 'a full disk',
    prepare: (paths) => {
      writeFileSync(paths.reserve, Buffer.alloc(8 * 1_024 * 1_024), { mode: 0o600 })
      return { args: {}, freeMb: 1 }
    },
  },
  { action: 'make_reserve', name: 'no reserve', prepare: () => ({ args: {}, freeMb: 10_000 }) },
  {
    action: 'compress_logs',
    name: 'rotated logs',
    prepare: (paths) => {
      writeLogs(paths)
      return { args: { mode: 'compress' }, freeMb: 30 }
    },
  },
  {
    action: 'compress_logs',
    name: 'rotated logs on a full disk',
    prepare: (paths) => {
      writeLogs(paths)
      return { args: { mode: 'remove' }, freeMb: 1 }
    },
  },
  {
    action: 'prune_tmp',
    name: 'half-written files of a dead process',
    prepare: (paths) => {
      for (const folder of [paths.home, paths.data]) {
        writeFileSync(join(folder, `settings.${DEAD.pid}.0a1b2c3d.tmp`), 'half', { mode: 0o600 })
      }
      return { args: {} }
    },
  },
  {
    action: 'reinstall_dependencies',
    name: 'a package that is gone',
    prepare: (_paths, { folder }) => {
      const { root, bin } = makeProgram(folder, 'works')
      return { args: {}, root, path: bin }
    },
  },
  { action: 'enter_safe_mode', name: 'a crash loop', prepare: () => ({ args: { reason: 'crash-loop' } }) },
  {
    action: 'hold_restart',
    name: 'a crash loop that restarting feeds',
    prepare: (paths) => {
      writeTwoLives(paths)
      return { args: { minutes: 5 } }
    },
  },
  {
    action: 'quarantine_job',
    name: 'a run over which the agent died twice',
    prepare: (paths) => {
      writePoison(paths)
      return { args: { run: 'poison' } }
    },
  },
  {
    action: 'park_session',
    name: 'a session over which the agent died twice, beside another that is parked',
    prepare: (paths) => {
      writePoison(paths)
      const other = { runs: [], sessions: [{ id: 'other', since: '2026-01-01T00:00:00.000Z', reason: 'a person' }] }
      writeFileSync(paths.parked, JSON.stringify(other), { mode: 0o640 })
      return { args: { session: 'nightly' } }
    },
  },
  {
    action: 'set_heap_limit',
    name: 'an agent that ended out of memory',
    prepare: (paths) => {
      writeFileSync(paths.settings, 'agent:\n  maxHeapMb: 64\n', { mode: 0o600 })
      writeLives(paths, [{ from: 9_000, to: 1_000, code: 1, reason: 'out-of-memory: the heap holds 70 of 64 MiB' }])
      return { args: { mb: 128 } }
    },
  },
  { action: 'raise_alert', name: 'nothing that may be done', prepare: () => ({ args: {} }) },
  { action: 'none', name: 'nothing', prepare: () => ({ args: {} }) },
]

/** Two lives of the agent that ended at once, a moment ago. */
function writeTwoLives(paths: HomePaths): void {
  writeLives(paths, [
    { from: 9_000, to: 8_000 },
    { from: 5_000, to: 4_000 },
  ])
}

/** A run that was worked on when both of two lives ended, and one that was only worked on in the first. */
function writePoison(paths: HomePaths): void {
  makeDatabase(paths.agentDb, 5)
  writeTwoLives(paths)
  writeRun(paths.agentDb, 'poison', 'nightly', [
    ['message_in', 8_500],
    ['model_asked', 8_400],
    ['model_asked', 4_500],
  ])
  writeRun(paths.agentDb, 'bystander', 'daily', [['message_in', 8_300]])
}

function writeLogs(paths: HomePaths): void {
  for (const name of ['agent.jsonl', 'agent.1.jsonl', 'watchdog.2.jsonl', 'somebody.1.jsonl']) {
    writeFileSync(join(paths.logs, name), '{"level":30}\n'.repeat(100), { mode: 0o600 })
  }
}

/** A program with one package that is missing, and an npm that installs it (or fails, or never ends). */
export function makeProgram(folder: string, npm: 'works' | 'fails'): { root: string; bin: string } {
  const root = join(folder, 'program')
  const bin = join(folder, 'bin')
  mkdirSync(join(root, 'node_modules', 'old'), { recursive: true })
  mkdirSync(bin)
  const lock = {
    packages: {
      '': {},
      'node_modules/left': { version: '1.0.0' },
      'node_modules/other': { version: '2.0.0', optional: true },
    },
  }
  writeFileSync(join(root, 'package.json'), '{"type":"module"}')
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify(lock))
  writeFileSync(join(root, 'node_modules', 'old', 'file'), 'old')
  writeFileSync(join(bin, 'npm'), npm === 'works' ? WORKING_NPM : FAILING_NPM)
  chmodSync(join(bin, 'npm'), 0o755)
  rmSync(join(bin, 'log'), { force: true })
  return { root, bin }
}

const WORKING_NPM = `#!/usr/bin/env node
const { mkdirSync, readFileSync, writeFileSync } = require('node:fs')
if (process.argv[2] !== 'ci' || !process.argv.includes('--ignore-scripts')) process.exit(9)
if (Object.keys(process.env).some((name) => /SECRET|OTTUGI/.test(name))) process.exit(8)
mkdirSync('node_modules/left', { recursive: true })
writeFileSync('node_modules/left/package.json', '{}')
writeFileSync('node_modules/.package-lock.json', readFileSync('package-lock.json'))
`

const FAILING_NPM = `#!/usr/bin/env node
require('node:fs').mkdirSync('node_modules/half', { recursive: true })
console.error('npm error no such registry')
process.exit(1)
`
