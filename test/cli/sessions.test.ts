/** `ottugi sessions` and `ottugi replay`: reading from the journal while nothing runs, changing through the agent; nothing moves the cursor. */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import express from 'express'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createCompactor } from '../../src/agent/context/compactor.ts'
import { sessionRoutes } from '../../src/agent/http/sessionRoutes.ts'
import type { RunEventBody } from '../../src/agent/journal/event.ts'
import type { Journal } from '../../src/agent/journal/journal.ts'
import { migrate } from '../../src/agent/journal/schema.ts'
import { journalOver } from '../../src/agent/journal/sqliteJournal.ts'
import { openSqliteSessions } from '../../src/agent/sessions/sqliteSessions.ts'
import { SESSION_TABLES } from '../../src/agent/sessions/tables.ts'
import type { HomePaths } from '../../src/shared/paths.ts'
import { writeRuntimeFile } from '../../src/shared/runtimeFile.ts'
import { createToken, tokensFrom } from '../../src/shared/tokens.ts'
import { asked, asking, changed, ended, result, told, toolCall } from '../agent/sessions/sessionHistory.ts'
import { call, emptyFolder, newHome } from './command.ts'

let paths: HomePaths
let database: Database.Database
let journal: Journal

beforeEach(() => {
  paths = newHome()
  for (const folder of [paths.data, paths.run]) mkdirSync(folder, { recursive: true, mode: 0o700 })
  database = new Database(paths.agentDb)
  database.pragma('journal_mode = WAL')
  migrate(database)
  if (!database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'session_words'").get()) database.exec(SESSION_TABLES)
  journal = journalOver(database)
  const verdict: RunEventBody = {
    type: 'gate_decided',
    data: { call: 'c', tool: 'grep', verdict: 'allow', rule: 'reads', reason: 'It only looks.' },
  }
  append(
    'r1',
    's1',
    asked('안녕 \u001b[2Jworld'),
    asking,
    told('I look.', [toolCall('c', { pattern: '\u202eevil' })]),
    verdict,
  )
  append('r1', 's1', result('c', 'found\u0007 ``` fence'), asking, told('It is\u009b31m done.'), ended())
  append('r2', 's2', asked('unfinished business'), asking)
  append('', 's1', changed({ do: 'name', name: 'Na\u001b]0;me' }))
})
afterEach(() => journal.close())

function append(run: string, session: string, ...bodies: RunEventBody[]): void {
  for (const body of bodies) journal.append(run, session, body)
}
const ottugi = (words: readonly string[], environment = {}) => call([...words, '--home', paths.home], { environment })
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const RAW = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/

describe('while nothing runs', () => {
  it('lists, in both languages and as JSON', async () => {
    const { code, out } = await ottugi(['sessions'])
    const lines = out.trimEnd().split('\n')
    expect([code, lines.length]).toEqual([0, 2])
    expect(lines[0]).toMatch(/^s1 {2}.* {2}1 runs {2}0\.5000 USD {2}idle {5}Na\\u001b]0;me$/)
    expect(lines[1]).toMatch(/^s2 .* 0\.0000 USD {2}working {2}unfinished business$/)
    expect((await ottugi(['sessions', 'list', '-n', '1'], { LANG: 'ko_KR.UTF-8' })).out).toContain('실행 1회')
    const json = (await ottugi(['sessions', 'list', '--json'])).out.trimEnd().split('\n')
    expect(json.map((line) => JSON.parse(line))).toMatchObject([
      { session: 's1', name: 'Na\u001b]0;me' },
      { session: 's2' },
    ])
    expect(json.join('\n')).not.toMatch(RAW)
  })

  it('shows one with its calls and results, and nothing of it moves the cursor', async () => {
    const { out } = await ottugi(['sessions', 'show', 's1'])
    expect(out).not.toMatch(RAW)
    for (const part of [
      '# Na\\u001b',
      '안녕 \\u001b[2Jworld',
      '**Call of `grep`**',
      '````\nfound\\u0007 ``` fence\n````',
    ]) {
      expect(out).toContain(part)
    }
    const json = JSON.parse((await ottugi(['sessions', 'show', 's1', '--json'])).out)
    expect(json.events).toEqual(journal.eventsOfSession('s1', 0, 100))
  })

  it('searches', async () => {
    expect((await ottugi(['sessions', 'search', 'finished', 'un'])).out).toMatch(
      /^s2 #9 .*\n {2}unfinished business\n$/,
    )
    expect(JSON.parse((await ottugi(['sessions', 'search', '안녕', '--json'])).out)).toMatchObject({
      session: 's1',
      who: 'person',
    })
    expect((await ottugi(['sessions', 'search', 'nowhere'])).out).toBe('Nothing was found.\n')
  })

  it('exports to the screen safely, to a new file as it is, and over no file', async () => {
    const screen = await ottugi(['sessions', 'export', 's1'])
    expect(screen.out).not.toMatch(RAW)
    const file = join(emptyFolder(), 'out.md')
    expect(await ottugi(['sessions', 'export', 's1', '--format', 'markdown', '-o', file])).toEqual({
      code: 0,
      out: '',
      err: `Written: ${file}\n`,
    })
    expect([readFileSync(file, 'utf8').includes('\u001b[2Jworld'), statSync(file).mode & 0o777]).toEqual([true, 0o600])
    expect(await ottugi(['sessions', 'export', 's1', '-o', file])).toMatchObject({ code: 1, out: '' })
    expect(JSON.parse(screen.out)).toMatchObject({ schema: 'ottugi.session', version: 1, session: { session: 's1' } })
  })

  it('replays a run with times, costs, verdicts and results', async () => {
    const { code, out } = await ottugi(['replay', 'r1'])
    expect(code).toBe(0)
    expect(out).not.toMatch(RAW)
    for (const part of [
      'Run r1 of session s1',
      '#3  +0.0 s  m answered: 10 tokens in, 5 out, 0.2500 USD, 0.0 s',
      '      calls grep {"pattern":"\\u202eevil"}',
      'grep: allow by reads. It only looks.',
      'grep: done, 0.0 s\n      found\\u0007 ``` fence',
      '2 model calls, 1 tool calls, 0.5000 USD',
    ]) {
      expect(out.replace(/\+\d+\.\d s/g, '+0.0 s')).toContain(part)
    }
    expect((await ottugi(['replay', 'r2'])).out).toContain('This run has not ended.')
    const json = (await ottugi(['replay', 'r1', '--json'])).out.trimEnd().split('\n')
    expect(json.map((line) => JSON.parse(line))).toEqual(journal.eventsOfRun('r1'))
  })

  it.each([
    [['sessions', 'show', 'no\u001b'], 1, 'There is no session no\\u001b'],
    [['sessions', 'list', '-n', '0'], 2, '--limit'],
    [['sessions', 'export', 's1', '--format', 'pdf'], 2, 'json or markdown'],
    [['sessions', 'rename', 's1', 'x'], 69, 'not reachable'],
    [['sessions', 'branch', 's1', '--at', 'x'], 2, '--at'],
    [['sessions', 'delete', 's1', '--purge'], 2, 'sessions delete s1 --purge --yes'],
    [['replay', 'none'], 1, 'There is no run none'],
    [['replay', 'r1', '--from', '3'], 2, '--rerun'],
    [['replay', 'r1', '--rerun', '--from', '0'], 2, '--from'],
    [['replay', 'r1', '--dry-run'], 69, 'not reachable'],
  ])('%j ends with %i', async (words, code, part) => {
    const called = await ottugi(words)
    expect(called).toMatchObject({ code, out: '', err: expect.stringContaining(part) })
  })

  it('says that there are none in a home without a journal', async () => {
    const { home } = newHome()
    expect(await call(['sessions', '--home', home])).toEqual({ code: 0, out: 'There are no sessions.\n', err: '' })
    expect(await call(['sessions', '--json', '--home', home])).toEqual({ code: 0, out: '', err: '' })
    expect(await call(['replay', 'r', '--home', home])).toMatchObject({ code: 1, out: '' })
  })
})

