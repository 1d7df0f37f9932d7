/** The trial of an agent beside the one that serves: what it shows, that it can do nothing, and that nothing of it stays. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, describe, expect, it } from 'vitest'
import { migrate } from '../../../src/agent/journal/schema.ts'
import { waitFor } from '../../../src/drill/waitFor.ts'
import { quieten, trialFolder, tryAgent } from '../../../src/service/update/tryAgent.ts'
import { type HomePaths, homePaths } from '../../../src/shared/paths.ts'
import { listPids } from '../../../src/shared/procfs.ts'
import { ownProgram } from '../../../src/shared/programOf.ts'
import { type Change, ENDS_AT_START, ENDS_WHEN_READY, otherVersion } from '../../drills/otherVersion.ts'

const LIMITS = { readyMs: 50_000, steadyMs: 500, silentMs: 20_000 }
const endings: (() => void)[] = []
afterEach(() => {
  for (const end of endings.splice(0)) end()
})

function home(): HomePaths {
  const folder = mkdtempSync(join(tmpdir(), 'ottugi-try-'))
  endings.push(() => rmSync(folder, { recursive: true, force: true }))
  const paths = homePaths(folder)
  mkdirSync(paths.data)
  writeFileSync(paths.settings, 'language: en\nagent:\n  host: 0.0.0.0\nmodel:\n  baseUrl: http://127.0.0.1:9\n')
  writeFileSync(paths.env, 'ANTHROPIC_API_KEY=sk-of-the-owner\n')
  return paths
}

function journalIn(paths: HomePaths): string {
  const file = join(paths.data, 'copy.db')
  const db = new Sqlite(file)
  migrate(db)
  db.exec(`INSERT INTO events (run, session, type, at, data) VALUES ('r', 's', 'message_in', '2026', '{"text":"do it"}');
    INSERT INTO leases VALUES ('r', 'somebody', 1, 1);
    INSERT INTO jobs VALUES ('j', '{}', 0, 0, 1, '', '', 0);
    INSERT INTO slots VALUES ('j1', 'j', 'r2', 1, 1, 'claimed', '', '')`)
  db.close()
  return file
}

function program(changes: readonly Change[]) {
  const { root, remove } = otherVersion('99.0.0', changes)
  endings.push(remove)
  return { ...ownProgram(), root }
}

/** Processes whose environment names the home of a trial. */
function tried(paths: HomePaths): number[] {
  return listPids().filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8')
        .split('\0')
        .includes(`OTTUGI_HOME=${trialFolder(paths)}`)
    } catch {
      return false
    }
  })
}

describe('a trial', () => {
  it('finds nothing against a good agent, with the settings and the journal of the home, and leaves nothing', async () => {
    const paths = home()
    const journal = journalIn(paths)
    expect(quieten(journal, Date.parse('2026-01-01T00:00:00Z'))).toBe(true)
    const environment = { ...process.env, OPENAI_API_KEY: 'sk-of-the-shell' }
    expect(await tryAgent({ paths, program: ownProgram(), journal, environment }, LIMITS)).toBeUndefined()
    expect([tried(paths), readdirSync(paths.data), existsSync(paths.run)]).toEqual([[], ['compile-cache'], false])
  })

  it.each([
    ['ends at its start', ENDS_AT_START, /^Error: this version is broken/],
    ['ends when it is ready', ENDS_WHEN_READY, /^it ended with 1$/],
  ] as const)('says why an agent that %s is no good', async (_, change, words) => {
    const paths = home()
    const order = { paths, program: program([change]), journal: undefined, environment: process.env }
    expect(await tryAgent(order, { ...LIMITS, steadyMs: 20_000 })).toMatch(words)
    expect(tried(paths)).toEqual([])
  })

  it('finds nothing left to do in a copy of the journal', () => {
    const journal = journalIn(home())
    expect(quieten(journal, Date.parse('2026-01-01T00:00:00Z'))).toBe(true)
    const db = new Sqlite(journal, { readonly: true })
    const count = (table: string) => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get()
    expect(['jobs', 'slots', 'leases'].map(count)).toEqual([0, 0, 0])
    expect(db.prepare('SELECT type FROM events ORDER BY seq').pluck().all()).toEqual(['message_in', 'run_ended'])
    db.close()
    writeFileSync(journal, 'no database')
    expect(quieten(journal, 0)).toBe(false)
  })

  it('ends with whoever tries, also by kill -9', async () => {
    const paths = home()
    const child = spawn(process.execPath, [join(import.meta.dirname, 'tryUntilKilled.ts'), paths.home], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    endings.push(() => child.kill('SIGKILL'))
    await once(child.stdout, 'data')
    expect(tried(paths)).toHaveLength(1)
    child.kill('SIGKILL')
    await waitFor('the tried agent to be gone', 30_000, () => (tried(paths).length === 0 ? true : undefined))
  })
})
