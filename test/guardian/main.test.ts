import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { readKnownGood } from '../../src/guardian/knowngood.ts'
import { setReserveAside } from '../../src/repair/reserve.ts'
import { appendBoot } from '../../src/shared/bootledger.ts'
import type { HomePaths } from '../../src/shared/paths.ts'
import { ownProgram } from '../../src/shared/programOf.ts'
import { BUNDLE_FILE, readRescueNote, saveRescue } from '../../src/shared/rescueFolder.ts'
import { eventsIn, makeDatabase, temporaryFolder, temporaryHome } from '../repair/support.ts'
import { hashOfText, knowAsGood, livingProcess, ROOT } from './support.ts'

const SETTINGS = 'agent:\n  port: 0\ndashboard:\n  port: 0\n'
let paths: HomePaths

beforeEach(() => {
  paths = temporaryHome()
  writeFileSync(paths.settings, SETTINGS, { mode: 0o600 })
  setReserveAside(paths)
})

/** Runs the guardian as the watchdog does. */
async function guardian(words: readonly string[], root = ROOT) {
  const args = [join(root, 'src', 'guardian', 'main.ts'), ...words, '--home', paths.home]
  const child = spawn(process.execPath, args, { env: { PATH: '', LANG: 'C' }, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let complaint = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  child.stderr.on('data', (chunk) => {
    complaint += chunk
  })
  const [code] = await once(child, 'close')
  const last = output.trim().split('\n').at(-1) ?? ''
  return { code, output, complaint, json: last.startsWith('{') ? JSON.parse(last) : undefined }
}

/** The least that is a release of this program and can be started by a service. */
function putReleaseInForce({ home }: HomePaths) {
  const folder = join(home, 'releases', '99.0.0-test')
  mkdirSync(join(folder, 'dist'), { recursive: true, mode: 0o700 })
  const bundle = join(ROOT, BUNDLE_FILE)
  if (!existsSync(bundle)) execFileSync(process.execPath, [join(ROOT, 'scripts', 'buildRescue.ts')], { cwd: ROOT })
  cpSync(bundle, join(folder, BUNDLE_FILE))
  const [node, main] = ['node', 'main.ts'].map((name) => join(folder, name)) as [string, string]
  symlinkSync(process.execPath, node)
  writeFileSync(main, '')
  const note = { version: '99.0.0', root: '.', node: 'node', main: 'main.ts', base: ownProgram(), madeAt: '' }
  writeFileSync(join(folder, 'release.json'), JSON.stringify(note))
  symlinkSync('99.0.0-test', join(home, 'releases', 'current'))
  return { root: folder, node, main }
}

describe('guardian', () => {
  it('checks a healthy home, and changes nothing', async () => {
    expect(await guardian(['check', '--json'])).toMatchObject({
      code: 0,
      complaint: '',
      json: { ok: true, repairs: [], findings: [] },
    })
  })

  it('says what is wrong in words, and exits 1', async () => {
    writeFileSync(paths.settings, 'agent:\n  prot: 1\n', { mode: 0o600 })
    const { code, output } = await guardian(['check'])
    expect(code).toBe(1)
    expect(output).toContain('agent.prot')
  })

  it('repairs everything that it finds, and reports it on the last line', async () => {
    knowAsGood(paths, SETTINGS)
    writeFileSync(paths.settings, 'agent: [', { mode: 0o600 })
    makeDatabase(paths.agentDb, 100)
    const bytes = readFileSync(paths.agentDb)
    bytes.fill(0xa5, 0, 100)
    writeFileSync(paths.agentDb, bytes)
    chmodSync(paths.agentDb, 0o644)
    const { code, json } = await guardian(['repair', '--json', '--fault', 'database-corrupt'])
    expect(code).toBe(0)
    expect(json.repairs.map(({ action, ok }: { action: string; ok: boolean }) => `${action}: ${ok}`)).toEqual([
      'set_mode: true',
      'restore_config: true',
      'restore_database: true',
    ])
    expect(json.findings.filter(({ severity }: { severity: string }) => severity === 'fail')).toEqual([])
    expect(eventsIn(paths.agentDb).length).toBe(100)
  })

  it('exits 1 and names what a person should do where nothing could be repaired', async () => {
    writeFileSync(paths.settings, 'agent:\n  prot: 1\n', { mode: 0o600 })
    const { code, json } = await guardian(['repair', '--json'])
    expect(code).toBe(1)
    expect(json).toMatchObject({ ok: false, human: expect.stringContaining('ottugi config validate --home') })
  })

  it('knows its usage', async () => {
    expect(await guardian(['dance'])).toMatchObject({ code: 2, complaint: expect.stringContaining('usage') })
  })

  it('finishes what was interrupted', async () => {
    expect(await guardian(['finish'])).toMatchObject({ code: 0, json: { ok: true, finished: null } })
  })

  it('works without a single package: it says that they are missing', async () => {
    const root = temporaryFolder()
    mkdirSync(join(root, 'src'))
    for (const part of ['guardian', 'repair', 'shared'])
      cpSync(join(ROOT, 'src', part), join(root, 'src', part), { recursive: true })
    for (const file of ['package.json', 'package-lock.json']) cpSync(join(ROOT, file), join(root, file))
    const { code, json, complaint } = await guardian(['repair', '--json'], root)
    expect({ code, complaint }).toEqual({ code: 1, complaint: '' })
    expect(json.repairs).toMatchObject([
      { action: 'reinstall_dependencies', ok: false, note: expect.stringContaining('npm') },
    ])
    expect(json.human).toContain('npm ci')
  })
})

describe('save-known-good', () => {
  it('saves what the living agent runs with, and a database backup', async () => {
    makeDatabase(paths.agentDb, 5)
    const agent = await livingProcess()
    appendBoot(paths.boots, 'agent', { kind: 'start' }, agent)
    appendBoot(paths.boots, 'agent', { kind: 'settings', settingsHash: hashOfText(SETTINGS), safeMode: false }, agent)
    const { code, json } = await guardian(['save-known-good'])
    expect({ code, ok: json.ok }).toEqual({ code: 0, ok: true })
    const good = readKnownGood(paths)
    expect(good).toMatchObject({ settingsText: SETTINGS, settingsHash: hashOfText(SETTINGS) })
    expect(eventsIn(join(paths.backups, good?.databaseBackup ?? '')).length).toBe(5)
  })

  it('leaves what a service starts to the version in force', async () => {
    const agent = await livingProcess()
    appendBoot(paths.boots, 'agent', { kind: 'start' }, agent)
    appendBoot(paths.boots, 'agent', { kind: 'settings', settingsHash: hashOfText(SETTINGS), safeMode: false }, agent)
    const release = putReleaseInForce(paths)
    saveRescue(paths, release.root, new Date().toISOString(), release)
    expect((await guardian(['save-known-good'])).json.ok).toBe(true)
    expect(readRescueNote(paths)?.root).toBe(release.root)
    rmSync(join(paths.home, 'releases', 'current'))
    expect((await guardian(['save-known-good'])).json.ok).toBe(true)
    expect(readRescueNote(paths)?.root).toBe(ROOT)
  })

  it('saves nothing that was changed since the start, nor safe mode, nor for nobody', async () => {
    expect((await guardian(['save-known-good'])).json.reason).toContain('no living agent')
    const agent = await livingProcess()
    appendBoot(paths.boots, 'agent', { kind: 'start' }, agent)
    appendBoot(paths.boots, 'agent', { kind: 'settings', settingsHash: 'before', safeMode: false }, agent)
    expect((await guardian(['save-known-good'])).json.reason).toContain('changed since')
    appendBoot(paths.boots, 'agent', { kind: 'settings', settingsHash: hashOfText(SETTINGS), safeMode: true }, agent)
    expect((await guardian(['save-known-good'])).json.reason).toContain('safe mode')
    expect(readKnownGood(paths)).toBeUndefined()
  })
})
