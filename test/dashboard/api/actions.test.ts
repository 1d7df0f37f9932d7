/** What a person can do through the dashboard: orders that a watchdog takes or does not, acknowledgements, answers to questions. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ACTIONS } from '../../../dashboard/contractViews.ts'
import type { Deed } from '../../../src/shared/approvals/approval.ts'
import { answer, ask as askPerson, find } from '../../../src/shared/approvals/approvals.ts'
import { now } from '../../../src/shared/clock.ts'
import { phrase } from '../../../src/shared/messages/phrase.ts'
import { answerOrder, findOrders, type Order, takeOrder } from '../../../src/shared/orderFiles.ts'
import { findRequests } from '../../../src/shared/requestFiles.ts'
import { eventually } from '../../agent/agentProcess.ts'
import { type ActionServer, actionHome, removeHome, startActions } from './actionServer.ts'

let server: ActionServer
beforeEach(async () => {
  server = await startActions(actionHome(), { waitMs: 20_000 })
})
afterEach(async () => {
  await server.close()
  expect(server.bugs).toEqual([])
  removeHome(server.paths)
})

/** In the place of the watchdog: takes the next order and says that it is done. */
async function obey(words = phrase('actions.maintenanceOff')): Promise<Order> {
  const found = await eventually(() => findOrders(server.paths)[0])
  const order = found.value as Order
  const { at } = now()
  expect(takeOrder(server.paths, order, found, at)).toBe(true)
  answerOrder(server.paths, { order: order.order, key: order.key, state: 'done', words, at })
  return order
}

it('gives an order, waits for the word of the watchdog, and tells it in the language of the reader', async () => {
  const asked = server.ask('admin', '/api/actions/maintenance-on', {
    body: { minutes: 5, reason: 'new disk' },
    headers: { 'accept-language': 'ko' },
  })
  const order = await obey(phrase('actions.maintenanceOn', { until: 'T' }))
  expect(order).toMatchObject({ order: 'maintenance-on', minutes: 5, reason: 'new disk', by: 'token admin' })
  expect(order.expiresMonoMs - now().monoMs).toBeLessThanOrEqual(60_000)
  const result = { done: true, text: expect.stringContaining('점검 중'), undo: 'maintenance-off' }
  expect(await asked).toEqual({ status: 200, body: result })
  expect(server.audits).toMatchObject([
    { by: 'token admin', action: 'maintenance-on', args: { minutes: 5 }, done: true },
  ])
})

it('does once what is asked twice with one id, and refuses the id for anything else', async () => {
  const body = { id: 'click-1' }
  const first = server.ask('admin', '/api/actions/restart', { body })
  const second = server.ask('admin', '/api/actions/restart', { body })
  await obey(phrase('actions.restartAsked'))
  const third = server.ask('admin', '/api/actions/restart', { headers: { 'idempotency-key': 'click-1' }, body: {} })
  expect(new Set((await Promise.all([first, second, third])).map((one) => JSON.stringify(one))).size).toBe(1)
  expect(findOrders(server.paths)).toEqual([])
  expect(server.audits.length).toBe(1)
  expect(await server.ask('admin', '/api/actions/drill', { body })).toMatchObject({
    status: 409,
    body: { detail: expect.any(String) },
  })
  // Other processes of the dashboard have other memories, and find the same answer.
  const next = await startActions(server.paths, {})
  expect((await next.ask('admin', '/api/actions/restart', { body })).body).toEqual((await first).body)
  expect((await next.ask('admin', '/api/actions/drill', { body })).status).toBe(409)
  await next.close()
  const last = await startActions(server.paths, {})
  const taken = await last.ask('admin', '/api/actions/drill', { body })
  expect(taken.body).toMatchObject({ done: false, text: expect.stringContaining('another action') })
  await last.close()
})

it('takes the order back where no watchdog comes, and says what a watchdog that began has not said', async () => {
  const next = await startActions(server.paths, { waitMs: 1 })
  const down = await next.ask('admin', '/api/actions/restart', { body: { id: 'late' } })
  expect(down).toMatchObject({
    status: 200,
    body: { done: false, text: expect.stringContaining('Nothing was done'), undo: null },
  })
  expect(findOrders(next.paths)).toEqual([])
  answerOrder(next.paths, { order: 'restart', key: 'begun', state: 'taken', words: null, at: now().at })
  const begun = await next.ask('admin', '/api/actions/restart', { body: { id: 'begun' } })
  expect(begun.body).toMatchObject({ done: false, text: expect.stringContaining('has begun') })
  await next.close()
})

it('says why where nothing can be written', async () => {
  writeFileSync(join(server.paths.data, 'requests'), 'a file in the place of the folder')
  const { status, body } = await server.ask('admin', '/api/actions/restart', { body: {} })
  expect({ status, body }).toMatchObject({
    status: 200,
    body: { done: false, text: expect.stringContaining('did not work') },
  })
})

it.each(ACTIONS)('lets nobody do %s who may only read, and no stranger', async (name) => {
  const path = `/api/actions/${name}`
  expect((await server.ask('read', path, { body: {} })).status).toBe(403)
  expect((await fetch(`${server.url}${path}`, { method: 'POST' })).status).toBe(401)
  const foreign = { origin: 'https://evil.example' }
  expect((await server.ask('admin', path, { body: {}, headers: foreign })).status).toBe(403)
  expect((await server.ask('admin', path)).status).toBe(405)
  expect([findOrders(server.paths), findRequests(server.paths), server.audits]).toEqual([[], [], []])
})

