/** Updates of a living ring: to a good version, to bad ones, and with everything killed at any step. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { type Client, startClient } from '../../src/drill/client.ts'
import { createRing, isReady, type Ring } from '../../src/drill/ring.ts'
import { waitFor } from '../../src/drill/waitFor.ts'
import { trialFolder } from '../../src/service/update/tryAgent.ts'
import { readUpdate } from '../../src/service/update/updateRecord.ts'
import { readBoots } from '../../src/shared/bootledger.ts'
import { monotonicMs } from '../../src/shared/clock.ts'
import { readMaintenance } from '../../src/shared/maintenance.ts'
import { APPS, appVersion } from '../../src/shared/paths.ts'
import { listPids } from '../../src/shared/procfs.ts'
import {
  BROKEN_COMMAND,
  BROKEN_FORM,
  type Change,
  ENDS_AT_START,
  ENDS_AT_START_IN_PLACE,
  ENDS_IN_PLACE,
  ENDS_WHEN_READY,
  HANGS_IN_PLACE,
  HANGS_WHEN_READY,
  NEW_FORM,
  otherVersion,
} from './otherVersion.ts'
import { atEnd, startedRing } from './startedRing.ts'

const OWN = appVersion()
const NEW = '99.0.0'

function version(changes: readonly Change[] = [], name: string = NEW): string {
  const made = otherVersion(name, changes)
  atEnd(made.remove)
  return made.root
}

function watchFrom(ring: Ring): Client {
  const client = startClient(() => ring.living('agent')?.url ?? ring.agentUrl)
  atEnd(() => client.stop())
  return client
}

const versionsOf = (ring: Ring) => APPS.map((app) => ring.living(app)?.version)
/** What the ledger says of agents since the failures were forgotten for this reason; `none` where they were not. */
const saysOfAgents = (ring: Ring, reason: string) => {
  const records = readBoots(ring.paths.boots)
  const from = records.findIndex((record) => record.kind === 'reset' && record.reason === reason)
  return from < 0 ? ['none'] : records.slice(from).flatMap(({ app, kind }) => (app === 'agent' ? [kind] : []))
}
const formOf = (ring: Ring) => {
  const db = new Sqlite(ring.paths.agentDb, { readonly: true })
  try {
    return Number(db.pragma('user_version', { simple: true }))
  } finally {
    db.close()
  }
}
const sayInto = (ring: Ring, run: string) => {
  const db = new Sqlite(ring.paths.agentDb)
  db.prepare("INSERT INTO events (run, session, type, at, data) VALUES (?, 's', 'note', '2026', '{}')").run(run)
  db.close()
}
const saidIn = (ring: Ring) => {
  const db = new Sqlite(ring.paths.agentDb, { readonly: true })
  try {
    return db.prepare<[], string>("SELECT run FROM events WHERE type = 'note' ORDER BY seq").pluck().all()
  } finally {
    db.close()
  }
}

/** Agents that are tried beside the one that serves. */
const trialsOf = (ring: Ring) => listPids().filter((pid) => carries(pid, `OTTUGI_HOME=${trialFolder(ring.paths)}`))

function carries(pid: number, variable: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(variable)
  } catch {
    return false
  }
}

/** One of each process, nobody else, all ready, no incident, no maintenance left over. */
async function isWhole(ring: Ring, wanted: string): Promise<void> {
  await waitFor(`a whole ring of ${wanted}`, 60_000, async () => {
    const pids = new Set([...APPS.map((app) => ring.living(app)?.pid), ring.supervisorPid()])
    const own = ring.processes()
    const isAll = own.length === 4 && own.every((pid) => pids.has(pid))
    const isRight = versionsOf(ring).every((one) => one === wanted)
    return isAll && isRight && (await isReady(ring.living('agent')?.url ?? '')) ? true : undefined
  })
  expect(readMaintenance(ring.paths, monotonicMs())).toBeUndefined()
}

