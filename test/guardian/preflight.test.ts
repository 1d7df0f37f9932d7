import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { freePorts } from '../../src/drill/freePorts.ts'
import { type PreflightInput, preflight } from '../../src/guardian/preflight.ts'
import { readJournal } from '../../src/repair/journal.ts'
import { setReserveAside } from '../../src/repair/reserve.ts'
import { backupDatabase } from '../../src/shared/backup.ts'
import { appendBoot, readBoots } from '../../src/shared/bootledger.ts'
import { isAlive, ownIdentity, signalIdentity } from '../../src/shared/identity.ts'
import { acquireLock } from '../../src/shared/lockFile.ts'
import type { HomePaths } from '../../src/shared/paths.ts'
import { isReserveWhole } from '../../src/shared/reserve.ts'
import { makeProgram } from '../repair/scenarios.ts'
import { eventsIn, makeDatabase, roomOf, temporaryFolder, temporaryHome } from '../repair/support.ts'
import { hashOfText, inState, knowAsGood, livingProcess, pastLife, stranger } from './support.ts'

const SUPERVISED = { OTTUGI_SUPERVISED: '1', PATH: process.env['PATH'], LANG: 'C' }
const ANY_PORT = 'agent:\n  port: 0\ndashboard:\n  port: 0\n'
let paths: HomePaths

const start = (more: Partial<PreflightInput> = {}) =>
  preflight({ paths, environment: SUPERVISED, app: 'agent', readRoom: roomOf(10_000), ...more })

async function go(more: Partial<PreflightInput> = {}) {
  const result = await start(more)
  if (result.verdict !== 'go') throw new Error(`refused: ${result.fault} ${result.reason}`)
  return result
}

const faults = (result: { repairs: readonly { fault: string; action: string; ok: boolean }[] }) =>
  result.repairs.map(({ fault, action, ok }) => `${fault} → ${action}: ${ok}`)

beforeEach(() => {
  paths = temporaryHome()
  writeFileSync(paths.settings, ANY_PORT, { mode: 0o600 })
  setReserveAside(paths)
})

describe('a healthy home', () => {
  it('goes, touches nothing, and records which settings it goes with', async () => {
    makeDatabase(paths.agentDb, 50)
    chmodSync(paths.agentDb, 0o600)
    const times: number[] = []
    for (let round = 0; round < 20; round++) {
      const began = performance.now()
      const result = await go()
      times.push(performance.now() - began)
      expect(result).toMatchObject({
        port: { agent: 0 },
        degraded: {},
        safeMode: null,
        repairs: [],
        settingsHash: hashOfText(ANY_PORT),
      })
    }
    console.info(
      `preflight of a healthy home, warm: median ${times.toSorted((a, b) => a - b)[10]?.toFixed(1)} ms, first ${times[0]?.toFixed(1)} ms`,
    )
    expect(readJournal(paths.repairsJournal)).toEqual([])
    expect(readBoots(paths.boots).at(-1)).toMatchObject({
      kind: 'settings',
      settingsHash: hashOfText(ANY_PORT),
      safeMode: false,
    })
  })

  it('is also one that was never used', async () => {
    rmSync(paths.data, { recursive: true })
    for (const folder of [paths.logs, paths.run, paths.workspace]) rmSync(folder, { recursive: true })
    expect(await go()).toMatchObject({ repairs: [], degraded: {} })
    expect(isReserveWhole(paths)).toBe(true)
    expect(existsSync(paths.workspace)).toBe(true)
  })
})

