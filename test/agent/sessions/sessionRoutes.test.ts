/** The sessions over HTTP, on a real socket. */
import type { AddressInfo } from 'node:net'
import Database from 'better-sqlite3'
import express from 'express'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createCompactor } from '../../../src/agent/context/compactor.ts'
import { sessionRoutes } from '../../../src/agent/http/sessionRoutes.ts'
import type { RunEventBody } from '../../../src/agent/journal/event.ts'
import { migrate } from '../../../src/agent/journal/schema.ts'
import { journalOver } from '../../../src/agent/journal/sqliteJournal.ts'
import { openSqliteSessions } from '../../../src/agent/sessions/sqliteSessions.ts'
import { SESSION_TABLES } from '../../../src/agent/sessions/tables.ts'
import type { Scope } from '../../../src/shared/tokens.ts'
import { asked, asking, ended, told } from './sessionHistory.ts'

const TOKENS = (['read', 'chat', 'approve', 'admin'] as const).map((scope: Scope) => ({ scope, token: `t-${scope}` }))
const LONG = 'much was said here '.repeat(40)

async function open() {
  const database = new Database(':memory:')
  migrate(database)
  if (!database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'session_words'").get()) database.exec(SESSION_TABLES)
  const journal = journalOver(database)
  const append = (session: string, body: RunEventBody) => journal.append('', session, body)
  const sessions = openSqliteSessions(database, append)
  const summarise = async () => ({ ok: true as const, text: 'All of it.' })
  const compactor = createCompactor({ recall: sessions.recall, append, summarise, keepAnswers: 1 })
  const app = express().use(sessionRoutes({ sessions, compactor, readTokens: () => TOKENS }))
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    journal.close()
  }
  const talk = (run: string, session: string, question: string) => {
    for (const body of [asked(question), asking, told(`re ${question}`), ended()]) journal.append(run, session, body)
  }
  return { url, close, talk, journal, sessions }
}

let own: Awaited<ReturnType<typeof open>>
beforeEach(async () => {
  own = await open()
  own.talk('r1', 'a', `first ${LONG}`)
  own.talk('r2', 'a', `second ${LONG}`)
})
afterEach(() => own.close())

async function call(
  method: string,
  path: string,
  { scope = 'chat', body }: { scope?: Scope | 'none'; body?: unknown } = {},
) {
  const response = await fetch(`${own.url}${path}`, {
    method,
    headers: { authorization: `Bearer t-${scope}`, 'content-type': 'application/json' },
    body: body === undefined ? null : JSON.stringify(body),
  })
  const text = await response.text()
  const value = (() => {
    try {
      return JSON.parse(text)
    } catch {
      return text
    }
  })()
  const name = typeof value === 'object' ? value?.type?.replace?.('urn:ottugi:problem:', '') : undefined
  return { status: response.status, value, problem: name ?? null, type: response.headers.get('content-type') }
}
const statusOf = async (...words: Parameters<typeof call>) => {
  const { status, problem } = await call(...words)
  return [status, problem]
}

it('lists, shows, finds', async () => {
  const { value } = await call('GET', '/api/sessions', { scope: 'read' })
  expect(value).toEqual({ sessions: own.sessions.list(50) })
  expect((await call('GET', '/api/sessions/a', { scope: 'read' })).value).toEqual({
    ...own.sessions.find('a'),
    events: own.sessions.history('a'),
  })
  expect((await call('GET', '/api/search?q=first%20much', { scope: 'read' })).value.found).toMatchObject([
    { who: 'model' },
    { who: 'person' },
  ])
})

