/** Where a new version is laid, which one counts, and what becomes of an update that was cut off. */
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { incomingFolder } from '../../../src/service/homeSwap.ts'
import { renewRescue, setCurrent, sweepReleases } from '../../../src/service/update/releases.ts'
import { settleUpdate } from '../../../src/service/update/settleUpdate.ts'
import { type StageOrder, stageRelease } from '../../../src/service/update/stageRelease.ts'
import { readUpdate, type UpdateRecord, writeUpdate } from '../../../src/service/update/updateRecord.ts'
import { appRoot, type HomePaths, homePaths } from '../../../src/shared/paths.ts'
import { ownProgram, programElsewhere, releaseOf } from '../../../src/shared/programOf.ts'
import { readRescueNote } from '../../../src/shared/rescueFolder.ts'

const made: string[] = []
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ottugi-release-'))
  made.push(folder)
  return folder
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
}

const NODE = `node_modules/node-${process.platform}-${process.arch}/bin/node`

/** The least that is a program. */
function program(version: string, more: Readonly<Record<string, string>> = {}): string {
  const root = newFolder()
  write(root, {
    'package.json': JSON.stringify({ name: 'ottugi', version }),
    'src/cli/main.ts': '',
    [NODE]: '',
    'test/x.test.ts': 'not needed',
    ...more,
  })
  return root
}

function home(): HomePaths {
  const paths = homePaths(newFolder())
  mkdirSync(paths.data)
  return paths
}

const readRoom = () => ({ freeBytes: 1e12, freeInodes: 1e6, isLow: false, isFull: false })
function order(paths: HomePaths, path: string, more: Partial<StageOrder> = {}): StageOrder {
  const facts = { base: ownProgram(), environment: {}, at: '2026-01-02T03:04:05.678Z', readRoom }
  return { paths, source: { kind: 'folder', path }, ...facts, ...more }
}

async function staged(paths: HomePaths, version: string, at?: string): Promise<string> {
  const result = await stageRelease(order(paths, program(version), at === undefined ? {} : { at }))
  if (!result.ok) throw new Error(result.detail)
  return result.id
}

/** The identity of a process that has ended. */
function deadProcess() {
  const { pid } = spawnSync(process.execPath, ['--eval', ''])
  return { pid, startTicks: 1, nonce: 'dead' }
}

function record(to: string, more: Partial<UpdateRecord> = {}): UpdateRecord {
  const versions = { fromVersion: '0.1.0', toVersion: '99.0.0' }
  const facts = { id: 'u1', at: '2026', updater: deadProcess(), forms: {}, changesForm: false, endsMaintenance: false }
  return { state: 'switching', from: null, to, ...versions, ...facts, ...more }
}

