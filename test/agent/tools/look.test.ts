/** sqlite_query over a real database, system_info and process_list over this machine, ask_user and note. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorkshop, saidBy, type Workshop } from './workshop.ts'

let shop: Workshop
beforeAll(() => {
  shop = openWorkshop()
  const db = new Sqlite(join(shop.workspace, 'a.db'))
  db.exec(
    "CREATE TABLE t (id INTEGER, name TEXT, data BLOB); INSERT INTO t VALUES (9007199254740993, '한|\n', x'0102'), (2, NULL, NULL)",
  )
  db.close()
})
afterAll(() => shop.leave())

describe('sqlite_query', () => {
  const query = (sql: string, path = 'a.db') => shop.call('sqlite_query', { path, sql })

  it('shows columns, rows, large numbers, blobs and odd letters', async () => {
    expect(await query('SELECT * FROM t')).toEqual({
      ok: true,
      text: 'id | name | data\n9007199254740993 | 한\\|\\n | <2 bytes>\n2 | NULL | NULL\n[2 rows]',
    })
    expect(saidBy(await query('PRAGMA table_info(t)'))).toContain('0 | id | INTEGER')
  })

  it('limits rows, cells and memory', async () => {
    const many = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n'
    expect(saidBy(await query(many))).toMatch(/\n200\n\[first 200 rows; /)
    expect(saidBy(await query("SELECT printf('%.*c', 600, 'x') AS x"))).toBe(
      `x\n${'x'.repeat(500)}… (600 characters)\n[1 rows]`,
    )
    expect((await query('SELECT hex(zeroblob(400000000))')).ok).toBe(false)
  })

  it.each([
    "INSERT INTO t VALUES (1, 'x', NULL)",
    "INSERT INTO t VALUES (1, 'x', NULL) RETURNING *",
    'DELETE FROM t',
    'DROP TABLE t',
    'CREATE TEMP TABLE x (a)',
    "ATTACH 'other.db' AS o",
    "VACUUM INTO 'copy.db'",
    'PRAGMA query_only = OFF',
    'PRAGMA journal_mode = DELETE',
    'SELECT 1; DELETE FROM t',
    'BEGIN IMMEDIATE',
    "SELECT load_extension('x')",
    'SELECT nothing FROM t',
    'nonsense',
    '',
    ' ',
  ])('refuses %j, and changes nothing', async (sql) => {
    const before = readFileSync(join(shop.workspace, 'a.db'))
    if (sql === '') await expect(query(sql)).rejects.toThrow()
    else expect((await query(sql)).ok).toBe(false)
    expect(readFileSync(join(shop.workspace, 'a.db')).equals(before)).toBe(true)
    expect(readdirSync(shop.workspace).filter((name) => /other|copy/.test(name))).toEqual([])
  })

  it('refuses what is no database, with a name', async () => {
    shop.file('no.db', 'this is plain text, and long enough to be looked at as one page of a database'.repeat(20))
    expect(await query('SELECT 1 FROM sqlite_schema', 'no.db')).toEqual({
      ok: false,
      reason: 'no.db is no SQLite database',
    })
    expect((await query('SELECT 1', 'missing.db')).ok).toBe(false)
    expect(existsSync(join(shop.workspace, 'missing.db'))).toBe(false)
  })
})

describe('what looks at the machine', () => {
  it('tells the sections that were asked for, and of none what it does not know', async () => {
    const said = saidBy(await shop.call('system_info', { sections: ['os', 'memory', 'temperature'] }))
    expect(said.split('\n').map((line) => line.split(':')[0])).toEqual(['os', 'memory', 'temperature'])
    const memory = JSON.parse(/^memory: (.*)$/m.exec(said)?.[1] ?? '{}')
    expect(memory.totalMb).toBeGreaterThan(0)
    expect(said).not.toMatch(/undefined|NaN/)
  })

  it('lists processes, and masks secrets in their commands', async () => {
    const said = saidBy(await shop.call('process_list', { match: 'vitest' }))
    expect(said.split('\n')[0]).toBe('pid\tparent\tuser\tcpu%\tMiB\tstate\tcommand')
    expect(said).toContain('vitest')
    expect(saidBy(await shop.call('process_list', { match: 'no-such-process-at-all' }))).toContain('[0 of 0 shown')
  })
})

describe('ask_user', () => {
  it('keeps the question and ends the turn; with nobody there it is refused', async () => {
    expect(await shop.call('ask_user', { question: 'Red or blue?' })).toEqual({
      ok: true,
      text: 'The question is recorded:\nRed or blue?\nNow end your turn: put exactly this question to the person and call no tool. The answer comes as the next message.',
    })
    expect(await shop.call('ask_user', { question: 'Red?' }, { attended: false })).toMatchObject({
      ok: false,
      reason: 'nobody is there to answer',
    })
  })
})

describe('note', () => {
  it('adds one line per key, whatever is in it', async () => {
    const first = await shop.call('note', { text: 'water\nthe <!-- plants' }, { key: 'n1' })
    expect(saidBy(first)).toMatch(/^Added to notes\.md: - \d{4}-\d\d-\d\d water the <! -- plants$/)
    expect(saidBy(await shop.call('note', { text: 'water the plants' }, { key: 'n1' }))).toContain('made before')
    await shop.call('note', { text: 'second' }, { key: 'n2' })
    const lines = readFileSync(join(shop.workspace, 'notes.md'), 'utf8').split('\n')
    expect(lines.map((line) => line.replace(/^- \S+ /, '- ').replace(/ <!-- \w{12} -->$/, ' #'))).toEqual([
      '# Notes',
      '',
      '- water the <! -- plants #',
      '- second #',
      '',
    ])
  })
})