it.each([
  ['restart', { app: 'watchdog' }],
  ['restart', { id: '../../evil' }],
  ['restart', '{"id":'],
  ['maintenance-on', {}],
  ['maintenance-on', { minutes: 100_000 }],
  ['maintenance-on', { minutes: 1.5 }],
  ['cancel-run', { run: '../sessions' }],
  ['cancel-run', {}],
  ['acknowledge', { incident: 'I1 I2' }],
])('refuses %s with %j, and leaves nothing', async (name, body) => {
  const { status } = await server.ask('admin', `/api/actions/${name}`, { body })
  expect(status).toBe(400)
  expect([findOrders(server.paths), findRequests(server.paths)]).toEqual([[], []])
})

it('knows no other actions', async () => {
  expect((await server.ask('admin', '/api/actions/constructor', { body: {} })).status).toBe(404)
})

it('leaves word that somebody takes care of an alert that is open', async () => {
  const { paths } = server
  expect((await server.ask('approve', '/api/actions/acknowledge', { body: {} })).body).toMatchObject({ done: false })
  writeFileSync(paths.alertsOpen, 'I3\nI4\n')
  const wrong = await server.ask('approve', '/api/actions/acknowledge', { body: { incident: 'I9' } })
  expect(wrong.body).toMatchObject({ done: false, text: expect.stringContaining('I9') })
  const one = await server.ask('approve', '/api/actions/acknowledge', { body: { incident: 'i3' } })
  expect(one.body).toMatchObject({ done: true, text: expect.stringContaining('I3') })
  expect(findRequests(paths).map(({ value }) => value)).toMatchObject([
    { request: 'acknowledge', id: 'I3', by: 'token approve' },
  ])
})

it('says that the agent is down where a run shall be cancelled', async () => {
  const result = await server.ask('chat', '/api/actions/cancel-run', { body: { run: 'r1' } })
  expect(result).toMatchObject({ status: 200, body: { done: false, text: expect.stringContaining('does not answer') } })
})

const deed: Deed = { kind: 'recovery', action: 'restore_config', args: {}, sourceHash: 'h', binding: 'I1' }

function question(more: Partial<Deed> = {}): { id: string; digest: string } {
  const asked = { deed: { ...deed, ...more }, plan: 'put it back', reason: 'r', by: 'model', lastsMs: 60_000 }
  const result = askPerson(server.paths.approvals, asked, now())
  if (!result.ok) throw new Error(result.reason)
  return { id: result.id, digest: find(server.paths.approvals, result.id, now())?.question.digest ?? '' }
}

it('keeps a yes to exactly what was seen, once', async () => {
  const { id, digest } = question()
  const path = `/api/approvals/${id}`
  const other = await server.ask('approve', path, { body: { answer: 'approve', digest: 'a'.repeat(64) } })
  expect(other).toMatchObject({ status: 409, body: { type: 'urn:ottugi:problem:changed' } })
  expect((await server.ask('chat', path, { body: { answer: 'approve', digest } })).status).toBe(403)
  expect((await server.ask('approve', path, { body: { answer: 'yes', digest } })).status).toBe(400)
  expect(find(server.paths.approvals, id, now())?.state).toBe('waiting')
  const yes = await server.ask('approve', path, { body: { answer: 'approve', digest } })
  expect(yes).toMatchObject({ status: 200, body: { done: true } })
  expect(find(server.paths.approvals, id, now())?.answer).toMatchObject({
    verdict: 'approved',
    digest,
    by: { channel: 'dashboard', who: 'token approve' },
  })
  // Asked again it says the same; the other answer comes too late.
  expect(await server.ask('approve', path, { body: { answer: 'approve', digest } })).toEqual(yes)
  expect((await server.ask('approve', path, { body: { answer: 'deny', digest } })).status).toBe(409)
  expect(server.audits.map(({ action, done }) => [action, done])).toEqual([
    ['approve', false],
    ['approve', true],
    ['approve', true],
    ['deny', false],
  ])
})

it('keeps a no, and tells of a question that somebody else answered or that is not there', async () => {
  const { id, digest } = question()
  const no = await server.ask('approve', `/api/approvals/${id}`, { body: { answer: 'deny', digest } })
  expect(no).toMatchObject({ status: 200, body: { done: true } })
  expect(find(server.paths.approvals, id, now())?.state).toBe('denied')
  const second = question({ binding: 'I2' })
  answer(server.paths.approvals, { id: second.id, verdict: 'denied', by: { channel: 'terminal', who: 'kim' } }, now())
  const late = await server.ask('approve', `/api/approvals/${second.id}`, {
    body: { answer: 'approve', digest: second.digest },
  })
  expect(late).toMatchObject({ status: 409, body: { detail: expect.stringContaining('denied') } })
  for (const path of ['A99', '..%2fA1', 'constructor']) {
    const { status } = await server.ask('approve', `/api/approvals/${path}`, { body: { answer: 'deny', digest } })
    expect(status).toBe(404)
  }
})

it('leaves no half-written files behind', async () => {
  const asked = server.ask('admin', '/api/actions/restart', { body: { id: 'k' } })
  await obey()
  await asked
  mkdirSync(server.paths.approvals, { recursive: true })
  const requests = join(server.paths.data, 'requests')
  expect(readdirSync(join(requests, 'orders'))).toEqual([])
  expect(readdirSync(join(requests, 'answers'))).toEqual(['k.json'])
})
