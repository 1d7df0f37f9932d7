/** The service under a real systemd. Each test is a machine of its own, or several with the same home: a reboot. */
import { execFileSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { appRoot, appVersion } from '../../src/shared/paths.ts'
import { type BoxOptions, inBox, missingForBoxes, PROGRAM } from './box.ts'
import { copyProgram, type LastingMachine, makeMachine } from './machine.ts'

const missing = missingForBoxes()
/** The promises, for `systemd-analyze security`. */
const SCORE = { withTools: 2.5, withoutTools: 1.6 }

const READ_ONLY = 'Read-only file system'
const NO_RIGHT = 'Operation not permitted'
/** What every system unit keeps from being written to, although its files would let it. */
const CLOSED = { usr: READ_ONLY, etc: READ_ONLY, state: READ_ONLY, home: 'Permission denied', own: 'done' }
/** The same questions outside of the unit. */
const OPEN = Object.fromEntries([...Object.keys(CLOSED), 'user', 'cgroup', 'time'].map((name) => [name, 'done']))

const machines: LastingMachine[] = []
afterEach(() => {
  for (const machine of machines.splice(0)) machine.remove()
})

function newMachine(): LastingMachine {
  const machine = makeMachine()
  machines.push(machine)
  return machine
}

// biome-ignore lint/suspicious/noExplicitAny: what a scenario saw is compared field by field below
async function seen(name: string, words: readonly string[] = [], options: BoxOptions = {}): Promise<any> {
  const { code, out, journal } = await inBox(name, words, options)
  if (code !== 0) throw new Error(`${name} ended with ${code}: ${out}\n--- journal\n${journal}`)
  return JSON.parse(out.trimEnd().split('\n').at(-1) ?? '')
}

function scoreIn(words: string): number {
  return Number(/Exposure[^:]*: ([\d.]+)/.exec(words)?.[1])
}

describe.skipIf(missing)(`under a real systemd${missing ? ` (not run: ${missing})` : ''}`, () => {
  beforeAll(() => {
    execFileSync(process.execPath, [join(appRoot, 'scripts', 'buildRescue.ts')], { cwd: appRoot })
  })

  it('refuses in words, and touches nothing', async () => {
    const { refused, isUntouched } = await seen('refusals')
    const said = Object.fromEntries(
      Object.entries<{ code: number; err: string }>(refused).map(([name, { code, err }]) => [name, [code, err]]),
    )
    expect(said).toEqual({
      asRootForAUser: [2, expect.stringContaining('service install --system')],
      asAUserForTheSystem: [2, expect.stringContaining('sudo ')],
      withoutASession: [69, expect.stringContaining('sudo loginctl enable-linger mina')],
      withoutSystemd: [69, expect.stringContaining('run-forever')],
      homeOfAnother: [78, expect.stringContaining('/var/lib/foreign belongs to user 0')],
      asRoot: [2, expect.stringContaining('never root')],
      badName: [2, expect.stringContaining('cannot be a service')],
    })
    expect(isUntouched).toBe(true)
  })

  it('leaves alone what a person changed, until it is told to', async () => {
    const was = await seen('edits')
    expect(was.withoutBus).toMatchObject({ code: 0, err: expect.stringContaining('sudo loginctl enable-linger mina') })
    expect(was.again).toMatchObject({ code: 0, out: expect.stringContaining('as it should be') })
    expect(was.again.out).not.toContain('daemon-reload')
    expect(was.second).toMatchObject({ code: 78, err: expect.stringContaining('has a service already') })
    expect(was.ofOther).toMatchObject({ code: 78, err: expect.stringContaining('serves another home') })
    expect(was.notOurs).toMatchObject({ code: 78, err: expect.stringContaining('-ExecStart=/bin/true') })
    expect(was.edited.install).toMatchObject({ code: 78, err: expect.stringContaining('-Nice=5') })
    expect(was.edited.uninstall.code).toBe(78)
    expect(was.dry).toMatchObject({ code: 0, out: expect.stringContaining('Nothing was changed') })
    expect([was.isKept, was.forced.code, was.isRenewed]).toEqual([true, 0, true])
    // A home that has moved: skipped, not failed.
    expect(was.condition.toSorted()).toEqual(['ActiveState=inactive', 'ConditionResult=no'])
    expect(was.status).toMatchObject({ code: 69, err: expect.stringContaining('is not there any more') })
    expect([was.start.code, was.movedInstall.code, was.movedForced.code, was.uninstall.code]).toEqual([0, 78, 0, 0])
    expect(was.left).toEqual(['mine.service'])
  })

  it('a user service outlives the logout of a user who lingers, ends with one who does not, and obeys stop and start', async () => {
    const was = await seen('user')
    expect(was).toMatchObject({
      isUntouched: true,
      isStarted: 0,
      withLinger: true,
      inUnit: true,
      withoutLinger: 'paused',
      stopped: 'inactive',
      backInUnit: true,
      left: '',
      rescueLeft: false,
      wish: 'stopped',
    })
    // Nothing is started outside of the unit, however much of the ring is dead.
    expect(was.revived).toEqual({ restart: 0, start: 0, startOfAll: 0, outside: [] })
    const codes = [was.dry, was.install, was.again, was.stop, was.start, was.uninstall].map(({ code }) => code)
    expect(codes).toEqual([0, 0, 0, 0, 0, 0])
    expect(was.dry.out).toContain('ExecStart=')
    expect(was.again.out).toContain('as it should be')
  })

  it('a system service is closed as far as a sandbox bears, holds a tool in a whole one, is fed, and leaves nothing', async () => {
    const was = await seen('system')
    expect(scoreIn(was.install.out)).toBeGreaterThan(0)
    expect(scoreIn(was.install.out)).toBeLessThanOrEqual(SCORE.withTools)
    expect(was.sandbox).toEqual({ mode: 'bubblewrap' })
    expect(was.tool).toMatchObject({ ok: true, answer: { finish: 'answered' } })
    expect(was.tool.answer.text).toMatch(/host=sandbox uid=[1-9]\d* alive=1?\d\b/)
    expect(was.tool.answer.text).toContain('wrote')
    expect(was.tool.answer.text).toMatch(/confined: (Operation not permitted|No space left on device)/)
    // A sandbox may be made in it, with the kinds of namespaces that one needs.
    const inside = { ...CLOSED, user: 'done', cgroup: NO_RIGHT, time: NO_RIGHT }
    expect(was.probed).toEqual({ inside, outside: OPEN })
    expect({ own: was.own, state: was.state }).toEqual({ own: 'ottugi', state: 'healthy' })
    expect(Number(/WatchdogTimestampMonotonic=(\d+)/.exec(was.fed)?.[1])).toBeGreaterThan(0)
    expect({ left: was.left, wish: was.wish }).toEqual({ left: [], wish: 'paused' })
    // What OnFailure= starts, and a good start after it.
    expect(was.alert).toContain('service logs')
    expect(was.isAlertOver).toBe(true)
    // Its own user may not ask systemd for anything, and gets what is asked for nevertheless.
    expect(was.revived).toEqual({ restart: 0, start: 0, startOfAll: 0, outside: [] })
  })

  it('without tools it is closed further, and its uninstall leaves the home alone', async () => {
    const was = await seen('withoutTools')
    expect(scoreIn(was.install.out)).toBeLessThanOrEqual(SCORE.withoutTools)
    expect(was.sandbox.mode).toBe('strict')
    const inside = { ...CLOSED, user: NO_RIGHT, cgroup: NO_RIGHT, time: NO_RIGHT }
    expect(was.probed).toEqual({ inside, outside: OPEN })
    expect(was.state).toBe('healthy')
    expect(JSON.parse(was.status.out)).toMatchObject({ scope: 'system', atBoot: true, edited: false, restarts: 0 })
    expect({ code: was.uninstall.code, left: was.left, homeLeft: was.homeLeft }).toEqual({
      code: 0,
      left: '',
      homeLeft: true,
    })
  })

  it('comes back when three or all are killed, when the watchdog hangs, and when all hang', async () => {
    const was = await seen('kills')
    const times = [was.threeKilledMs, was.watchdogHungMs, was.allKilledMs, was.hungMs]
    expect(times.every((ms) => ms > 0)).toBe(true)
    // The three, and the watchdog, were brought back from inside; systemd itself had to act for the other two.
    expect([was.restartsBefore, was.restartsOfTheRing, was.restarts]).toEqual([0, 0, 2])
    expect(was.processes).toEqual([])
  })

  it('comes back after kills at random, and loses no message', async () => {
    const was = await seen('randomKills', ['0.1', '6'])
    expect(was).toMatchObject({ kills: 6, back: 6, strangers: [], lost: 0 })
    expect(was.accepted).toBeGreaterThan(0)
  })

  it('an update is served through, one that is bad takes itself back, and all of it stays in the unit', async () => {
    const was = await seen('updates')
    const inUnit = { outside: [] }
    expect(was.good).toMatchObject({ code: 0, versions: ['99.0.0'], next: '/releases/99.0.0', ...inUnit })
    // systemd's own start takes the version in force.
    expect(was.restarted).toMatchObject({ versions: ['99.0.0'], next: '/releases/99.0.0', ...inUnit })
    expect(was.back).toMatchObject({ code: 0, versions: [appVersion()], next: PROGRAM, ...inUnit })
    expect(was.bad).toMatchObject({ code: 1, err: expect.stringContaining('99.1.0 was taken back') })
    expect(was.bad).toMatchObject({ versions: [appVersion()], next: PROGRAM, ...inUnit })
    for (const { err } of [was.good, was.bad, was.back]) expect(err).not.toMatch(/not ready yet|could not be renewed/)
    expect(was).toMatchObject({ state: 'undone', wish: 'running', strangers: [] })
  })

  it('comes back after a reboot, also when the packages are gone meanwhile', async () => {
    const machine = newMachine()
    const { place, home, keep } = machine
    const program = copyProgram(machine)
    const before = await seen('beforeReboot', [program, home, keep], { shared: [place] })
    expect(before).toMatchObject({ left: [], wish: 'paused' })
    const after = await seen('afterReboot', [program, home], { shared: [place], kept: keep })
    expect(after).toMatchObject({ isCalm: true, wish: 'running' })
    expect(after.nonce).not.toBe(before.nonce)
    rmSync(join(program, 'node_modules'), { recursive: true })
    const healed = await seen('afterReboot', [program, home, 'registry'], { shared: [place], kept: keep })
    expect(healed).toMatchObject({ isCalm: true, wish: 'running' })
    expect(healed.journal).toContain('installed the packages of the lockfile anew')
    expect(existsSync(join(program, 'node_modules', 'better-sqlite3', 'package.json'))).toBe(true)
  })

  it('a user service that lingers comes back after a power cut, before anybody signs in', async () => {
    const { place, home, keep } = newMachine()
    const before = await seen('beforePowerCut', [home, keep], { shared: [place] })
    expect(before).toMatchObject({ install: { code: 0 }, wish: 'running' })
    const after = await seen('afterPowerCut', [home], { shared: [place], kept: keep })
    expect(after).toMatchObject({ isCalm: true, wish: 'running' })
    expect(after.nonce).not.toBe(before.nonce)
  })
})