describe('through the agent', () => {
  let server: Server
  let reruns: unknown[]

  beforeEach(async () => {
    const [chat, admin] = [createToken('chat'), createToken('admin')]
    writeFileSync(paths.env, `OTTUGI_TOKEN_CHAT=${chat}\nOTTUGI_TOKEN=${admin}\n`, { mode: 0o600 })
    const tokens = tokensFrom(
      new Map([
        ['OTTUGI_TOKEN_CHAT', chat],
        ['OTTUGI_TOKEN', admin],
      ]),
    )
    const write = (session: string, body: RunEventBody) => journal.append('', session, body)
    const sessions = openSqliteSessions(database, write)
    const summarise = async () => ({ ok: false as const, reason: '' })
    const compactor = createCompactor({ recall: sessions.recall, append: write, summarise, keepAnswers: 1 })
    reruns = []
    const app = express().use(sessionRoutes({ sessions, compactor, readTokens: () => tokens }))
    app.post('/api/runs/:id/rerun', express.json(), (request, response) => {
      reruns.push([request.params['id'], request.body])
      response.json({ run: 'r\u001bnew', text: 'Again.\u0007' })
    })
    server = app.listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    writeRuntimeFile(paths, { app: 'agent', url, version: '1', supervisorPid: 0, startedAt: '', notes: [] })
  })
  afterEach(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  it('renames, branches, deletes, purges', async () => {
    expect((await ottugi(['sessions', 'rename', 's1', '새 이름'])).out).toBe('Session s1 is called "새 이름" now.\n')
    expect((await ottugi(['sessions', 'branch', 's1', '--at', '1', '--as', 'b1'])).out).toBe(
      'Session b1 shares the past of s1.\n',
    )
    expect(JSON.parse((await ottugi(['sessions', 'branch', 'b1', '--json'])).out).session).toMatch(/^[0-9a-f-]{36}$/)
    expect(await ottugi(['sessions', 'delete', 's2'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('has not ended'),
    })
    expect((await ottugi(['sessions', 'delete', 'b1'])).out).toBe('Session b1 is deleted.\n')
    expect((await ottugi(['sessions', 'delete', 's1', '--purge', '--yes'])).out).toContain('overwritten')
    expect(JSON.stringify(journal.eventsOfRun('r1'))).not.toContain('안녕')
    expect(await ottugi(['sessions', 'rename', 's1', 'x'])).toMatchObject({
      code: 1,
      err: 'There is no such session.\n',
    })
  })

  it('reruns from an event, on another model, or dry', async () => {
    const { code, out } = await ottugi(['replay', 'r1', '--rerun', '--from', '4', '--model', 'x/y'])
    expect([code, out]).toEqual([0, 'The new run is r\\u001bnew.\nAgain.\\u0007\n'])
    expect(JSON.parse((await ottugi(['replay', 'r1', '--dry-run', '--json'])).out)).toEqual({
      run: 'r\u001bnew',
      text: 'Again.\u0007',
    })
    expect(reruns).toEqual([
      ['r1', { fromSeq: 4, model: 'x/y' }],
      ['r1', { dryRun: true }],
    ])
  })
})
