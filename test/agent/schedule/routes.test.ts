/** The schedule over HTTP and on the command line, with a real server and a real database; only the model is pretended. */

import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { expect, it } from 'vitest'
import { scheduleRoutes } from '../../../src/agent/http/scheduleRoutes.ts'
import { proposeWith } from '../../../src/agent/schedule/propose.ts'
import { NO_USAGE } from '../../../src/model/modelCall.ts'
import { problemHandler } from '../../../src/shared/http/problem.ts'
import { homePaths } from '../../../src/shared/paths.ts'
import { writeRuntimeFile } from '../../../src/shared/runtimeFile.ts'
import { createToken } from '../../../src/shared/tokens.ts'
import { call } from '../../cli/command.ts'
import { atEnd, folder, scheduleAt } from './home.ts'

const BEGIN = '2026-05-01T00:30:00Z'
const EVERY_WEEKDAY = { cron: '0 8 * * 1-5', prompt: 'Summarise my open pull requests.', zone: 'Asia/Seoul' }

async function serve(wish: unknown = EVERY_WEEKDAY) {
  const paths = homePaths(folder())
  for (const path of [paths.data, paths.run]) mkdirSync(path)
  const tokens = (['read', 'chat', 'admin'] as const).map((scope) => ({ scope, token: createToken(scope) }))
  const [read, chat, admin] = tokens.map(({ token }) => token)
  writeFileSync(paths.env, `OTTUGI_TOKEN=${admin}\n`, { mode: 0o600 })
  const home = scheduleAt(BEGIN, paths.agentDb)
  const propose = proposeWith(async () => ({
    ...{ ok: true, text: '', toolInput: wish, calls: [], usage: NO_USAGE, stop: 'tools', stopReason: 'tool_use' },
  }))
  const { schedule, clock } = home
  const facts = { language: 'en', home: paths.home, readTokens: () => tokens, eventsPerHour: 3 } as const
  const app = express().use(scheduleRoutes({ schedule, propose, nowMs: clock.nowMs, ...facts }))
  app.use(problemHandler((error) => expect(error).toBeUndefined()))
  const server = createServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  atEnd(() => server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  writeRuntimeFile(paths, { app: 'agent', url, version: '1', supervisorPid: 0, startedAt: BEGIN, notes: [] })
  const ask = async (method: string, path: string, { token = admin, body, headers = {} }: Asking = {}) => {
    const sent = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body)
    const type = { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers }
    const response = await fetch(`${url}${path}`, { method, headers: type, body: sent })
    return { status: response.status, body: (await response.json()) as Record<string, never> & { job: { id: string } } }
  }
  const cli = (...words: string[]) =>
    call(['schedule', ...words, '--home', paths.home], { environment: { TZ: 'Asia/Seoul' } })
  return { ...home, ask, cli, read, chat, server }
}
type Asking = {
  readonly token?: string | undefined
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

it('adds, shows, changes, pauses, runs and removes; each needs its scope', async () => {
  const { ask, read, chat } = await serve()
  const body = { prompt: 'x', trigger: { kind: 'cron', line: '0 8 * * *' }, zone: 'Asia/Seoul' }
  expect((await ask('POST', '/api/schedule', { token: chat, body })).status).toBe(403)
  const added = await ask('POST', '/api/schedule', { body })
  const { id } = added.body.job
  expect(added).toMatchObject({
    status: 201,
    body: { job: { zone: 'Asia/Seoul', nextMs: Date.parse('2026-05-01T23:00:00Z') } },
  })
  const at = `/api/schedule/${id}`
  expect((await ask('PATCH', at, { body: { trigger: { kind: 'cron', line: '* * * * * *' } } })).status).toBe(400)
  expect((await ask('PATCH', at, { body: { name: 'morning' } })).body.job).toMatchObject({ name: 'morning' })
  expect((await ask('POST', `${at}/pause`, { token: read })).status).toBe(403)
  expect((await ask('POST', `${at}/pause`, { token: chat })).body.job).toMatchObject({ paused: true, nextMs: null })
  expect((await ask('POST', `${at}/resume`, { token: chat })).body.job).toMatchObject({ paused: false })
  expect((await ask('POST', `${at}/run-now`, { token: chat })).status).toBe(202)
  expect((await ask('GET', `${at}/history`, { token: read })).body['slots']).toHaveLength(1)
  expect((await ask('GET', '/api/schedule', { token: read })).body['jobs']).toHaveLength(1)
  expect((await ask('DELETE', at)).status).toBe(200)
  expect((await ask('GET', at)).status).toBe(404)
})

it('a hook takes its own token only, is due once for one key, and so often an hour', async () => {
  const { ask, store } = await serve()
  const added = await ask('POST', '/api/schedule', { body: { prompt: 'x', trigger: { kind: 'webhook' } } })
  const { path, token } = added.body['hook'] as unknown as { path: string; token: string }
  expect(JSON.stringify(store.jobs())).not.toContain(token)
  const statuses = [
    await ask('POST', path, { body: 'hi' }),
    await ask('POST', '/api/hooks/j00000000', { token, body: 'hi' }),
    await ask('POST', path, { token, body: 'x'.repeat(40_000) }),
    await ask('POST', path, { token, body: 'hi', headers: { 'idempotency-key': 'a' } }),
    await ask('POST', path, { token, body: 'hi', headers: { 'idempotency-key': 'a' } }),
    await ask('POST', path, { token, body: 'hi' }),
    await ask('POST', path, { token, body: 'hi' }),
    await ask('POST', path, { token, body: 'hi' }),
  ].map(({ status }) => status)
  expect(statuses).toEqual([401, 401, 413, 202, 202, 202, 202, 429])
  expect(store.history(added.body.job.id, 10)).toHaveLength(3)
})

it('a request becomes a proposal that is stored by nobody but a person', async () => {
  const { ask, cli, schedule } = await serve()
  const proposed = await ask('POST', '/api/schedule/propose', {
    body: { text: 'every weekday at 8 …', zone: 'Asia/Seoul' },
  })
  expect(proposed.body['next']).toEqual([
    '2026-05-03T23:00:00.000Z',
    '2026-05-04T23:00:00.000Z',
    '2026-05-05T23:00:00.000Z',
  ])
  expect(await cli('propose', 'every weekday at 8')).toMatchObject({ code: 2 })
  expect(schedule.jobs()).toEqual([])
  const said = await cli('propose', 'every weekday at 8', '--yes')
  expect(said.out).toContain('Proposed: 0 8 * * 1-5 (Asia/Seoul)')
  expect(said.out).toContain('Next: 2026-05-04 08:00:00 Asia/Seoul')
  expect(schedule.jobs()).toMatchObject([{ trigger: { kind: 'cron', line: '0 8 * * 1-5' }, zone: 'Asia/Seoul' }])
})

it.each([
  [{ prompt: 'x', cron: '* * * * * *' }],
  [{ prompt: 'x', cron: '0 0 30 2 *' }],
  [{ prompt: 'x', cron: '0 8 * * *', everyMs: 60_000 }],
  [{ prompt: 'x', on: 'file:/etc/shadow' }],
  [{ cron: '0 8 * * *' }],
])('a model that proposes %j gets nowhere', async (wish) => {
  const { ask } = await serve(wish)
  expect((await ask('POST', '/api/schedule/propose', { body: { text: 'x' } })).status).toBe(400)
})

it('the command line adds, reads with the agent stopped, and says what is wrong', async () => {
  const { cli, server, schedule } = await serve()
  expect((await cli()).out).toContain('There are no jobs.')
  const added = await cli(
    'add',
    '--every',
    '10m',
    '--prompt',
    'look',
    '--name',
    'looker',
    '--usd',
    '0.5',
    '--catch-up',
    'all',
  )
  expect(added).toMatchObject({ code: 0, err: '' })
  const [job] = schedule.jobs()
  expect(job).toMatchObject({
    trigger: { kind: 'every', everyMs: 600_000 },
    limits: { usd: 0.5 },
    overlap: 'queue',
    zone: 'Asia/Seoul',
  })
  expect(await cli('add', '--every', '5s', '--prompt', 'x')).toMatchObject({
    code: 1,
    err: expect.stringContaining('the least is 60 s'),
  })
  expect(await cli('add', '--prompt', 'x')).toMatchObject({ code: 2 })
  expect((await cli('run', 'looker')).code).toBe(0)
  expect((await cli('pause', 'looker')).code).toBe(0)
  server.closeAllConnections()
  server.close()
  expect((await cli('list')).out).toContain('looker  every 10 min  paused')
  expect(JSON.parse((await cli('list', '--json')).out)).toEqual(schedule.jobs()[0])
  expect(JSON.parse((await cli('history', 'looker', '--json')).out)).toMatchObject({ job: job?.id, state: 'starting' })
  expect((await cli('show', 'nobody')).code).toBe(1)
  expect((await cli('remove', 'looker')).code).toBe(69)
})
