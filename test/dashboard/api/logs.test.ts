/** The logs through the dashboard: newest first over rotations, bounded, masked, and right with whatever stands in the files. */
import { appendFileSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { auditTo } from '../../../dashboard/api/actionsAudit.ts'
import { readBackwards } from '../../../dashboard/api/logsBackwards.ts'
import type { Logs } from '../../../dashboard/contractViews.ts'
import { openLog } from '../../../src/shared/log.ts'
import { eventually } from '../../agent/agentProcess.ts'
import { type ActionServer, actionHome, removeHome, startActions } from './actionServer.ts'

const SECRET = 'correct-horse-battery-staple-42'
let server: ActionServer
beforeEach(async () => {
  server = await startActions(actionHome(), { env: `MY_PASSWORD=${SECRET}\n` })
})
afterEach(async () => {
  await server.close()
  expect(server.bugs).toEqual([])
  removeHome(server.paths)
})

const at = (second: number) => new Date(Date.UTC(2026, 2, 2, 12, 0, second)).toISOString()
const line = (app: string, second: number, more: object = {}) =>
  `${JSON.stringify({ level: 30, time: at(second), pid: 7, app, msg: `${app} ${second}`, ...more })}\n`
const file = (name: string) => join(server.paths.logs, name)

async function page(query: Record<string, string> = {}): Promise<Logs> {
  const { status, body } = await server.ask('read', `/api/logs?${new URLSearchParams(query)}`)
  expect(status).toBe(200)
  return body as Logs
}

async function all(query: Record<string, string>): Promise<string[]> {
  const texts: string[] = []
  let before: string | null | undefined
  do {
    const { lines, next } = await page({ ...query, ...(before ? { before } : {}) })
    texts.push(...lines.map(({ text }) => text))
    before = next
  } while (before)
  return texts
}

it('puts the logs of all processes and both ledgers in one order, newest first', async () => {
  expect(await page()).toMatchObject({ lines: [], next: null })
  writeFileSync(file('agent.jsonl'), line('agent', 1) + line('agent', 4, { level: 50, run: 'r1', n: 2 }))
  writeFileSync(file('watchdog.jsonl'), line('watchdog', 3, { level: 40 }))
  writeFileSync(file('usage.jsonl'), `${JSON.stringify({ at: at(2), model: 'm', costUsd: 0.1, result: 'ok' })}\n`)
  writeFileSync(file('recovery.jsonl'), `${JSON.stringify({ at: at(0), incident: 'I1' })}\n`)
  const { lines, next } = await page()
  expect(lines.map(({ at: time, app, level, text }) => [time, app, level, text])).toEqual([
    [at(4), 'agent', 'error', 'agent 4 run=r1 n=2'],
    [at(3), 'watchdog', 'warn', 'watchdog 3'],
    [at(2), 'usage', 'info', 'model=m costUsd=0.1 result=ok'],
    [at(1), 'agent', 'info', 'agent 1'],
    [at(0), 'recovery', 'info', 'incident=I1'],
  ])
  expect(next).toBe(null)
  expect((await page({ level: 'warn' })).lines.map(({ app }) => app)).toEqual(['agent', 'watchdog'])
  expect((await page({ app: 'usage' })).lines.map(({ app }) => app)).toEqual(['usage'])
  expect((await page({ q: 'RUN=R1' })).lines.map(({ text }) => text)).toEqual(['agent 4 run=r1 n=2'])
  expect((await page({ q: 'nowhere' })).lines).toEqual([])
})

it('goes on where a page ended, over files that were rotated and written in between', async () => {
  writeFileSync(file('agent.2.jsonl'), [0, 1, 2].map((second) => line('agent', second)).join(''))
  utimesSync(file('agent.2.jsonl'), 1_000, 1_000)
  writeFileSync(file('agent.jsonl'), [3, 4, 5].map((second) => line('agent', second)).join(''))
  writeFileSync(file('watchdog.jsonl'), line('watchdog', 1))
  const first = await page({ limit: '2' })
  expect(first.lines.map(({ text }) => text)).toEqual(['agent 5', 'agent 4'])
  renameSync(file('agent.jsonl'), file('agent.1.jsonl'))
  writeFileSync(file('agent.jsonl'), line('agent', 6))
  appendFileSync(file('watchdog.jsonl'), line('watchdog', 7))
  const second = await page({ limit: '2', before: first.next ?? '' })
  expect(second.lines.map(({ text }) => text)).toEqual(['agent 3', 'agent 2'])
  // The oldest is rotated away: there the story ends, and nothing comes twice.
  rmSync(file('agent.2.jsonl'))
  const third = await page({ limit: '9', before: second.next ?? '' })
  expect([third.lines.map(({ text }) => text), third.next]).toEqual([['watchdog 1'], null])
})

it('masks again on the way out, and lets nobody feel for a secret with the filter', async () => {
  writeFileSync(
    file('agent.jsonl'),
    line('agent', 1, { note: `it is ${SECRET}`, header: 'authorization: Bearer abcdef0123456789abcdef' }),
  )
  const { lines } = await page()
  expect(JSON.stringify(lines)).not.toMatch(new RegExp(`${SECRET}|abcdef0123456789`))
  expect(JSON.parse(lines[0]?.raw ?? '')).toMatchObject({ msg: 'agent 1' })
  expect((await page({ q: SECRET })).lines).toEqual([])
  expect((await page({ q: 'correct-horse' })).lines).toEqual([])
  expect((await page({ q: 'it is' })).lines.length).toBe(1)
})

it('takes whatever stands in a file: long lines, bytes that are no text, halves, links to nothing', async () => {
  const long = line('agent', 1, { note: 'x'.repeat(1_048_576) })
  const bytes = Buffer.concat([Buffer.from('{"msg":"'), Buffer.from([0xff, 0xfe, 0x80]), Buffer.from('"}\n')])
  writeFileSync(file('agent.jsonl'), line('agent', 0))
  appendFileSync(file('agent.jsonl'), long)
  appendFileSync(file('agent.jsonl'), bytes)
  appendFileSync(file('agent.jsonl'), `\n\n[1,2]\nno json <b>\u202e\u001b[31m\n${line('agent', 2)}{"level":30,"ti`)
  const { lines } = await page()
  expect(lines.map(({ text }) => text.slice(0, 18))).toEqual([
    'agent 2',
    'no json <b>\u202e\u001b[31m',
    '[1,2]',
    '\ufffd\ufffd\ufffd',
    // Too long to be read as JSON: its beginning as it is.
    '{"level":30,"time"',
    'agent 0',
  ])
  expect(lines[4]).toMatchObject({ at: at(1), level: 'info' })
  expect(lines.every(({ raw, text }) => raw.length <= 8 * 1_024 + 1 && text.length <= 1_001)).toBe(true)
  mkdirSync(file('watchdog.jsonl'))
  expect((await page({ app: 'watchdog' })).lines).toEqual([])
})

it('reads a bounded part of a big log for one page, and all of it over several', async () => {
  const filler = Array.from({ length: 20_000 }, (_, index) => line('agent', index, { note: 'y'.repeat(400) })).join('')
  writeFileSync(file('agent.jsonl'), `${line('agent', 0, { msg: 'needle' })}${filler}`)
  const first = await page({ q: 'needle' })
  expect([first.lines, first.next === null]).toEqual([[], false])
  expect(await all({ q: 'needle' })).toEqual([expect.stringContaining('needle')])
})

it('goes on inside a line that is longer than a page may read', async () => {
  writeFileSync(
    file('usage.jsonl'),
    `${JSON.stringify({ at: at(1), model: 'old' })}\n${JSON.stringify({ at: at(2), x: 'z'.repeat(9 * 1_048_576) })}\n`,
  )
  const texts = await all({ app: 'usage' })
  expect([texts.length, texts[1]]).toEqual([2, 'model=old'])
})

it.each(['x', 'e30x', Buffer.from('{"agent":{"file":"../../etc","end":1}}').toString('base64url'), '[]'])(
  'refuses the mark %j',
  async (before) => {
    const { status } = await server.ask('read', `/api/logs?before=${encodeURIComponent(before)}`)
    expect(status).toBe(400)
  },
)

it.each(['app=passwd', 'level=loud', 'limit=0', 'limit=100000', `q=${'x'.repeat(501)}`])(
  'refuses %s',
  async (query) => {
    expect((await server.ask('read', `/api/logs?${query}`)).status).toBe(400)
  },
)

it('finds what was changed through the dashboard, whatever level its log has', async () => {
  const log = openLog(server.paths, 'dashboard', { level: 'fatal', maxFileMb: 1, maxFiles: 2 })
  log.info('not wanted')
  auditTo(log)({ by: 'token admin', action: 'restart', args: { app: 'agent' }, done: true, result: 'asked' })
  const { lines } = await eventually(async () => {
    const found = (await server.ask('read', '/api/audit')).body as Logs
    return found.lines.length > 0 && found
  })
  expect(lines.length).toBe(1)
  expect(JSON.parse(lines[0]?.raw ?? '')).toMatchObject({ audit: { by: 'token admin', action: 'restart', done: true } })
})

it('gives every whole line once, in reverse, however the bytes fall', async () => {
  const lines = fc.array(
    fc.string({ maxLength: 40 }).map((text) => text.replaceAll('\n', ' ')),
    { maxLength: 12 },
  )
  await fc.assert(
    fc.asyncProperty(lines, lines, fc.integer({ min: 1, max: 5 }), async (older, newer, every) => {
      writeFileSync(file('agent.1.jsonl'), older.map((text) => `${text}\n`).join(''))
      writeFileSync(file('agent.jsonl'), `${newer.map((text) => `${text}\n`).join('')}half`)
      const expected = [...older, ...newer].filter((text) => text !== '').toReversed()
      expect(await inPages(every)).toEqual(expected.map((text) => Buffer.from(text).toString()))
    }),
    { numRuns: 25 },
  )
})

/** Reads all, with a new reader after each `every` lines. */
async function inPages(every: number): Promise<string[]> {
  const texts: string[] = []
  let from: Awaited<ReturnType<typeof readBackwards>> extends { place: () => infer Place } ? Place : never
  for (;;) {
    const reader = await readBackwards(server.paths.logs, 'agent', { from, budget: { left: 1_048_576 } })
    for (let count = 0; count < every; count++) {
      const found = await reader.next()
      if (found) texts.push(found.bytes.toString('utf8'))
    }
    from = reader.place()
    await reader.close()
    if (!from) return texts
  }
}
