/** A day without network: the real outbox, the real desk, a clock that the test moves, and a network that it switches. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { CourierEars } from '../../src/alert/courier.ts'
import { isAllowed } from '../../src/alert/deskGate.ts'
import { createMemory } from '../../src/alert/deskMemory.ts'
import { createDispatcher } from '../../src/alert/dispatcher.ts'
import type { SenderJob } from '../../src/alert/job.ts'
import { bootId } from '../../src/shared/clock.ts'
import { phrase } from '../../src/shared/messages/phrase.ts'
import { homePaths } from '../../src/shared/paths.ts'
import { channels, NO_ALERTS, openDatabase, START } from './deskHome.ts'
import { facts, HOUR, SECOND } from './deskSupport.ts'

const STEP_MS = 5 * SECOND

describe('a day without network', () => {
  it('loses nothing: everything arrives once and in order when it is back, on every channel', () => {
    const paths = homePaths(mkdtempSync(join(tmpdir(), 'ottugi-day-')))
    onTestFinished(() => rmSync(paths.home, { recursive: true, force: true }))
    mkdirSync(paths.data)
    const arrived: string[] = []
    let isUp = false
    let attempts = 0
    let now = 0
    const jobs: { job: SenderJob; ears: CourierEars }[] = []
    const given = channels(
      { type: 'ntfy', name: 'phone' },
      { type: 'desktop', name: 'screen', minSeverity: 'critical' },
    )
    const live = () => {
      const db = openDatabase(paths)
      const at = () => ({ monoMs: now, at: new Date(START + now).toISOString() })
      const alerts = { ...NO_ALERTS, channels: given, quietFrom: '22:00', quietTo: '06:00' }
      const settings = { alerts, supervisor: { passEnv: [] } }
      const memory = createMemory({ paths, db, settings, language: 'en', now: at, host: 'box' })
      const dispatcher = createDispatcher({
        outbox: memory.outbox,
        channels: given,
        envFile: paths.env,
        bootId: bootId(),
        send: (job, ears) => {
          jobs.push({ job, ears })
          return { kill: () => {} }
        },
        isAllowed: (severity) => isAllowed(severity, memory.moment(), memory.policy),
        tell: memory.hear,
        clock: memory.clock,
        random: () => 0.5,
      })
      memory.onMessages(dispatcher.wake)
      return { db, memory, dispatcher }
    }
    let watchdog = live()
    const answer = () => {
      for (const { job, ears } of jobs.splice(0)) {
        for (const { channel, notices } of job.channels) {
          for (const { key, kind, thread } of notices) {
            attempts += 1
            if (isUp) arrived.push(`${channel.name} ${kind} ${thread}`)
            const reason = phrase('notify.why.network', { code: 'EAI_AGAIN' })
            const delivery = isUp ? ({ ok: true } as const) : ({ ok: false, kind: 'retry', reason } as const)
            ears.line({ is: 'delivery', channel: channel.name, key, delivery })
            if (!isUp) break
          }
        }
        ears.ended()
      }
    }
    const pass = (ms: number) => {
      for (const end = now + ms; now < end; ) {
        now += STEP_MS
        watchdog.memory.setMoment({ now, wall: START + now, isMaintenance: false })
        watchdog.memory.tick()
        watchdog.dispatcher.beat(now)
        answer()
      }
    }
    const restart = () => {
      watchdog.db.close()
      watchdog = live()
    }
    const raise = (id: string, severity: 'critical' | 'warning') =>
      watchdog.memory.hear({ is: 'raised', facts: facts(id, `fault-${id}`), severity })
    raise('I1', 'critical')
    pass(3 * HOUR)
    raise('I2', 'warning')
    restart()
    pass(2 * HOUR)
    watchdog.memory.hear({ is: 'closed', id: 'I1', at: new Date(START + now).toISOString() })
    pass(10 * HOUR)
    restart()
    raise('I3', 'critical')
    pass(9 * HOUR)
    expect(arrived).toEqual([])
    // Two channels, at most an hour between two attempts, and not many more than one an hour.
    expect(attempts).toBeGreaterThan(2 * 20)
    expect(attempts).toBeLessThan(2 * 60)
    isUp = true
    pass(HOUR)
    const of = (channel: string) => arrived.filter((word) => word.startsWith(channel))
    expect(of('phone')).toEqual(['phone open I1', 'phone open I2', 'phone recovery I1', 'phone open I3'])
    expect(of('screen')).toEqual(['screen open I1', 'screen recovery I1', 'screen open I3'])
    expect(watchdog.memory.outbox.countWaiting()).toBe(0)
    watchdog.db.close()
  })
})
