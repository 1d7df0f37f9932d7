import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findInstalled, listInstalled } from '../../src/service/installed.ts'
import type { CallResult } from '../../src/service/programs.ts'
import { perform } from '../../src/service/steps.ts'
import type { SystemdHost } from '../../src/service/systemdHost.ts'
import { installSteps, uninstallSteps } from '../../src/service/systemdSteps.ts'
import { type UnitSpec, unitFiles } from '../../src/service/systemdUnit.ts'
import { planUnits } from '../../src/service/unitPlan.ts'
import { textOf } from '../../src/shared/messages/text.ts'

let folder: string
let units: string
let calls: string[]
let umask: number
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ottugi-steps-'))
  units = join(folder, 'config', 'systemd', 'user')
  calls = []
  // As our command line has it: what is not said to be for everybody is for us alone.
  umask = process.umask(0o077)
})
afterEach(() => {
  process.umask(umask)
  rmSync(folder, { recursive: true, force: true })
})

const DONE: CallResult = { code: 0, out: '', err: '' }
const HOST: SystemdHost = {
  hasSystemd: true,
  uid: 1000,
  user: 'mina',
  runtimeDir: '/run/user/1000',
  hasSession: true,
  lingers: false,
  networkDisk: undefined,
}

/** A machine that does what it is told, but for programs with this word. */
function calling(failing?: string) {
  return async (program: string, words: readonly string[]): Promise<CallResult> => {
    calls.push([program, ...words].join(' '))
    return failing && words.includes(failing) ? { ...DONE, code: 1, err: 'access denied' } : DONE
  }
}

function spec(): UnitSpec {
  const home = join(folder, 'home')
  return {
    ...{ scope: 'user', name: 'ottugi', home, root: '/opt/ottugi', rescue: join(home, 'data', 'rescue') },
    ...{ path: '/usr/bin', tools: true, isProgramOurs: true },
  }
}

async function install(options: { lingers?: boolean; failing?: string; tools?: boolean; start?: boolean } = {}) {
  const { lingers = false, failing, tools = true, start = true } = options
  const own = { ...spec(), tools }
  const read = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined)
  const plan = planUnits(unitFiles(own), { folder: units, home: own.home, force: false }, read)
  if (!plan.ok) throw new Error(plan.conflict.why)
  const prepare = async () => {
    calls.push('prepare')
    return undefined
  }
  const host = { ...HOST, lingers }
  const steps = installSteps({
    ...{ spec: own, changes: plan.changes, host, call: calling(failing), isHomeThere: true, prepare, start },
  })
  const said: string[] = []
  const problem = await perform(steps, (words, isTrouble) => isTrouble && said.push(textOf('en', words)))
  return { problem: problem && textOf('en', problem), said, calls: calls.splice(0) }
}

describe('install of a user service', () => {
  it('fills the home, writes, enables, lingers, starts; and the second time only looks', async () => {
    expect(await install()).toEqual({
      problem: undefined,
      said: [],
      calls: [
        'prepare',
        'systemctl --user daemon-reload',
        'systemctl --user enable ottugi.service',
        'loginctl enable-linger mina',
        'systemctl --user start --no-block ottugi.service',
      ],
    })
    const modes = [units, join(units, 'ottugi.service')].map((path) => statSync(path).mode & 0o777)
    expect(modes).toEqual([0o755, 0o644])
    expect((await install({ lingers: true })).calls).toEqual([
      'prepare',
      'systemctl --user enable ottugi.service',
      'systemctl --user start --no-block ottugi.service',
    ])
  })

  it('restarts what runs by older lines, and starts nothing that nobody wants started', async () => {
    await install({ lingers: true })
    writeFileSync(join(units, 'ottugi.service'), unitFiles({ ...spec(), path: '/bin' })[0]?.text ?? '')
    expect((await install({ lingers: true })).calls.at(-1)).toBe('systemctl --user restart --no-block ottugi.service')
    expect((await install({ lingers: true, start: false })).calls).toEqual([
      'prepare',
      'systemctl --user enable ottugi.service',
    ])
  })

  it('goes on without lingering and says what is left to do; without anything else it ends', async () => {
    const { problem, said, calls: made } = await install({ failing: 'enable-linger' })
    expect([problem, made.at(-1)]).toEqual([undefined, 'systemctl --user start --no-block ottugi.service'])
    expect(said.join()).toContain('sudo loginctl enable-linger mina')
    const failed = await install({ failing: 'enable', lingers: true })
    expect(failed.problem).toContain('access denied')
    expect(failed.calls.at(-1)).toBe('systemctl --user enable ottugi.service')
  })
})

describe('what is installed', () => {
  it('is found by the home that it serves, with an edit by hand, and nothing else', async () => {
    await install()
    writeFileSync(join(units, 'other.service'), '[Service]\nExecStart=/bin/true\n')
    const environment = { HOME: folder, XDG_CONFIG_HOME: join(folder, 'config') }
    const ours = () => listInstalled(environment).filter(({ scope }) => scope === 'user')
    const { home } = spec()
    const path = join(units, 'ottugi.service')
    expect(ours()).toEqual([{ scope: 'user', name: 'ottugi', path, home, isEdited: false }])
    writeFileSync(path, `${readFileSync(path, 'utf8')}Nice=5\n`)
    expect(findInstalled(home, environment)?.isEdited).toBe(true)
    expect(findInstalled(join(folder, 'elsewhere'), environment)).toBeUndefined()
  })
})

describe('uninstall', () => {
  it('takes away what install made, last what it had switched on', async () => {
    await install()
    const paths = ['ottugi.service', 'ottugi-alert.service'].map((name) => join(units, name))
    const undo = async () => {
      calls.push('undo')
      return undefined
    }
    const steps = uninstallSteps({
      ...{ scope: 'user', name: 'ottugi', paths, rescue: spec().rescue, call: calling(), undo },
      lingerOf: userInfo().username,
    })
    expect(await perform(steps, () => {})).toBeUndefined()
    expect(paths.filter((path) => existsSync(path))).toEqual([])
    expect(calls).toEqual([
      'systemctl --user disable --now ottugi.service',
      'systemctl --user daemon-reload',
      'undo',
      `loginctl disable-linger ${userInfo().username}`,
    ])
  })
})
