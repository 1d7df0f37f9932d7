import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { waitFor } from '../../src/drill/waitFor.ts'
import type { Logger } from '../../src/shared/log.ts'
import { createServiceFeeder, feedEveryMs } from '../../src/watchdog/notify.ts'
import { mayFeed, OVERDUE_MS } from '../../src/watchdog/notifyRule.ts'
import type { WatchState } from '../../src/watchdog/watch.ts'

const identity = { pid: 7, startTicks: 1, nonce: 'n' }
const healthy = { name: 'healthy', since: 0, identity } as const satisfies WatchState
const timed = (deadline: number): WatchState[] => [
  { name: 'suspect', since: 0, identity, symptom: 'silent', deadline },
  { name: 'repairing', since: 0, deadline },
  { name: 'recovering', since: 0, deadline },
  { name: 'givenUp', since: 0, retryAt: deadline, delayMs: 1, inputs: '', answers: '' },
  { name: 'maintenance', since: 0, until: deadline },
]

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** A `systemd-notify` that writes down what it was told. */
function fakeNotify(exitCode = 0) {
  const folder = mkdtempSync(join(tmpdir(), 'ottugi-notify-'))
  folders.push(folder)
  const told = join(folder, 'told')
  const program = join(folder, 'systemd-notify')
  writeFileSync(program, `#!/bin/sh\necho "$NOTIFY_SOCKET $*" >> ${told}\nexit ${exitCode}\n`)
  chmodSync(program, 0o755)
  const environment = {
    PATH: `${folder}:/usr/bin:/bin`,
    NOTIFY_SOCKET: '/run/x',
    WATCHDOG_USEC: '30000000',
    SECRET: 's',
  }
  const lines = () => {
    try {
      return readFileSync(told, 'utf8').trim().split('\n')
    } catch {
      return []
    }
  }
  return { environment, lines }
}

describe('the rule', () => {
  it('feeds in every state until long after its deadline, and a healthy watch always', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: -1e6, max: 1e6 }), (deadline, offset) => {
        const now = deadline + offset
        expect(mayFeed(healthy, now)).toBe(true)
        for (const state of timed(deadline)) expect(mayFeed(state, now)).toBe(offset < OVERDUE_MS)
      }),
    )
  })
})

describe('the feeder', () => {
  it('asks for nothing where the service manager does not', () => {
    expect(feedEveryMs({ WATCHDOG_USEC: '1000' })).toBeUndefined()
    expect(feedEveryMs({ NOTIFY_SOCKET: '/run/x' })).toBeUndefined()
    expect(feedEveryMs({ NOTIFY_SOCKET: '/run/x', WATCHDOG_USEC: 'x' })).toBeUndefined()
    expect(feedEveryMs({ NOTIFY_SOCKET: '/run/x', WATCHDOG_USEC: '30000000' })).toBe(10_000)
  })

  it('says a word each third of the time, and none while the state is overdue', async () => {
    const { environment, lines } = fakeNotify()
    let state: WatchState = healthy
    const beat = createServiceFeeder({ environment, state: () => state, log: silentLog([]) })
    const told = async (count: number) =>
      waitFor(`${count} words`, 30_000, () => (lines().length >= count ? true : undefined))
    beat(0, false)
    await told(1)
    await settled()
    beat(9_999, false)
    await settled()
    expect(lines()).toEqual(['/run/x WATCHDOG=1 STATUS=healthy'])
    state = { name: 'repairing', since: 0, deadline: 12_000 }
    beat(10_000, false)
    await told(2)
    await settled()
    beat(12_000 + OVERDUE_MS, false)
    await settled()
    expect(lines()).toEqual(['/run/x WATCHDOG=1 STATUS=healthy', '/run/x WATCHDOG=1 STATUS=repairing'])
  })

  it('writes down once that it cannot', async () => {
    const { environment, lines } = fakeNotify(1)
    const warnings: unknown[] = []
    const beat = createServiceFeeder({ environment, state: () => healthy, log: silentLog(warnings) })
    for (const [index, now] of [0, 10_000, 20_000].entries()) {
      await waitFor('the word', 30_000, () => {
        beat(now, false)
        return lines().length > index ? true : undefined
      })
    }
    await waitFor('the warning', 30_000, () => (warnings.length > 0 ? true : undefined))
    expect(warnings).toEqual([{ problem: 'systemd-notify ended with 1' }])
  })
})

/** A child that has written has yet to be seen to end. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setTimeout(resolve, 300)))
}

function silentLog(warnings: unknown[]): Logger {
  return { info: () => {}, error: () => {}, warn: (fields: unknown) => warnings.push(fields) } as unknown as Logger
}