describe('an update', () => {
  it('to a good version is served through, and goes back by a person', async () => {
    const ring = await startedRing()
    sayInto(ring, 'before')
    const client = watchFrom(ring)
    const updated = await ring.ottugi('update', '--from', version(), '--hold', '2s')
    expect(updated).toMatchObject({ code: 0, out: expect.stringMatching(new RegExp(`from ${OWN} to ${NEW}`)) })
    await isWhole(ring, NEW)
    process.stderr.write(`update: ${JSON.stringify(client.report())}\n`)
    expect((await ring.ottugi('--version')).out.trim()).toBe(NEW)
    expect((await ring.incidents()).map(({ id, fault }) => [id, fault])).toEqual([])
    sayInto(ring, 'since')
    expect(await ring.ottugi('update', '--back')).toMatchObject({ code: 0 })
    await isWhole(ring, OWN)
    expect(saidIn(ring)).toEqual(['before', 'since'])
    expect((await ring.ottugi('--version')).out.trim()).toBe(OWN)
  })

  it('follows on an update: the version before it is the one to go back to, older ones go', async () => {
    const ring = await startedRing()
    for (const next of ['98.0.0', '98.1.0', '98.2.0'])
      expect(await ring.ottugi('update', '--from', version([], next), '--hold', '1s')).toMatchObject({ code: 0 })
    await isWhole(ring, '98.2.0')
    expect(readdirSync(join(ring.paths.home, 'releases')).map((name) => name.split('-')[0])).toEqual([
      '98.1.0',
      '98.2.0',
      'current',
    ])
    expect(await ring.ottugi('update', '--back')).toMatchObject({ code: 0 })
    await isWhole(ring, '98.1.0')
  })

  it('that changes the databases goes forward, and back to what they were', async () => {
    const ring = await startedRing()
    const form = formOf(ring)
    sayInto(ring, 'before')
    expect(await ring.ottugi('update', '--from', version([NEW_FORM]), '--hold', '1s')).toMatchObject({ code: 0 })
    await isWhole(ring, NEW)
    expect([formOf(ring), saidIn(ring)]).toEqual([form + 1, ['before']])
    sayInto(ring, 'since')
    const back = await ring.ottugi('update', '--back')
    expect(back).toMatchObject({ code: 0, err: expect.stringMatching(/aside with the newer database/) })
    await isWhole(ring, OWN)
    expect([formOf(ring), saidIn(ring)]).toEqual([form, ['before']])
    expect(await ring.incidents()).toEqual([])
  })

  it('of a home where nothing runs is the next start', async () => {
    const ring = await createRing()
    atEnd(() => ring.destroy())
    expect(await ring.ottugi('update', '--from', version())).toMatchObject({
      code: 0,
      out: expect.stringMatching(/next start/),
    })
    await ring.start()
    await isWhole(ring, NEW)
  })

  it('is only tried with --dry-run', async () => {
    const ring = await startedRing()
    const tried = await ring.ottugi('update', '--from', version([NEW_FORM]), '--dry-run', '--json')
    expect(JSON.parse(tried.out)).toEqual({ dryRun: true, version: NEW, changesForm: true })
    expect(readdirSync(join(ring.paths.home, 'releases'))).toEqual([])
    await isWhole(ring, OWN)
  })
})