describe('broken settings', () => {
  beforeEach(() => writeFileSync(paths.settings, 'agent: [\n'))

  it('are replaced by the last known good ones, loudly, and kept', async () => {
    knowAsGood(paths, ANY_PORT)
    const result = await go()
    expect(faults(result)).toEqual(['settings-invalid → restore_config: true'])
    expect(result).toMatchObject({ safeMode: null, settingsHash: hashOfText(ANY_PORT) })
    expect(result.degraded['settings']).toContain('last known good')
    expect(readFileSync(paths.settings, 'utf8')).toBe(ANY_PORT)
    const bad = readdirSync(paths.home).find((name) => name.startsWith('ottugi.yaml.bad-')) ?? ''
    expect(readFileSync(join(paths.home, bad), 'utf8')).toBe('agent: [\n')
    expect((await go()).degraded).toEqual({})
  })

  it('lead to safe mode where no good ones are known, which ends when they are corrected', async () => {
    const broken = `language: ko\nagent:\n  port: 0\n  prot: 1\ndashboard:\n  port: 0\n`
    writeFileSync(paths.settings, broken)
    const result = await go()
    expect(faults(result)).toEqual(['settings-invalid → enter_safe_mode: true'])
    expect(result.safeMode).toMatchObject({ reason: 'settings-invalid' })
    expect(result.settings).toMatchObject({ language: 'ko', agent: { port: 0 } })
    expect(result.degraded['safeMode']).toContain('안전 모드')
    expect((await go()).safeMode).toEqual(result.safeMode)

    writeFileSync(paths.settings, ANY_PORT)
    expect(await go()).toMatchObject({ safeMode: null, degraded: {}, settingsHash: hashOfText(ANY_PORT) })
    expect(existsSync(paths.safeMode)).toBe(false)
  })

  it('keep the port also where the text is no YAML any more', async () => {
    writeFileSync(paths.settings, 'agent:\n  port: 0\nmodel: {{\n')
    expect((await go()).settings.agent.port).toBe(0)
  })

  it('keep the secrets', async () => {
    writeFileSync(paths.settings, 'agent:\n  port: 0\n  prot: 1\n')
    writeFileSync(paths.env, 'ANTHROPIC_API_KEY=k\nOTTUGI_LOGS__LEVEL=debug\n', { mode: 0o600 })
    expect((await go()).secrets).toEqual(new Map([['ANTHROPIC_API_KEY', 'k']]))
  })

  it('are refused where the owner does not want safe mode', async () => {
    writeFileSync(paths.settings, 'agent:\n  prot: 1\nguardian:\n  safeMode: false\n')
    expect(await start()).toMatchObject({ verdict: 'refuse', fault: 'settings-invalid', untilMonoMs: null })
  })
})

describe('settings with which the agent fails', () => {
  const CHANGED = `${ANY_PORT}logs:\n  level: debug\n`
  const fail = (index: number, settingsHash: string, isReady = false) =>
    pastLife(
      paths,
      index,
      { kind: 'settings', settingsHash, safeMode: false },
      ...(isReady ? [{ kind: 'ready' } as const] : []),
      { kind: 'end', code: 1, reason: 'x', planned: false },
    )

  beforeEach(() => writeFileSync(paths.settings, CHANGED))

  it('are tried again after one failure, and rolled back after two', async () => {
    knowAsGood(paths, ANY_PORT)
    fail(1, hashOfText(CHANGED))
    expect(await go()).toMatchObject({ repairs: [], settingsHash: hashOfText(CHANGED) })
    fail(2, hashOfText(CHANGED))
    const result = await go()
    expect(faults(result)).toEqual(['crash-loop → restore_config: true'])
    expect(result.settingsHash).toBe(hashOfText(ANY_PORT))
    expect(result.degraded['settings']).toContain('2 times')
  })

  it('are rolled back one step only; then comes safe mode, until an input changes', async () => {
    knowAsGood(paths, CHANGED.replace('debug', 'warn'))
    fail(1, hashOfText(CHANGED))
    fail(2, hashOfText(CHANGED))
    expect(faults(await go())).toEqual(['crash-loop → restore_config: true'])
    const good = hashOfText(CHANGED.replace('debug', 'warn'))
    fail(3, good)
    expect(await go()).toMatchObject({ repairs: [], settingsHash: good })
    fail(4, good)
    const safe = await go()
    expect(faults(safe)).toEqual(['crash-loop → enter_safe_mode: true'])
    expect(safe.safeMode?.reason).toBe('crash-loop')
    expect((await go()).safeMode).toEqual(safe.safeMode)

    writeFileSync(paths.env, 'ANTHROPIC_API_KEY=new\n', { mode: 0o600 })
    expect(await go()).toMatchObject({ safeMode: null, settingsHash: good, repairs: [] })
    expect(readBoots(paths.boots).some((record) => record.kind === 'reset')).toBe(true)
  })

  it('are not blamed for the death of an agent that was ready, while no better ones are known', async () => {
    for (const index of [1, 2, 3, 4, 5]) fail(index, hashOfText(CHANGED), true)
    expect(await go()).toMatchObject({ repairs: [], safeMode: null })
  })

  it('are not blamed for failures with other settings', async () => {
    knowAsGood(paths, ANY_PORT)
    fail(1, 'other')
    fail(2, 'other')
    expect(await go()).toMatchObject({ repairs: [], settingsHash: hashOfText(CHANGED) })
  })
})