describe('a new version', () => {
  it('lies beside, with what it needs and nothing else, and counts once it is named', async () => {
    const paths = home()
    const id = await staged(paths, '99.0.0')
    expect(id).toBe('99.0.0-2026-01-02T03-04-05-678Z')
    const root = join(paths.home, 'releases', id, 'ottugi')
    expect(readdirSync(root).toSorted()).toEqual(['node_modules', 'package.json', 'src'])
    expect(programElsewhere(paths.home)).toBeUndefined()
    setCurrent(paths.home, id)
    expect(programElsewhere(paths.home)).toEqual({
      ...{ root, version: '99.0.0', extension: '.ts' },
      ...{ node: join(root, NODE), main: join(root, 'src/cli/main.ts') },
    })
    setCurrent(paths.home, null)
    expect(programElsewhere(paths.home)).toBeUndefined()
  })

  it('has links to packages that are a link, and hard links to others', async () => {
    const root = program('99.0.0')
    rmSync(join(root, 'node_modules'), { recursive: true })
    const packages = program('1.0.0')
    symlinkSync(join(packages, 'node_modules'), join(root, 'node_modules'))
    const paths = home()
    const result = await stageRelease(order(paths, root))
    const there = join(paths.home, 'releases', result.ok ? result.id : '', 'ottugi', 'node_modules')
    expect(readlinkSync(there)).toBe(join(packages, 'node_modules'))
  })

  it.each([
    ['is none of ours', { 'package.json': '{"name":"other","version":"1.0.0"}' }],
    ['has no version', { 'package.json': '{"name":"ottugi"}' }],
  ])('that %s is refused, and nothing stays of it', async (_, files) => {
    const paths = home()
    expect(await stageRelease(order(paths, program('1.0.0', files)))).toMatchObject({ ok: false, fault: 'no-program' })
    expect(readdirSync(join(paths.home, 'releases'))).toEqual([])
  })

  it('brings its own Node, or is refused', async () => {
    const root = program('99.0.0')
    rmSync(join(root, NODE))
    expect(await stageRelease(order(home(), root))).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/no Node/),
    })
  })

  it('is not begun where there is no room', async () => {
    const low = () => ({ ...readRoom(), freeBytes: 1_000 })
    expect(await stageRelease(order(home(), program('99.0.0'), { readRoom: low }))).toMatchObject({ fault: 'no-room' })
  })

  it('can be read by the user of the tools, whoever updates', async () => {
    const paths = home()
    const root = program('1.0.0')
    const own = process.umask(0o077)
    const result = await stageRelease(order(paths, root))
    expect(process.umask(own)).toBe(0o077)
    const there = join(paths.home, 'releases', result.ok ? result.id : '', 'ottugi')
    const modes = ['src', 'node_modules', dirname(dirname(NODE))].map(
      (name) => statSync(join(there, name)).mode & 0o005,
    )
    expect(modes).toEqual([5, 5, 5])
  })
})

describe('what counts', () => {
  it('is nothing that another may write to, that leads elsewhere, or was made for another program', async () => {
    const paths = home()
    const id = await staged(paths, '99.0.0')
    const releases = join(paths.home, 'releases')
    setCurrent(paths.home, id)
    for (const folder of [paths.home, releases, join(releases, id)]) {
      chmodSync(folder, 0o722)
      expect(programElsewhere(paths.home), folder).toBeUndefined()
      chmodSync(folder, 0o700)
    }
    expect(programElsewhere(paths.home)).toBeDefined()
    for (const name of ['../elsewhere', '/etc', '.', '..', 'missing', ''])
      expect(releaseOf(paths.home, name)).toBeUndefined()
    const other = { ...ownProgram(), version: '0.0.1' }
    expect(releaseOf(paths.home, id, other)).toBeUndefined()
    const note = join(releases, id, 'release.json')
    writeFileSync(note, readFileSync(note, 'utf8').slice(0, 40))
    expect(programElsewhere(paths.home)).toBeUndefined()
  })

  it('stays when others are swept away', async () => {
    const paths = home()
    const ids = [await staged(paths, '1.0.0'), await staged(paths, '2.0.0'), await staged(paths, '3.0.0')]
    mkdirSync(join(paths.home, 'releases', 'half.part'))
    setCurrent(paths.home, ids[2] ?? '')
    expect(sweepReleases(paths.home, [ids[1] ?? null]).toSorted()).toEqual([ids[0], 'half.part'])
    expect(readdirSync(join(paths.home, 'releases')).toSorted()).toEqual([ids[1], ids[2], 'current'])
  })
})