it('names, branches, deletes, purges', async () => {
  expect((await call('PATCH', '/api/sessions/a', { body: { name: ' 이름 ' } })).value).toEqual({ session: 'a' })
  expect(own.sessions.find('a')).toMatchObject({ name: '이름' })
  expect(await statusOf('POST', '/api/sessions/a/branch', { body: { session: 'b', seq: 4 } })).toEqual([201, null])
  expect(own.sessions.history('b').length).toBe(5)
  expect((await call('POST', '/api/sessions/a/branch')).value.session).toMatch(/^[0-9a-f-]{36}$/)
  expect(await statusOf('DELETE', '/api/sessions/b')).toEqual([200, null])
  expect(await statusOf('DELETE', '/api/sessions/b')).toEqual([404, 'not-found'])
  expect(await statusOf('DELETE', '/api/sessions/a?purge=true')).toEqual([403, 'wrong-scope'])
  expect(await statusOf('DELETE', '/api/sessions/a?purge=true', { scope: 'admin' })).toEqual([200, null])
  expect(JSON.stringify(own.journal.eventsAfter(0, 1_000))).not.toContain('much was said')
})

it('compacts, and takes it back', async () => {
  expect((await call('POST', '/api/sessions/a/compact', { body: {} })).value).toMatchObject({
    session: 'a',
    ok: true,
    upToSeq: 4,
  })
  expect(await statusOf('POST', '/api/sessions/a/compact')).toEqual([409, 'compact-nothing'])
  expect((await call('POST', '/api/sessions/a/undo-compact', { body: {} })).value).toEqual({ session: 'a' })
  expect(await statusOf('POST', '/api/sessions/a/undo-compact')).toEqual([409, 'nothing-to-undo'])
})

it('exports JSON with a version, and Markdown', async () => {
  const json = await call('GET', '/api/sessions/a/export', { scope: 'read' })
  expect(json.value).toEqual({
    schema: 'ottugi.session',
    version: 1,
    session: own.sessions.find('a'),
    events: own.sessions.history('a'),
  })
  const markdown = await call('GET', '/api/sessions/a/export?format=markdown', { scope: 'read' })
  expect([markdown.type, markdown.value.split('\n')[0]]).toEqual([
    'text/markdown; charset=utf-8',
    `# ${own.sessions.find('a')?.title}`,
  ])
})

it('refuses what is unknown, malformed, taken, busy, or not allowed', async () => {
  own.journal.append('r9', 'w', asked('going on'))
  const long = 'x'.repeat(201)
  expect([
    await statusOf('GET', '/api/sessions', { scope: 'none' }),
    await statusOf('PATCH', '/api/sessions/a', { scope: 'read', body: { name: 'x' } }),
    await statusOf('GET', '/api/sessions/none'),
    await statusOf('GET', '/api/sessions/none/export'),
    await statusOf('POST', '/api/sessions/none/compact'),
    await statusOf('PATCH', '/api/sessions/none', { body: { name: 'x' } }),
    await statusOf('PATCH', '/api/sessions/a', { body: { name: long } }),
    await statusOf('PATCH', '/api/sessions/a', { body: { nom: 'x' } }),
    await statusOf('PATCH', '/api/sessions/a'),
    await statusOf('POST', '/api/sessions/a/branch', { body: { seq: 99_999 } }),
    await statusOf('POST', '/api/sessions/a/branch', { body: { session: 'a' } }),
    await statusOf('POST', '/api/sessions/a/branch', { body: { session: '../b' } }),
    await statusOf('DELETE', '/api/sessions/w'),
    await statusOf('GET', '/api/search'),
    await statusOf('GET', '/api/search?q=%20'),
    await statusOf('GET', '/api/sessions?limit=0'),
    await statusOf('GET', '/api/sessions/a/export?format=pdf'),
    await statusOf('PUT', '/api/sessions/a'),
  ]).toEqual([
    [401, 'no-token'],
    [403, 'wrong-scope'],
    [404, 'not-found'],
    [404, 'not-found'],
    [404, 'not-found'],
    [404, 'not-found'],
    [400, 'bad-request'],
    [400, 'bad-request'],
    [400, 'bad-request'],
    [400, 'bad-request'],
    [409, 'id-taken'],
    [400, 'bad-request'],
    [409, 'busy'],
    [400, 'bad-request'],
    [400, 'bad-request'],
    [400, 'bad-request'],
    [400, 'bad-request'],
    [405, 'method-not-allowed'],
  ])
})
