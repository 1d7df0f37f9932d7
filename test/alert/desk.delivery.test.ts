/** The whole way, from the raise to the other side: real database, real sender, real servers. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { openAlerts } from '../../src/alert/alertFile.ts'
import { leaveRequest } from '../../src/shared/requestFiles.ts'
import { type FakeServer, startNotificationServer } from '../fakes/notificationServer.ts'
import { startFakeTelegram } from '../fakes/telegram.ts'
import { channels, DeskHome, incident } from './deskHome.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
  // None is left behind.
  while (senders() > 0) await setImmediate()
})

/** Senders that live right now. */
function senders(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'ProcessWrap').length
}

async function server(): Promise<FakeServer> {
  const started = await startNotificationServer()
  closing.push(started.close)
  return started
}

function home(...given: ConstructorParameters<typeof DeskHome>): DeskHome {
  const made = new DeskHome(...given)
  closing.push(() => made.end())
  return made
}

function hook(name: string, more: Record<string, unknown> = {}) {
  return { type: 'webhook', name, urlVariable: `HOOK_${name.toUpperCase()}`, ...more }
}

function titles({ requests }: FakeServer): string[] {
  return requests.map(({ body }) => `${JSON.parse(body).kind} ${JSON.parse(body).thread}`)
}

describe('an alert', () => {
  it('stands in the file at once, and reaches its channel and is over there too', async () => {
    const web = await server()
    const desk = home({ channels: channels(hook('a')) }, { HOOK_A: `${web.url}/hunter2` })
    desk.desk.raise(incident('I1', { human: 'the key hunter2 is wrong' }), 'hunter2 was refused', 'critical')
    const file = readFileSync(join(desk.paths.alerts, 'I1.md'), 'utf8')
    expect(file).toContain('What is wrong: [masked] was refused')
    expect(file).toContain('the key [masked] is wrong')
    expect(file).toContain('alerts ack I1')
    expect(file).toContain('Head of the repair journal: abc123')
    await desk.until(() => desk.states().includes('open a delivered'))
    desk.desk.close({ id: 'I1', closedAt: '2026-03-02T12:30:00.000Z' })
    await desk.until(() => desk.states().includes('recovery a delivered'))
    expect(titles(web)).toEqual(['open I1', 'recovery I1'])
    expect(openAlerts(desk.paths)).toEqual([])
    expect(desk.errors).toEqual([])
  })

  it('that is only worth knowing leaves no file', async () => {
    const web = await server()
    const desk = home({ channels: channels(hook('a', { minSeverity: 'info' })) }, { HOOK_A: web.url })
    desk.desk.raise(incident('I1'), 'a model restarted it', 'info')
    await desk.until(() => desk.states().includes('notice a delivered'))
    expect(openAlerts(desk.paths)).toEqual([])
    expect(existsSync(join(desk.paths.alerts, 'I1.md'))).toBe(false)
  })

  it('waits for a channel that hangs without holding up another one', async () => {
    const stuck = await server()
    const web = await server()
    stuck.setScript({ do: 'hang' })
    const desk = home({ channels: channels(hook('a'), hook('b')) }, { HOOK_A: stuck.url, HOOK_B: web.url })
    desk.desk.raise(incident('I1'), 'x', 'critical')
    await desk.until(() => desk.states().includes('open b delivered'))
    desk.desk.raise(incident('I2'), 'x', 'critical')
    await desk.until(() => titles(web).includes('open I2'))
    expect(
      desk
        .rows()
        .filter(({ channel }) => channel === 'a')
        .map(({ state }) => state),
    ).toEqual(['waiting', 'waiting'])
  })

  it('that a channel refuses for good is said on the others, with the reason in the outbox', async () => {
    const no = await server()
    const web = await server()
    no.setScript({ do: 'answer', status: 403 })
    const desk = home({ channels: channels(hook('a'), hook('b')) }, { HOOK_A: no.url, HOOK_B: web.url })
    desk.desk.raise(incident('I1'), 'x', 'critical')
    await desk.until(() => desk.states().includes('failure b delivered'))
    expect(titles(web)).toEqual(['open I1', 'failure -'])
    expect(no.requests).toHaveLength(1)
    expect(JSON.parse(desk.rows()[0]?.reason ?? '')).toEqual({ key: 'notify.why.http', params: { status: 403 } })
  })

  it('goes out again when the server asked for patience and it is over, not earlier', async () => {
    const web = await server()
    web.setScript({ do: 'answer', status: 429, headers: { 'retry-after': '600' } })
    const desk = home({ channels: channels(hook('a')) }, { HOOK_A: web.url })
    desk.desk.raise(incident('I1'), 'x', 'critical')
    await desk.until(() => desk.rows()[0]?.attempts === 1 && senders() === 0)
    web.setScript({ do: 'answer', status: 200 })
    desk.pass(590_000, 10_000)
    expect(senders()).toBe(0)
    desk.pass(20_000, 10_000)
    await desk.until(() => desk.states().includes('open a delivered'))
    expect(web.requests).toHaveLength(2)
  })

  it('is told to nobody in maintenance, also not what was queued before', async () => {
    const web = await server()
    web.setScript({ do: 'answer', status: 500 })
    const desk = home({ channels: channels(hook('a')) }, { HOOK_A: web.url })
    desk.desk.raise(incident('I1'), 'x', 'critical')
    await desk.until(() => senders() > 0)
    desk.isMaintenance = true
    await desk.until(() => desk.rows()[0]?.attempts === 1 && senders() === 0)
    web.setScript({ do: 'answer', status: 200 })
    desk.pass(600_000, 10_000)
    expect(senders()).toBe(0)
    expect(web.requests).toHaveLength(1)
    desk.isMaintenance = false
    await desk.until(() => desk.states().includes('open a delivered'))
  })

  it('for a channel that is no longer there ends with that reason', async () => {
    const desk = home({ channels: channels(hook('a'), hook('b')) }, {})
    desk.desk.raise(incident('I1'), 'x', 'critical')
    desk.pass(2_000)
    Object.assign(desk.settings, { channels: channels(hook('c')) })
    desk.replace()
    desk.pass(1_000)
    expect(
      desk
        .rows()
        .filter(({ state }) => state === 'failed')
        .map(({ channel, reason }) => `${channel} ${JSON.parse(reason ?? '').key}`),
    ).toEqual(['a notify.why.gone', 'b notify.why.gone'])
  })
})

