/** Lines in the journal that we did not write, and files that name processes: nothing outside changes, and no process of anybody else ends. */
import { lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { execute, finishInterrupted } from '../../src/repair/execute.ts'
import { appendStep, type JsonValue, openRepair, readJournal } from '../../src/repair/journal.ts'
import { appendBoot } from '../../src/shared/bootledger.ts'
import { isAlive, ownIdentity } from '../../src/shared/identity.ts'
import type { AppName, HomePaths } from '../../src/shared/paths.ts'
import { announce, livingApp } from '../repair/apps.ts'
import { roomOf, temporaryHome } from '../repair/support.ts'
import { fingerprint, makeOutside, RECORDS } from './outside.ts'

const ID = '2026-01-01T00-00-00-000Z-0a1b2c'
let paths: HomePaths
let outside: string
beforeEach(() => {
  paths = temporaryHome()
  outside = makeOutside()
})

/** An open repair, as a journal says that somebody's hands left it. */
function forge(action: string, args: JsonValue, data: JsonValue, { step = 'undoing', repairId = ID } = {}): void {
  const base = { repairId, action, args, by: 'test', fault: 'test' }
  appendStep(paths.repairsJournal, { ...base, step: 'begin' })
  appendStep(paths.repairsJournal, { ...base, step: 'snapshot', data })
  if (step !== 'snapshot') appendStep(paths.repairsJournal, { ...base, step: step as 'acted' })
}

async function finish(): Promise<void> {
  const before = fingerprint(outside)
  const hands = { paths, environment: {}, readRoom: roomOf(10_000) }
  expect((await finishInterrupted(hands)).ok).toBe(true)
  expect(fingerprint(outside)).toEqual(before)
  expect(openRepair(paths.repairsJournal)).toEqual([])
}

const BAD_IDS = [
  '..',
  '../..',
  '../../..',
  '/',
  '/tmp',
  '.',
  '',
  'a/../../b',
  '2026\0',
  `${ID}/..`,
  `../${ID}`,
  ' ',
  '*',
  '~',
  ID.toLowerCase(),
  `${ID}x`,
]

describe('a repair that names itself', () => {
  it.each(BAD_IDS)('%j is not gone on with', async (repairId) => {
    writeFileSync(join(paths.workspace, 'kept'), 'kept')
    for (const step of ['snapshot', 'acted', 'verified', 'undoing']) {
      const before = fingerprint(paths.home, RECORDS)
      forge('enter_safe_mode', { reason: 'crash-loop' }, null, { step, repairId })
      await finish()
      expect(readJournal(paths.repairsJournal).at(-1)).toMatchObject({ step: 'failed' })
      expect(fingerprint(paths.home, RECORDS)).toEqual(before)
    }
  })
})

const LEADS = (): string[] => [
  join(outside, 'secret.txt'),
  outside,
  '/etc/passwd',
  '../outside/secret.txt',
  '../../secret.txt',
  '..',
  '.',
  '',
  '/',
  'a/b',
  '\0',
  join(paths.home, '..', 'x'),
]

describe('a snapshot that leads elsewhere', () => {
  it.each([...Array(12).keys()])('by name %i is not followed by an undo', async (index) => {
    const lead = LEADS()[index] ?? ''
    const folder = join(paths.data, 'repairs', ID)
    const cases: readonly (readonly [string, JsonValue, JsonValue])[] = [
      ['prune_tmp', {}, [lead]],
      ['compress_logs', { mode: 'compress' }, [lead]],
      ['compress_logs', { mode: 'remove' }, [lead]],
      ['restore_database', { database: 'agent' }, { names: [lead] }],
      ['remove_lock', { lock: 'start' }, { id: lead }],
      ['set_mode', { file: 'env' }, { mode: 0o777, id: lead }],
      ['make_reserve', {}, lead],
      ['free_reserve', {}, { bytes: 5 }],
      ['restore_config', {}, { mode: 0o777, goodHash: lead }],
      ['hold_restart', { minutes: 5 }, { bytes: lead, mode: 0o600 }],
      ['set_heap_limit', { mb: 128 }, { before: { bytes: lead, mode: 0o600 }, configuredMb: 64 }],
      ['stop_own_orphan', { app: 'agent' }, [{ pid: 1, startTicks: 0, nonce: lead }]],
      ['restart', { app: 'agent' }, { pid: process.ppid, startTicks: 0, nonce: lead }],
    ]
    for (const [action, args, data] of cases) {
      for (const step of ['undoing', 'acted']) {
        mkdirSync(folder, { recursive: true, mode: 0o700 })
        writeFileSync(join(folder, 'leftover-0'), 'forged')
        forge(action, args, data, { step })
        await finish()
      }
    }
  })

  it('never makes .env looser than 600', async () => {
    writeFileSync(paths.env, 'A=1', { mode: 0o600 })
    const { ino, dev } = lstatSync(paths.env)
    forge('set_mode', { file: 'env' }, { mode: 0o666, id: `${dev}:${ino}` })
    await finish()
    expect(lstatSync(paths.env).mode & 0o777).toBe(0o600)
  })
})

describe('a journal that leads elsewhere', () => {
  it.each(['repairs.journal', 'repairs.journal.torn'])('%s is not written through', async (name) => {
    const target = join(outside, 'secret.txt')
    const text = readFileSync(target, 'utf8')
    if (name.endsWith('.torn')) writeFileSync(paths.repairsJournal, '{"half')
    symlinkSync(target, join(paths.data, name))
    await execute({ paths, environment: {} }, { action: 'none', args: {}, by: 'test', fault: 'test' })
    expect(readFileSync(target, 'utf8')).toBe(text)
  })
})

const APPS_NAMED = ['agent', 'watchdog', 'dashboard'] as const satisfies readonly AppName[]

describe('a file that names a process', () => {
  const end = (action: string, app: AppName) =>
    execute({ paths, environment: {} }, { action, args: { app }, by: 'test', fault: 'test' })

  it.each(APPS_NAMED)('of somebody else as our %s ends nobody', async (app) => {
    const foreign = await livingApp('silent', { OTTUGI_HOME: '/another/home' })
    announce(paths, app, foreign, false)
    appendBoot(paths.boots, app, { kind: 'start' }, ownIdentity())
    expect(await end('stop_own_orphan', app)).toMatchObject({ ok: false, kind: 'refused' })
    expect(isAlive(foreign.identity)).toBe(true)
  })

  it.each([
    ['an earlier start time', { startTicks: -1 }],
    ['a later start time', { startTicks: 1 }],
  ])('with %s is a stale lock, and its pid is left alone', async (_name, { startTicks }) => {
    const other = await livingApp('silent')
    const identity = { ...other.identity, startTicks: other.identity.startTicks + startTicks }
    writeFileSync(paths.startLock, JSON.stringify(identity), { mode: 0o600 })
    announce(paths, 'agent', { ...other, identity })
    appendBoot(paths.boots, 'agent', { kind: 'start' }, ownIdentity())
    const unlock = { action: 'remove_lock', args: { lock: 'start' }, by: 'test', fault: 'stale-lock' }
    expect(await execute({ paths, environment: {} }, unlock)).toMatchObject({ ok: true })
    expect(await end('stop_own_orphan', 'agent')).toMatchObject({ ok: false, kind: 'refused' })
    expect(isAlive(other.identity)).toBe(true)
  })

  it.each([0, 1, -1, 1.5, '5', null, 2 ** 40, process.pid, process.ppid])(
    'with the pid %j ends nobody',
    async (pid) => {
      writeFileSync(
        paths.identityOf('agent'),
        JSON.stringify({ pid, startTicks: 0, nonce: 'x', url: 'http://127.0.0.1:9' }),
      )
      appendBoot(paths.boots, 'agent', { kind: 'start' }, ownIdentity())
      for (const action of ['restart', 'stop_own_orphan']) {
        expect(await end(action, 'agent')).toMatchObject({ ok: false, kind: 'refused' })
      }
    },
  )

  it('never removes the lock of a living process', async () => {
    writeFileSync(paths.startLock, JSON.stringify(ownIdentity()), { mode: 0o600 })
    const unlock = { action: 'remove_lock', args: { lock: 'start' }, by: 'test', fault: 'stale-lock' }
    expect(await execute({ paths, environment: {} }, unlock)).toMatchObject({ ok: false, kind: 'refused' })
  })
})