describe('an update that was cut off', () => {
  it('while it switched: the version from before is called, and put back by the next start', async () => {
    const paths = home()
    const id = await staged(paths, '99.0.0')
    setCurrent(paths.home, id)
    writeUpdate(paths, record(id))
    expect(programElsewhere(paths.home)).toBeUndefined()
    expect(settleUpdate(paths, true)).toBe('nothing')
    expect(settleUpdate(paths, false)).toBe('undone')
    expect([readUpdate(paths)?.state, existsSync(join(paths.home, 'releases', 'current'))]).toEqual(['undone', false])
  })

  it('once the new version was ready: it stays', async () => {
    const paths = home()
    const id = await staged(paths, '99.0.0')
    setCurrent(paths.home, id)
    writeUpdate(paths, record(id, { state: 'holding' }))
    expect(settleUpdate(paths, false)).toBe('finished')
    expect([readUpdate(paths)?.state, programElsewhere(paths.home)?.version]).toEqual(['done', '99.0.0'])
  })

  it('between two releases goes back to the older one, and puts the databases back', async () => {
    const paths = home()
    const [from, to] = [await staged(paths, '98.0.0'), await staged(paths, '99.0.0')]
    setCurrent(paths.home, to)
    write(paths.home, { 'data/agent.db': 'new form', 'data/agent.db-wal': 'of it', 'data/journal-witness.json': '{}' })
    write(incomingFolder(paths, 'u1'), { 'data/agent.db': 'old form' })
    writeUpdate(paths, record(to, { from, changesForm: true }))
    expect(programElsewhere(paths.home)?.version).toBe('98.0.0')
    expect(settleUpdate(paths, false)).toBe('undone')
    expect(readFileSync(paths.agentDb, 'utf8')).toBe('old form')
    expect(readdirSync(paths.data).toSorted()).toEqual(['agent.db', 'swap.json', 'swaps', 'update.json'])
    expect(readFileSync(join(paths.data, 'swaps/u1/old/data/agent.db-wal'), 'utf8')).toBe('of it')
    expect(settleUpdate(paths, false)).toBe('nothing')
  })

  it('is left alone while its process lives', async () => {
    const paths = home()
    const { ownIdentity } = await import('../../../src/shared/identity.ts')
    const id = await staged(paths, '99.0.0')
    writeUpdate(paths, record(id, { updater: ownIdentity() }))
    expect(settleUpdate(paths, false)).toBe('nothing')
  })
})

describe('the rescue of a service', () => {
  it('belongs to the version in force, and is none where no service starts through it', async () => {
    const paths = home()
    const runs = { [NODE]: '#!/bin/sh\necho v1.2.3\n', 'dist/rescue.mjs': 'of the new one' }
    const result = await stageRelease(order(paths, program('99.0.0', runs)))
    const id = result.ok ? result.id : ''
    const root = join(paths.home, 'releases', id, 'ottugi')
    chmodSync(join(root, NODE), 0o700)
    setCurrent(paths.home, id)
    expect([renewRescue(paths, '2026'), readRescueNote(paths)]).toEqual([undefined, undefined])
    write(paths.rescue, { 'program.json': JSON.stringify({ root: appRoot, node: 'node', main: 'main.ts' }) })
    expect(renewRescue(paths, '2026')).toBeUndefined()
    const note = { root, node: NODE, main: join('src', 'cli', 'main.ts'), nodeVersion: 'v1.2.3' }
    expect(readRescueNote(paths)).toMatchObject(note)
    expect(readFileSync(join(paths.rescue, 'rescue.mjs'), 'utf8')).toBe('of the new one')
  })

  it('does not belong any more to a version that was cut off', async () => {
    const paths = home()
    const [from, to] = await Promise.all(
      ['98.0.0', '99.0.0'].map(async (version) => {
        const result = await stageRelease(
          order(paths, program(version, { 'dist/rescue.mjs': version }), { at: version }),
        )
        return result.ok ? result.id : ''
      }),
    )
    const rootOf = (id: string | undefined) => join(paths.home, 'releases', id ?? '', 'ottugi')
    for (const id of [from, to]) {
      writeFileSync(join(rootOf(id), NODE), '#!/bin/sh\necho v1.2.3\n')
      chmodSync(join(rootOf(id), NODE), 0o700)
    }
    write(paths.rescue, { 'program.json': JSON.stringify({ root: rootOf(to), node: NODE, main: 'src/cli/main.ts' }) })
    setCurrent(paths.home, to ?? '')
    writeUpdate(paths, record(to ?? '', { from: from ?? null }))
    expect(settleUpdate(paths, false)).toBe('undone')
    expect(readRescueNote(paths)?.root).toBe(rootOf(from))
  })
})
