/** What a whole ring leaves on disk and in memory, and what it must not. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRing, type Ring } from '../../src/drill/ring.ts'
import { verifyJournal } from '../../src/repair/journal.ts'
import { appendBoot, judgeStart, readBoots } from '../../src/shared/bootledger.ts'
import { bootId, monotonicMs } from '../../src/shared/clock.ts'
import { APPS } from '../../src/shared/paths.ts'

let ring: Ring
const SECRET = 'sk-ant-this-must-stay-where-it-is'

beforeAll(async () => {
  ring = await createRing({
    env: [`ANTHROPIC_API_KEY=${SECRET}`],
    environment: { ANTHROPIC_API_KEY: SECRET, MY_PASSWORD: SECRET, SOME_VARIABLE: 'x', OTTUGI_LOGS__LEVEL: 'debug' },
  })
  await ring.start()
})
afterAll(async () => {
  expect(await ring.destroy()).toEqual([])
})

function environmentOf(pid: number): string[] {
  return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
}

describe('a running ring', () => {
  it('is four processes, each leading its own group', async () => {
    expect(ring.processes().length).toBe(4)
    const status = await ring.status()
    expect(status).toMatchObject({
      home: ring.paths.home,
      agent: { pid: ring.living('agent')?.pid, url: ring.agentUrl },
      watchdog: { alive: true },
      supervisor: { kind: 'pm2', pid: ring.supervisorPid(), alive: true },
      incident: null,
      alertsOpen: 0,
      spend: { todayUsd: 0, limitUsd: 5 },
    })
  })

  it('hands its processes an allowlist of the environment, and no secret', () => {
    for (const pid of ring.processes()) {
      const environment = environmentOf(pid).join('\n')
      expect(environment).not.toContain(SECRET)
      expect(environment).not.toContain('SOME_VARIABLE')
      expect(environment).toContain('OTTUGI_LOGS__LEVEL=debug')
    }
  })

  it('never saves a dump of PM2, and keeps its own PM2 home', () => {
    expect(existsSync(join(ring.paths.pm2, 'dump.pm2'))).toBe(false)
    expect(existsSync(join(ring.paths.pm2, 'pm2.pid'))).toBe(true)
  })

  it('keeps everything to its owner', () => {
    const mode = (path: string) => (statSync(path).mode & 0o777).toString(8)
    const { home, run, pm2, data, env, agentDb, watchdogDb, linkSocket, boots } = ring.paths
    expect([home, run, pm2, data].map(mode)).toEqual(['700', '700', '700', '700'])
    expect([env, agentDb, watchdogDb, linkSocket, boots].map(mode)).toEqual(['600', '600', '600', '600', '600'])
  })

  it('writes no secret into any log', () => {
    for (const app of APPS) expect(readFileSync(ring.paths.logOf(app), 'utf8')).not.toContain(SECRET)
  })

  it('has a whole repair journal', () => {
    expect(verifyJournal(ring.paths.repairsJournal)).toMatchObject({ ok: true })
  })
})

describe('a start without a person, with all of it dead', () => {
  it('is over when the watchdog is back, although the brake held that one', async () => {
    const { paths } = ring
    for (const pid of ring.processes()) process.kill(pid, 'SIGKILL')
    for (const nonce of ['one', 'two', 'three']) {
      const life = { pid: 1, startTicks: 1, nonce }
      appendBoot(paths.boots, 'watchdog', { kind: 'start' }, life)
      appendBoot(paths.boots, 'watchdog', { kind: 'end', code: 1, reason: 'drill', planned: false }, life)
    }
    expect(judgeStart(readBoots(paths.boots), 'watchdog', bootId(), monotonicMs()).go).toBe(false)
    const { code } = await ring.ottugi('start', '--revive')
    expect({ code, isThere: ring.living('watchdog') !== undefined }).toEqual({ code: 0, isThere: true })
  })
})