describe('an address beyond this machine', () => {
  it('is not listened on without a token', async () => {
    writeFileSync(paths.settings, 'agent:\n  port: 0\n  host: 0.0.0.0\n')
    const result = await go()
    expect(result.settings.agent.host).toBe('127.0.0.1')
    expect(result.degraded['bind']).toContain('agent.host')
    writeFileSync(paths.env, 'OTTUGI_TOKEN=t\n', { mode: 0o600 })
    expect((await go()).settings.agent.host).toBe('0.0.0.0')
  })

  it('that is gone is replaced by this machine', async () => {
    writeFileSync(paths.env, 'OTTUGI_TOKEN=t\n', { mode: 0o600 })
    const port = await stranger()
    writeFileSync(paths.settings, `agent:\n  port: ${port}\n  host: 192.0.2.1\n`)
    const result = await go()
    expect(result.settings.agent.host).toBe('127.0.0.1')
    expect(result.port.note).toContain('192.0.2.1')
  })
})

describe('a port that a stranger has', () => {
  it('is left to it: the owner is named, the next free one used, and the own one tried again at the next start', async () => {
    const port = await stranger()
    writeFileSync(paths.settings, `agent:\n  port: ${port}\n`)
    const result = await go()
    expect(faults(result)).toEqual(['port-taken → use_fallback_port: true'])
    expect(result.port.agent).toBeGreaterThan(port)
    expect(result.port.note).toMatch(
      new RegExp(`port ${port} is taken by .+ \\(process ${process.pid}\\); using ${result.port.agent}`),
    )
    expect(result.degraded['port']).toBe(result.port.note)
    expect(await go()).toMatchObject({ repairs: [], port: result.port })
  })

  it('comes back when it is free', async () => {
    writeFileSync(
      join(paths.data, 'ports.json'),
      JSON.stringify({ agent: { configured: 1, port: 2, because: '', owner: null } }),
    )
    await go()
    writeFileSync(paths.settings, `agent:\n  port: ${await freePort()}\n`)
    expect((await go()).port.note).toBeUndefined()
    expect(JSON.parse(readFileSync(join(paths.data, 'ports.json'), 'utf8'))).toEqual({})
  })
})

async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1)
  return port
}

describe('an agent that runs already', () => {
  const announce = async (program?: string) => {
    const other = await livingProcess(program)
    appendBoot(paths.boots, 'agent', { kind: 'start' }, other)
    appendBoot(paths.boots, 'agent', { kind: 'start' }, ownIdentity())
    return other
  }

  it('is followed by one that the supervisor started', async () => {
    const other = await announce()
    expect(await go()).toMatchObject({ predecessor: other, repairs: [] })
  })

  it('is not disturbed by one that was started by hand', async () => {
    const other = await announce()
    const result = await start({ environment: { ...SUPERVISED, OTTUGI_SUPERVISED: '' } })
    expect(result).toMatchObject({ verdict: 'refuse', fault: 'already-running', repairs: [] })
    expect(isAlive(other)).toBe(true)
  })

  it('is ended where it is stopped', async () => {
    const other = await announce()
    signalIdentity(other, 'SIGSTOP')
    await inState(other, 'T')
    const result = await go()
    expect(faults(result)).toEqual(['own-orphan → stop_own_orphan: true'])
    expect(result.predecessor).toBeUndefined()
    expect(isAlive(other)).toBe(false)
  })

  it('is ended where its loop does not turn any more, also when it ignores SIGTERM', async () => {
    const program = `process.on('SIGTERM', () => {})
      const server = require('node:http').createServer().listen(0, '127.0.0.1', () => {
        console.log(server.address().port)
        setImmediate(() => { for (;;) {} })
      })`
    const { spawned, url } = await hungServer(program)
    appendBoot(paths.boots, 'agent', { kind: 'start' }, spawned)
    appendBoot(paths.boots, 'agent', { kind: 'start' }, ownIdentity())
    writeFileSync(paths.identityOf('agent'), JSON.stringify({ ...spawned, url }))
    expect(faults(await go())).toEqual(['own-orphan → stop_own_orphan: true'])
    expect(isAlive(spawned)).toBe(false)
  })
})

