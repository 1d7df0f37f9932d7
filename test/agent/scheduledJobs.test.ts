/** Jobs in the whole agent: a real process, a fake provider, the tools in their sandbox, and the desk of the watchdog that delivers what came of it. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createDesk, type Desk } from '../../src/alert/desk.ts'
import { now } from '../../src/shared/clock.ts'
import { channels, NO_ALERTS, openDatabase } from '../alert/deskHome.ts'
import { type FakeAnthropic, startFakeAnthropic } from '../fakes/anthropic.ts'
import { type FakeServer, startNotificationServer } from '../fakes/notificationServer.ts'
import { call, eventually, makeHome, startAgent, type TestHome, type TestProcess } from './agentProcess.ts'

let provider: FakeAnthropic
let phone: FakeServer
let home: TestHome
const agents: TestProcess[] = []
const closing: (() => void)[] = []

beforeEach(async () => {
  provider = await startFakeAnthropic()
  phone = await startNotificationServer()
  const yaml = `alerts:\n  channels:\n    - { type: ntfy, name: phone, server: "${phone.url}" }\n`
  home = makeHome({ modelUrl: provider.url, yaml, env: 'NTFY_TOPIC=mine\n' })
})

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) close()
  for (const agent of agents.splice(0)) await agent.kill()
  await Promise.all([provider.close(), phone.close()])
  home.remove()
})

async function start(): Promise<TestProcess> {
  const agent = await startAgent(home)
  agents.push(agent)
  return agent
}

async function json(agent: TestProcess, path: string, body?: object) {
  return (await (await call(agent, path, body)).json()) as Record<string, never> & {
    job: { id: string }
    slot: { run: string }
    slots: { run: string; state: string; outcome: string }[]
  }
}

/** Adds a job, makes it due, and gives its id. */
async function addJob(agent: TestProcess, more: object = {}): Promise<string> {
  const trigger = { kind: 'every', everyMs: 86_400_000 }
  const { job } = await json(agent, '/api/schedule', { prompt: 'do it', trigger, ...more })
  await json(agent, `/api/schedule/${job.id}/run-now`, {})
  return job.id
}

async function finished(agent: TestProcess, job: string) {
  return eventually(async () => {
    const { slots } = await json(agent, `/api/schedule/${job}/history`)
    return slots[0]?.state === 'done' ? slots[0] : undefined
  }, 60_000)
}

/** The watchdog's desk over this home, as the watchdog has it. */
function openDesk(): Desk {
  const db = openDatabase(home.paths)
  const desk = createDesk({
    ...{ paths: home.paths, db, now, language: 'en', host: 'box' },
    settings: {
      alerts: { ...NO_ALERTS, channels: channels({ type: 'ntfy', name: 'phone', server: phone.url }) },
      supervisor: { passEnv: [] },
    },
    environment: { PATH: process.env['PATH'] ?? '' },
    log: { error: () => {} },
    redact: (text) => text,
    journalHead: () => null,
    onSafeMode: () => {},
    random: () => 0,
  })
  const timer = setInterval(() => desk.beat(now().monoMs, Date.now(), false), 20)
  closing.push(() => {
    clearInterval(timer)
    desk.stop()
    db.close()
  })
  return desk
}

const WRITES = [
  { name: 'write_file', input: { path: 'effect.txt', content: 'x' } },
  { name: 'list_dir', input: { path: '.' } },
]

it.each([
  ['deny', 'This was not allowed'],
  ['dry-run', 'Dry run: this was not done'],
])('a job with the gates %s has no effect, and its model is told why', async (gates, why) => {
  provider.setScript({
    do: 'turns',
    turns: [
      { do: 'call', calls: WRITES },
      { do: 'say', text: 'over' },
    ],
  })
  const agent = await start()
  const job = await addJob(agent, { gates })
  expect(await finished(agent, job)).toMatchObject({ outcome: 'answered' })
  expect(existsSync(join(home.paths.workspace, 'effect.txt'))).toBe(false)
  const told = JSON.stringify(provider.requests.at(-1)?.body.messages)
  expect(told).toContain(why)
  // What only looks is done in both.
  expect(told).not.toContain('list_dir {')
})

it('does not even do in a dry run what needs no asking', async () => {
  const note = [{ name: 'note', input: { text: 'remember' } }]
  provider.setScript({
    do: 'turns',
    turns: [
      { do: 'call', calls: note },
      { do: 'say', text: 'over' },
    ],
  })
  const agent = await start()
  await finished(agent, await addJob(agent, { gates: 'deny' }))
  expect(readFileSync(join(home.paths.workspace, 'notes.md'), 'utf8')).toContain('remember')
  const before = readFileSync(join(home.paths.workspace, 'notes.md'), 'utf8')
  await finished(agent, await addJob(agent, { gates: 'dry-run' }))
  expect(readFileSync(join(home.paths.workspace, 'notes.md'), 'utf8')).toBe(before)
})

it('what a job came to reaches ntfy exactly once, over a kill of the agent in the middle and a new agent after its end', async () => {
  provider.setScript({
    do: 'turns',
    turns: [
      { do: 'call', delayMs: 200, calls: [{ name: 'note', input: { text: 'step 0' } }] },
      { do: 'say', text: 'Two pull requests wait for you.' },
    ],
  })
  const first = await start()
  const job = await addJob(first, { name: 'Morning', notify: ['phone'] })
  await provider.seen(2)
  await first.kill()
  const second = await start()
  await finished(second, job)
  await second.stop()
  openDesk()
  await phone.seen(1)
  const third = await start()
  const again = await json(third, `/api/schedule/${job}/run-now`, {})
  await eventually(async () => {
    const { slots } = await json(third, `/api/schedule/${job}/history`)
    return slots.find(({ run, state }) => run === again.slot.run && state === 'done')
  }, 60_000)
  await phone.seen(2)
  expect(phone.requests.map(({ body }) => JSON.parse(body).title)).toEqual([
    expect.stringContaining('Morning'),
    expect.stringContaining('Morning'),
  ])
  expect(JSON.parse(phone.requests[0]?.body ?? '{}')).toMatchObject({
    topic: 'mine',
    message: 'Two pull requests wait for you.',
  })
}, 120_000)
