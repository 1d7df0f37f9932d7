import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { emptyDesk } from '../../src/alert/deskState.ts'
import type { Notice } from '../../src/alert/notice.ts'
import { ALERT_SCHEMA, createOutbox, type Now, type Outbox } from '../../src/alert/outbox.ts'
import { phrase } from '../../src/shared/messages/phrase.ts'

let folder: string
let db: Database.Database
let outbox: Outbox
const NOW: Now = { bootId: 'b1', monoMs: 100, at: '2026-03-02T12:00:00.000Z' }
const WHY = phrase('notify.why.timeout')

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ottugi-outbox-'))
  db = new Database(join(folder, 'watchdog.db'))
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = NORMAL')
  db.exec(ALERT_SCHEMA)
  outbox = createOutbox(db)
})
afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true, force: true })
})

function notice(key: string, kind: Notice['kind'] = 'open', thread = 'I1'): Notice {
  return { key, thread, kind, severity: 'critical', title: key, body: '', link: null, at: NOW.at, hint: null }
}

function put(channel: string, ...notices: Notice[]): void {
  const messages = notices.map((one) => ({ channel, notice: one }))
  outbox.save({ state: emptyDesk(), threads: [], ended: [], messages, now: NOW })
}

function waitingKeys(): string[] {
  return outbox.waiting('b1', 10).map(({ key }) => key)
}

function stateOf(key: string): unknown {
  return db.prepare('SELECT state, attempts, reason FROM alert_messages WHERE key = ?').get(key)
}

describe('the outbox', () => {
  it('gives the messages of each channel in their order, the first ones only', () => {
    put('a', notice('1'), notice('2'), notice('3'))
    put('b', notice('4'))
    expect(outbox.waiting('b1', 2).map(({ key, channel }) => `${key} ${channel}`)).toEqual(['1 a', '2 a', '4 b'])
    expect(outbox.countWaiting()).toBe(4)
  })

  it('takes a message once, however often it is put in', () => {
    put('a', notice('1'))
    put('a', notice('1'))
    outbox.delivered('1', NOW)
    put('a', notice('1'))
    expect(waitingKeys()).toEqual([])
    outbox.failed('1', WHY, NOW)
    expect(stateOf('1')).toEqual({ state: 'delivered', attempts: 1, reason: null })
  })

  it('forgets times of another boot, and nothing else', () => {
    put('a', notice('1'))
    outbox.postponed('1', 5_000, WHY, NOW)
    expect(outbox.waiting('b1', 1)).toMatchObject([{ due: 5_000, attempts: 1 }])
    expect(outbox.waiting('b2', 1)).toMatchObject([{ due: 0, attempts: 1 }])
    outbox.save({ state: { ...emptyDesk(), lastSend: 9 }, threads: [], ended: [], messages: [], now: NOW })
    expect(outbox.loadDesk('b1')).toMatchObject({ isSameBoot: true, state: { lastSend: 9 } })
    expect(outbox.loadDesk('b2')).toMatchObject({ isSameBoot: false })
  })

  it('drops a reminder that never left when there is a newer word', () => {
    put('a', notice('1'), notice('2', 'reminder'))
    put('a', notice('3', 'reminder'))
    put('b', notice('4', 'reminder'))
    put('a', notice('5', 'recovery'))
    expect(waitingKeys()).toEqual(['1', '4', '5'])
  })

  it('drops what only makes sense after a first word that failed, on that channel alone', () => {
    put('a', notice('1'), notice('2', 'recovery'), notice('3', 'open', 'I2'))
    put('b', notice('4'), notice('5', 'recovery'))
    outbox.failed('1', WHY, NOW)
    expect(waitingKeys()).toEqual(['3', '4', '5'])
    expect(stateOf('1')).toEqual({ state: 'failed', attempts: 1, reason: JSON.stringify(WHY) })
  })

  it('does several things or none of them', () => {
    put('a', notice('1'))
    expect(() =>
      outbox.asOne(() => {
        outbox.delivered('1', NOW)
        throw new Error('killed here')
      }),
    ).toThrow('killed here')
    expect(waitingKeys()).toEqual(['1'])
  })

  it('keeps all that waits, and a bounded number of what is done with', () => {
    const many = Array.from({ length: 2_100 }, (_, index) => notice(`k${index}`))
    put('a', ...many)
    for (const { key } of many.slice(0, 2_050)) outbox.delivered(key, NOW)
    put('a', notice('last'))
    const count = db.prepare<[], { count: number }>('SELECT count(*) AS count FROM alert_messages').get()?.count
    expect(count).toBe(2_000)
    expect(outbox.countWaiting()).toBe(51)
  })
})