async function hungServer(program: string) {
  const port = await freePort()
  const spawned = await livingProcess(program.replace('listen(0', `listen(${port}`))
  return { spawned, url: `http://127.0.0.1:${port}` }
}

describe('what lies about in a home', () => {
  it('is mended: modes, folders, the reserve, a stale lock', async () => {
    writeFileSync(paths.env, 'A=b\n')
    chmodSync(paths.env, 0o644)
    rmSync(paths.workspace, { recursive: true })
    rmSync(paths.reserve)
    writeFileSync(paths.startLock, JSON.stringify({ pid: 4_194_303, startTicks: 1, nonce: 'x' }), { mode: 0o600 })
    const result = await go()
    expect(faults(result).toSorted()).toEqual([
      'folder-missing → make_dir: true',
      'reserve-missing → make_reserve: true',
      'stale-lock → remove_lock: true',
      'wrong-mode → set_mode: true',
    ])
    expect(result.degraded).toEqual({})
    expect(statSync(paths.env).mode & 0o777).toBe(0o600)
  })

  it('is bearable where it cannot be mended, and is told', async () => {
    mkdirSync(paths.env)
    const result = await start()
    // A folder in place of .env: its settings cannot be read, which is a matter of safe mode.
    expect(result).toMatchObject({ verdict: 'go', safeMode: { reason: 'settings-invalid' } })
  })

  it('is cleared up on a full disk, and the service is kept', async () => {
    writeFileSync(join(paths.logs, 'agent.1.jsonl'), 'x', { mode: 0o600 })
    const result = await go({ readRoom: roomOf(1) })
    expect(faults(result)).toEqual(['disk-full → free_reserve: true', 'disk-full → compress_logs: true'])
    expect(result.degraded['disk']).toContain('1 MiB')
    expect(existsSync(paths.reserve)).toBe(false)
  })
})

describe('a damaged database', () => {
  it('is restored, with its loss counted', async () => {
    makeDatabase(paths.agentDb, 100)
    chmodSync(paths.agentDb, 0o600)
    await backupDatabase({ dbPath: paths.agentDb, backupsDir: paths.backups, keep: 3, at: '2026-01-01T00:00:00.000Z' })
    writeFileSync(paths.agentDb, 'not a database', { mode: 0o600 })
    rmSync(`${paths.agentDb}-wal`, { force: true })
    const result = await go()
    expect(faults(result)).toEqual(['database-corrupt → restore_database: true'])
    expect(eventsIn(paths.agentDb).length).toBe(100)
  })

  it('is found by its pages after an unclean end', async () => {
    makeDatabase(paths.agentDb, 1_000)
    chmodSync(paths.agentDb, 0o600)
    const bytes = readFileSync(paths.agentDb)
    bytes.fill(0xff, 8 * 4_096, 9 * 4_096)
    writeFileSync(paths.agentDb, bytes)
    pastLife(paths, 1, { kind: 'end', code: 0, reason: 'stop', planned: true })
    expect((await go()).repairs).toEqual([])
    pastLife(paths, 2)
    expect(faults(await go())).toEqual(['database-corrupt → restore_database: true'])
  })
})

describe('packages that are missing', () => {
  it('refuse the start before anything of them is loaded, name the command, and are not installed while a start waits', async () => {
    const { root, bin } = makeProgram(temporaryFolder(), 'works')
    const result = await start({ root, environment: { ...SUPERVISED, PATH: bin } })
    expect(result).toMatchObject({ verdict: 'refuse', fault: 'dependencies', untilMonoMs: null, repairs: [] })
    expect(result.verdict === 'refuse' && result.reason).toContain('npm ci')
  })
})

describe('a repair', () => {
  it('that another process has open refuses the start for a moment', async () => {
    const other = await livingProcess()
    writeFileSync(paths.repairLock, JSON.stringify(other), { mode: 0o600 })
    const result = await start()
    expect(result).toMatchObject({ verdict: 'refuse', fault: 'repair-open', untilMonoMs: expect.any(Number) })
    expect(acquireLock(paths.repairLock)).toMatchObject({ ok: false, holder: other })
  })
})