describe('a bad version', () => {
  it.each([
    ['does not load', BROKEN_COMMAND, /does not even start/],
    ['cannot migrate', BROKEN_FORM, /cannot take over the databases/],
    ['ends at its start', ENDS_AT_START, /does not hold out .*this version is broken/s],
    ['ends when it is ready', ENDS_WHEN_READY, /does not hold out .*ended with 1/s],
    ['hangs when it is ready', HANGS_WHEN_READY, /does not hold out .*stopped answering/s],
  ] as const)('that %s is refused before anything changes', async (_, change, words) => {
    const ring = await startedRing()
    const before = APPS.map((app) => ring.living(app)?.pid)
    expect(await ring.ottugi('update', '--from', version([change]))).toMatchObject({
      code: 1,
      err: expect.stringMatching(words),
    })
    expect(APPS.map((app) => ring.living(app)?.pid)).toEqual(before)
    expect(readdirSync(join(ring.paths.home, 'releases'))).toEqual([])
    expect([existsSync(join(ring.paths.data, 'trial')), trialsOf(ring)]).toEqual([false, []])
  })

  it.each([
    ['ends at its start', [ENDS_AT_START_IN_PLACE]],
    ['ends when it is ready', [ENDS_IN_PLACE]],
    ['hangs when it is ready', [HANGS_IN_PLACE]],
    ['ends when it is ready, and has changed the databases', [ENDS_IN_PLACE, NEW_FORM]],
  ] as const)('that %s in its place only is taken back by itself', async (name, changes) => {
    const ring = await startedRing()
    sayInto(ring, 'before')
    const form = formOf(ring)
    const client = watchFrom(ring)
    const updated = await ring.ottugi('update', '--from', version(changes), '--hold', '20s')
    expect(updated).toMatchObject({ code: 1, err: expect.stringMatching(new RegExp(`${NEW} was taken back`)) })
    await isWhole(ring, OWN)
    process.stderr.write(`failed update (${name}): ${JSON.stringify(client.report())}\n`)
    expect([formOf(ring), saidIn(ring)]).toEqual([form, ['before']])
    expect(readUpdate(ring.paths)?.state).toBe('undone')
    const says = saysOfAgents(ring, `back to ${OWN}`)
    expect(says).not.toContain('none')
    expect(says).not.toContain('refused')
  })

  it('is no folder of ours, or of somebody else', async () => {
    const ring = await createRing()
    atEnd(() => ring.destroy())
    expect((await ring.ottugi('update', '--from', '/usr/lib')).code).toBe(1)
    expect((await ring.ottugi('update', '--from', '/nowhere/at/all')).code).toBe(2)
    expect((await ring.ottugi('update', '--to', 'https://example.org/x.tgz')).code).toBe(2)
    expect((await ring.ottugi('update')).code).toBe(2)
  })

  it('is not run out of a home that somebody else may write to', async () => {
    const ring = await createRing()
    atEnd(() => ring.destroy())
    await ring.ottugi('update', '--from', version())
    const { releases, current } = { releases: join(ring.paths.home, 'releases'), current: 'current' }
    expect((await ring.ottugi('--version')).out.trim()).toBe(NEW)
    const { chmodSync, rmSync } = await import('node:fs')
    chmodSync(releases, 0o777)
    expect((await ring.ottugi('--version')).out.trim()).toBe(OWN)
    chmodSync(releases, 0o700)
    rmSync(join(releases, current))
    symlinkSync('../../somewhere', join(releases, current))
    expect((await ring.ottugi('--version')).out.trim()).toBe(OWN)
  })
})

/** Every step of an update that goes well, and of one that is taken back. */
const STEPS = [
  'staging',
  'staged',
  'trying',
  'proved',
  'copied',
  'recorded',
  'linked',
  'handed over',
  'holding',
  'done',
] as const

describe('everything killed', () => {
  it.each(STEPS)('at "%s": the next start has one whole version, and nothing is lost', async (step) => {
    const ring = await startedRing()
    sayInto(ring, 'before')
    const form = formOf(ring)
    const order = { home: ring.paths.home, step, options: { from: version([NEW_FORM]), hold: '1s' } }
    const env = { PATH: process.env['PATH'] ?? '', HOME: ring.paths.home, LANG: 'C.UTF-8' }
    const child = spawn(process.execPath, [join(import.meta.dirname, 'updateUntilKilled.ts'), JSON.stringify(order)], {
      env,
      stdio: 'ignore',
    })
    expect((await once(child, 'exit'))[1]).toBe('SIGKILL')
    // The power cut: whatever carries this home, all at once.
    await waitFor('nobody to be left', 20_000, () => {
      const left = ring.processes()
      for (const pid of left) end(pid)
      return left.length === 0 ? true : undefined
    })
    await waitFor('the trial to end with it', 20_000, () => trialsOf(ring).length === 0 || undefined)
    const state = readUpdate(ring.paths)?.state
    await ring.start()
    // Once the new version was ready it stays.
    const wanted = state === 'holding' || state === 'done' ? NEW : OWN
    await waitFor(`the ring of ${wanted}`, 60_000, () =>
      versionsOf(ring).every((one) => one === wanted) ? true : undefined,
    )
    expect(saidIn(ring)).toEqual(['before'])
    expect(formOf(ring)).toBe(wanted === NEW ? form + 1 : form)
    expect((await ring.ottugi('--version')).out.trim()).toBe(wanted)
    expect(existsSync(join(ring.paths.home, 'releases'))).toBe(true)
  })
})

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // Gone by itself.
  }
}