describe('a kill', () => {
  it('of the sender in the middle of a delivery repeats that message, with the same key', async () => {
    const desk = home({}, {})
    const program = join(desk.paths.home, 'tell')
    const seen = join(desk.paths.home, 'seen')
    // The first time it kills whoever started it: the sender.
    writeFileSync(
      program,
      `#!${process.execPath}
const fs = require('node:fs')
fs.appendFileSync(${JSON.stringify(seen)}, process.env.OTTUGI_ALERT_KEY + '\\n')
if (fs.readFileSync(${JSON.stringify(seen)}, 'utf8').split('\\n').length === 2) process.kill(process.ppid, 'SIGKILL')
`,
    )
    chmodSync(program, 0o755)
    Object.assign(desk.settings, { channels: channels({ type: 'exec', name: 'a', command: [program] }) })
    desk.replace()
    desk.desk.raise(incident('I1'), 'x', 'critical')
    await desk.until(() => desk.rows()[0]?.attempts === 1)
    expect(desk.rows()[0]).toMatchObject({ state: 'waiting', reason: expect.stringContaining('notify.why.child') })
    desk.pass(5_000)
    await desk.until(() => desk.states().includes('open a delivered'))
    const [first, second, ...more] = readFileSync(seen, 'utf8').trim().split('\n')
    expect(more).toEqual([])
    expect(second).toBe(first)
  })

  it('of the watchdog loses no thread and no message', async () => {
    const web = await server()
    const desk = home({ channels: channels(hook('a')) }, { HOOK_A: web.url })
    desk.desk.raise(incident('I1'), 'x', 'critical')
    desk.replace()
    await desk.until(() => desk.states().includes('open a delivered'))
    desk.replace()
    desk.desk.close({ id: 'I1', closedAt: null })
    desk.replace()
    await desk.until(() => desk.states().includes('recovery a delivered'))
    expect(titles(web)).toEqual(['open I1', 'recovery I1'])
  })
})

