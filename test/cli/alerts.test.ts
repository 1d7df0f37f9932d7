/** `ottugi alerts` as a process: what it shows of the outbox, and how an acknowledgement is left. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { writeAlert } from '../../src/alert/alertFile.ts'
import { emptyDesk, type Thread } from '../../src/alert/deskState.ts'
import { ALERT_SCHEMA, createOutbox } from '../../src/alert/outbox.ts'
import { phrase } from '../../src/shared/messages/phrase.ts'
import type { HomePaths } from '../../src/shared/paths.ts'
import { findRequests } from '../../src/shared/requestFiles.ts'
import { incident } from '../alert/deskHome.ts'
import { call, newHome } from './command.ts'

const NOW = { bootId: 'b', monoMs: 1, at: '2026-03-02T12:00:00.000Z' }

function thread(id: string): Thread {
  const facts = { id, fault: 'crash-loop', openedAt: NOW.at, tried: [] }
  const ack = { by: 'kim', at: '2026-03-02T12:05:00.000Z' }
  return { ...facts, severity: 'critical', raises: 1, ack, stage: 'over', channels: {}, closedAt: NOW.at }
}

function homeWithAlert(): HomePaths {
  const paths = newHome()
  mkdirSync(paths.data, { recursive: true, mode: 0o700 })
  writeAlert(paths, incident('I1'), 'it does not stay up', 'en')
  const db = new Database(paths.watchdogDb)
  db.exec(ALERT_SCHEMA)
  const outbox = createOutbox(db)
  const messages = ['phone', 'mail'].map((channel) => ({
    channel,
    notice: {
      key: `k.${channel}`,
      thread: 'I1',
      kind: 'open',
      severity: 'critical',
      title: '',
      body: '',
      link: null,
      at: NOW.at,
      hint: null,
    } as const,
  }))
  outbox.save({ state: emptyDesk(), threads: [thread('I1')], ended: [], messages, now: NOW })
  outbox.delivered('k.mail', NOW)
  outbox.failed('k.phone', phrase('notify.why.http', { status: 403 }), NOW)
  db.close()
  return paths
}

describe('alerts', () => {
  it('says who takes care of it, and which channel did not work and why', async () => {
    const { home } = homeWithAlert()
    const { code, out, err } = await call(['alerts', '--home', home], { environment: { TZ: 'UTC' } })
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/^▲ open {2}I1 {2}Ottugi needs you: crash-loop/)
    expect(out).toMatch(/kim takes care of it, since .*12:05:00/)
    expect(out).toContain('channel phone: failed: the server answered 403')
    expect(out).not.toContain('channel mail')
  })

  it('shows one with every message, in words and as JSON', async () => {
    const { home } = homeWithAlert()
    const { out } = await call(['alerts', 'i1', '--home', home])
    expect(out).toContain('it does not stay up')
    expect(out).toMatch(/phone {2}open {2}failed .*the server answered 403 \(attempts: 1\)/)
    expect(out).toMatch(/mail {3}open {2}delivered/)
    const json = JSON.parse((await call(['alerts', '--json', '--home', home])).out)
    expect(json).toMatchObject({
      id: 'I1',
      open: true,
      severity: 'critical',
      acknowledged: { by: 'kim' },
      messages: [
        { channel: 'phone', kind: 'open', state: 'failed', attempts: 1, reason: { key: 'notify.why.http' } },
        { channel: 'mail', kind: 'open', state: 'delivered', attempts: 1, reason: null },
      ],
    })
  })

  it('shows the files also where the database cannot be read or has no alerts in it yet', async () => {
    const paths = homeWithAlert()
    writeFileSync(
      paths.watchdogDb,
      'this is no database, and long enough to be looked at as one ..............'.repeat(20),
    )
    const broken = await call(['alerts', '--home', paths.home])
    expect(broken.code).toBe(0)
    expect(broken.out).toContain('I1')
    expect(broken.err).toContain('cannot be read')
  })
})

describe('alerts ack', () => {
  it('leaves a request for the watchdog, whole, and touches nothing else', async () => {
    const paths = homeWithAlert()
    const before = readFileSync(paths.watchdogDb)
    expect((await call(['alerts', 'ack', 'i1', '--home', paths.home])).code).toBe(0)
    expect((await call(['alerts', 'ack', '--home', paths.home])).code).toBe(0)
    expect(findRequests(paths).map(({ value }) => value)).toMatchObject([
      { request: 'acknowledge', id: 'I1' },
      { request: 'acknowledge', id: null },
    ])
    expect(readdirSync(join(paths.data, 'requests')).every((name) => name.endsWith('.json'))).toBe(true)
    expect(readFileSync(paths.watchdogDb)).toEqual(before)
  })

  it('leaves none for what is not open', async () => {
    const paths = homeWithAlert()
    expect(await call(['alerts', 'ack', 'I9', '--home', paths.home])).toMatchObject({ code: 1, out: '' })
    const empty = newHome()
    expect((await call(['alerts', 'ack', '--home', empty.home])).code).toBe(0)
    expect(findRequests(paths)).toEqual([])
  })
})
