/** Links in the place of our files and folders lead nobody elsewhere: what lies outside of a home never changes. */
import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server } from 'node:net'
import { basename, dirname, join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { execute, finishInterrupted } from '../../src/repair/execute.ts'
import type { HomePaths } from '../../src/shared/paths.ts'
import { type Prepared, SCENARIOS, type Scenario } from '../repair/scenarios.ts'
import { roomOf, temporaryFolder, temporaryHome } from '../repair/support.ts'
import { fingerprint, makeOutside, RECORDS } from './outside.ts'

let stranger: Server
let takenPort = 0
beforeAll(async () => {
  stranger = createServer()
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
  takenPort = (stranger.address() as { port: number }).port
})
afterAll(() => void stranger.close())

type Stage = { readonly paths: HomePaths; readonly prepared: Prepared; readonly outside: string }

async function stage({ prepare }: Scenario): Promise<Stage> {
  const paths = temporaryHome()
  return { paths, prepared: await prepare(paths, { folder: temporaryFolder(), takenPort }), outside: makeOutside() }
}

function act({ paths, prepared }: Stage, action: string) {
  const { root, freeMb = 10_000, path = '', args } = prepared
  const hands = { paths, environment: { PATH: path }, readRoom: roomOf(freeMb), ...(root ? { root } : {}) }
  return execute(hands, { action, args, by: 'test', fault: 'test' })
}

/** Moves what is there out of the home and leaves a link to it, or, where nothing is, a link to a place that does not exist yet. */
function lead(place: string, outside: string): void {
  const target = join(outside, basename(place))
  if (existsSync(place)) {
    rmSync(target, { recursive: true, force: true })
    cpSync(place, target, { recursive: true })
    rmSync(place, { recursive: true })
  }
  mkdirSync(dirname(place), { recursive: true })
  symlinkSync(target, place)
}

/** Places in a home that an action may write to, by name. */
const FOLDERS = [
  'data',
  'run',
  'logs',
  'workspace',
  'data/backups',
  'data/quarantine',
  'data/repairs',
  'data/known-good',
  'data/.reserve-inodes',
]
const FILES = [
  'ottugi.yaml',
  '.env',
  'data/agent.db',
  'data/agent.db-wal',
  'data/watchdog.db',
  'data/.reserve',
  'data/ports.json',
  'data/parked.json',
  'data/safe-mode.json',
  'data/hold-restart.json',
  'data/heap-limit.json',
  'data/repairs.journal',
  'data/repairs.journal.torn',
  'run/start.lock',
  'run/repair.lock',
  'run/agent.json',
  'logs/agent.1.jsonl',
  'logs/agent.1.jsonl.gz',
  'logs/agent.1.jsonl.gz.part',
]
const PLACES = [...FOLDERS, ...FILES]
/** A scenario an action, but for the one that installs packages: it has its own folder. */
const CASES = SCENARIOS.filter(({ action }) => action !== 'reinstall_dependencies')

async function leadsNowhere(scenario: Scenario, place: string): Promise<void> {
  const name = `${scenario.action}: ${scenario.name}`
  const made = await stage(scenario)
  lead(join(made.paths.home, place), made.outside)
  const outside = fingerprint(made.outside)
  const home = fingerprint(made.paths.home, RECORDS)
  const result = await act(made, scenario.action)
  expect(fingerprint(made.outside), name).toEqual(outside)
  if (!result.ok) expect(fingerprint(made.paths.home, RECORDS), name).toEqual(home)
  expect((await finishInterrupted({ paths: made.paths, environment: {} })).ok, name).toBe(true)
  expect(fingerprint(made.outside), name).toEqual(outside)
}

describe.each(PLACES)('a link in the place of %s', (place) => {
  it(`leads none of ${CASES.length} repairs elsewhere`, async () => {
    await Promise.all(CASES.map((scenario) => leadsNowhere(scenario, place)))
  })
})

describe.each(['node_modules', 'package.json', 'package-lock.json', '.npmrc'])('a link in the place of %s', (name) => {
  it('leads the installer nowhere', async () => {
    const scenario = SCENARIOS.find(({ action }) => action === 'reinstall_dependencies') as Scenario
    const made = await stage(scenario)
    const root = made.prepared.root ?? ''
    lead(join(root, name), made.outside)
    const outside = fingerprint(made.outside)
    await act(made, scenario.action)
    expect(fingerprint(made.outside)).toEqual(outside)
    expect(readdirSync(root).filter((entry) => entry.startsWith('.ottugi-install'))).toEqual([])
  })
})

describe('other things than files', () => {
  it.each(FILES.filter((file) => !/journal|repair\.lock/.test(file)))(
    'a folder in the place of %s makes nobody throw',
    async (file) => {
      for (const scenario of CASES) {
        const made = await stage(scenario)
        const place = join(made.paths.home, file)
        rmSync(place, { recursive: true, force: true })
        mkdirSync(place, { recursive: true })
        writeFileSync(join(place, 'kept'), 'kept')
        await act(made, scenario.action)
        expect(lstatSync(join(place, 'kept')).isFile(), scenario.action).toBe(true)
      }
    },
  )

  it.each(FILES.filter((file) => !/^run|journal/.test(file)))(
    'a pipe in the place of %s keeps nobody waiting',
    async (file) => {
      for (const scenario of CASES) {
        const made = await stage(scenario)
        const place = join(made.paths.home, file)
        rmSync(place, { recursive: true, force: true })
        mkdirSync(dirname(place), { recursive: true })
        execFileSync('mkfifo', [place])
        await act(made, scenario.action)
      }
    },
  )

  it('a home that is reached through a link is the owner’s own way', async () => {
    const scenario = CASES.find(({ action }) => action === 'restore_config') as Scenario
    const made = await stage(scenario)
    const real = `${made.paths.home}-real`
    renameSync(made.paths.home, real)
    symlinkSync(real, made.paths.home)
    expect(await act(made, scenario.action)).toMatchObject({ ok: true })
    expect(relative(real, join(real, 'ottugi.yaml'))).toBe('ottugi.yaml')
    rmSync(real, { recursive: true })
  })
})