describe('an acknowledgement', () => {
  it('comes as a file, ends the reminders, and is kept with the thread', async () => {
    const web = await server()
    const desk = home({ channels: channels(hook('a')) }, { HOOK_A: web.url })
    desk.desk.raise(incident('I1'), 'x', 'critical')
    await desk.until(() => desk.states().includes('open a delivered'))
    const file = leaveRequest(desk.paths, {
      request: 'acknowledge',
      id: 'I1',
      by: 'kim',
      at: '2026-03-02T12:10:00.000Z',
    })
    writeFileSync(`${file.slice(0, -5)}x.json`, 'no request')
    desk.beat()
    expect(existsSync(file)).toBe(false)
    expect(existsSync(`${file.slice(0, -5)}x.json`)).toBe(false)
    const record = desk.db.prepare<[], { record: string }>('SELECT record FROM alert_threads').get()?.record
    expect(JSON.parse(record ?? '')).toMatchObject({ id: 'I1', ack: { by: 'kim' } })
    desk.pass(48 * 3_600_000, 600_000)
    expect(desk.states()).toEqual(['open a delivered'])
  })

  it('comes from the paired chat and from no other, and is answered there; the chat is asked while an alert is open only', async () => {
    const bot = await startFakeTelegram('1:hunter2')
    closing.push(bot.close)
    const given = channels({ type: 'telegram', name: 'chat', server: bot.url })
    const desk = home({ channels: given }, { TELEGRAM_BOT_TOKEN: '1:hunter2', TELEGRAM_CHAT_ID: '42' })
    const soon = Math.floor(Date.parse('2026-03-02T12:00:00Z') / 1_000) + 60
    desk.pass(5_000)
    expect(bot.polls).toEqual([])
    desk.desk.raise(incident('I1'), 'x', 'critical')
    await desk.until(() => bot.polls.length > 0 && desk.states().includes('open chat delivered'))
    bot.say(41, '/ack I1', soon)
    bot.say(42, '/ack I1', soon - 3_600)
    bot.say(42, '/safe_mode on', soon - 3_600)
    bot.say(42, 'rm -rf /', soon)
    bot.say(42, '/safe_mode on', soon)
    bot.say(42, '/ack I1', soon)
    await desk.until(() => bot.sent.length === 3)
    expect(bot.sent.slice(1).map(({ text }) => text.split('\n')[2])).toEqual([
      'Safe mode was asked for.',
      'Acknowledged: I1.',
    ])
    expect(desk.safeMode).toEqual([true])
    const record = desk.db.prepare<[], { record: string }>('SELECT record FROM alert_threads').get()?.record
    expect(JSON.parse(record ?? '')).toMatchObject({ ack: { by: 'telegram:kim' } })
    // All six were seen: none of them comes again.
    await desk.until(() => bot.polls.includes(7))
    desk.desk.close({ id: 'I1', closedAt: null })
    await desk.until(() => desk.states().includes('recovery chat delivered'))
    expect(desk.errors).toEqual([])
  })
})

describe('the dead-man switch', () => {
  it('is called while all is well, and told at once when it is not', async () => {
    const web = await server()
    const desk = home({ deadManVariable: 'DEAD', deadManMs: 60_000 }, { DEAD: `${web.url}/ping/hunter2` })
    desk.beat()
    await web.seen(1)
    await desk.until(() => true)
    desk.desk.raise(incident('I1'), 'x', 'critical')
    await desk.until(() => web.requests.length === 2)
    desk.desk.close({ id: 'I1', closedAt: null })
    await desk.until(() => web.requests.length === 3)
    await desk.until(() => senders() === 0)
    desk.pass(60_000, 10_000)
    await desk.until(() => web.requests.length === 4)
    expect(web.requests.map(({ path }) => path)).toEqual([
      '/ping/hunter2',
      '/ping/hunter2/fail',
      '/ping/hunter2',
      '/ping/hunter2',
    ])
  })
})

describe('a desk with nothing to do', () => {
  it('starts nothing and writes nothing', () => {
    const desk = home({ channels: channels(hook('a')) }, { HOOK_A: 'http://127.0.0.1:1/' })
    const before = desk.db.pragma('data_version', { simple: true })
    const changes = desk.db.prepare('SELECT total_changes() AS n').get()
    desk.pass(60_000)
    expect(senders()).toBe(0)
    expect(desk.db.prepare('SELECT total_changes() AS n').get()).toEqual(changes)
    expect(desk.db.pragma('data_version', { simple: true })).toBe(before)
    expect(desk.errors).toEqual([])
  })
})
