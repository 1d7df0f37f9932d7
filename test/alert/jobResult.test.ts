/** What a job came to, from the request file to the other side: a real database, a real sender, a fake ntfy. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { leaveResult, type ResultRequest } from '../../src/shared/requestFiles.ts'
import { type FakeServer, startNotificationServer } from '../fakes/notificationServer.ts'
import { channels, DeskHome } from './deskHome.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

async function homeWithPhone(): Promise<{ desk: DeskHome; phone: FakeServer }> {
  const phone = await startNotificationServer()
  // The least severity is for alerts: who is named by a job hears its result.
  const [ntfy] = channels({ type: 'ntfy', name: 'phone', server: phone.url, minSeverity: 'critical' })
  const desk = new DeskHome({ channels: ntfy ? [ntfy] : [] }, { NTFY_TOPIC: 'topic-of-mine' })
  closing.push(phone.close, () => desk.end())
  return { desk, phone }
}

const result = (more: Partial<ResultRequest> = {}): ResultRequest => ({
  request: 'result',
  run: 'job-0123',
  job: 'Morning',
  finish: 'answered',
  text: 'Two pull requests wait for you.',
  channels: ['phone'],
  at: '2026-03-02T08:00:00.000Z',
  ...more,
})

const sent = ({ requests }: FakeServer) => requests.map(({ body }) => JSON.parse(body))
const left = (desk: DeskHome) => readdirSync(join(desk.paths.data, 'requests'))

it('reaches its channel once, however often it was left and found', async () => {
  const { desk, phone } = await homeWithPhone()
  leaveResult(desk.paths, result())
  leaveResult(desk.paths, result())
  expect(left(desk)).toHaveLength(1)
  await desk.until(() => desk.states().includes('result phone delivered'))
  expect(left(desk)).toEqual([])
  leaveResult(desk.paths, result())
  desk.replace()
  desk.beat()
  expect(left(desk)).toEqual([])
  leaveResult(desk.paths, result({ run: 'job-4567', text: 'None today.' }))
  await desk.until(() => desk.rows().length === 2 && desk.rows().every(({ state }) => state === 'delivered'))
  expect(sent(phone)).toMatchObject([
    { topic: 'topic-of-mine', title: 'Ottugi on box: Morning', message: 'Two pull requests wait for you.' },
    { title: 'Ottugi on box: Morning', message: 'None today.' },
  ])
  expect(desk.errors).toEqual([])
})

it('says why there is no answer, takes secrets out, and fits into a message', async () => {
  const { desk, phone } = await homeWithPhone()
  leaveResult(desk.paths, result({ run: 'job-a', finish: 'budget', text: 'hunter2 was spent' }))
  leaveResult(desk.paths, result({ run: 'job-b', text: '가'.repeat(5_000) }))
  await desk.until(() => phone.requests.length === 2)
  const [stopped, long] = sent(phone)
  expect(stopped).toMatchObject({
    title: 'Ottugi on box: no result of Morning',
    message: 'A budget was used up.\n\n[masked] was spent',
  })
  expect(Buffer.byteLength(phone.requests[1]?.body ?? '')).toBeLessThan(4_096)
  expect(long.message).toMatch(/^가+\n\nThe rest is on that machine, in the session job-b\.$/)
})

it('waits in maintenance, and is not lost with a channel that is no longer there', async () => {
  const { desk, phone } = await homeWithPhone()
  desk.isMaintenance = true
  leaveResult(desk.paths, result({ channels: ['phone', 'gone'] }))
  desk.pass(5_000)
  expect(desk.states()).toEqual(['result phone waiting', 'result gone failed'])
  desk.isMaintenance = false
  await desk.until(() => desk.states().includes('result phone delivered'))
  expect(phone.requests.length).toBeGreaterThan(0)
})
