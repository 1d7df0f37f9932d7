/** What only a person's doctor looks at: each fault is made for real, found, and told with why it matters. */
import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { whyOf } from '../../src/cli/doctor/told.ts'
import type { Check, Finding, GuardianContext } from '../../src/guardian/check.ts'
import { backupAge } from '../../src/guardian/checks/backupAge.ts'
import { clockSync } from '../../src/guardian/checks/clockSync.ts'
import { exposure } from '../../src/guardian/checks/exposure.ts'
import { gates, isWide } from '../../src/guardian/checks/gates.ts'
import { nodePath, versionedBy } from '../../src/guardian/checks/nodePath.ts'
import { plainSecrets } from '../../src/guardian/checks/plainSecrets.ts'
import { processOwners } from '../../src/guardian/checks/processOwners.ts'
import { isWeak, tokens } from '../../src/guardian/checks/tokens.ts'
import { DOCTOR_CHECKS } from '../../src/guardian/doctorChecks.ts'
import { createContext } from '../../src/guardian/examine.ts'
import { appendBoot } from '../../src/shared/bootledger.ts'
import { checkSettingsText } from '../../src/shared/config/load.ts'
import type { Settings } from '../../src/shared/config/schema.ts'
import { appRoot, type HomePaths } from '../../src/shared/paths.ts'
import { readStat } from '../../src/shared/procfs.ts'
import { createToken } from '../../src/shared/tokens.ts'
import { temporaryFolder, temporaryHome } from '../repair/support.ts'
import { livingProcess } from './support.ts'

const SECRET = 'hunter2-hunter2-hunter2'
const VENDOR = `sk-ant-api03-${'a1B2'.repeat(6)}`
const HOUR_SEC = 3_600

let paths: HomePaths
beforeEach(() => {
  paths = temporaryHome()
})

function settingsOf(text: string): Settings {
  const checked = checkSettingsText(text)
  if (!checked.ok) throw new Error('these settings are not valid')
  return checked.settings
}

async function look(check: Check, settingsText = '', more: Partial<GuardianContext> = {}): Promise<readonly Finding[]> {
  const ctx = createContext({ paths, environment: { PATH: '', HOME: temporaryFolder() }, language: 'en' }, false)
  return check.look({ ...ctx, settings: settingsOf(settingsText), ...more })
}

const faultsOf = (findings: readonly Finding[]) => findings.map(({ severity, fault }) => `${severity} ${fault}`)

it('all of them find nothing in a sound home', async () => {
  for (const check of DOCTOR_CHECKS.filter(({ id }) => id !== 'clockSync'))
    expect([check.id, await look(check)]).toEqual([check.id, []])
})

it('every fault that a check names has a reason, in both languages', () => {
  const folder = join(appRoot, 'src', 'guardian', 'checks')
  const files = [
    ...readdirSync(folder).map((name) => join(folder, name)),
    ...['serviceUnits.ts', 'provider.ts'].map((name) => join(appRoot, 'src', 'cli', 'doctor', name)),
  ]
  const GOOD = ['sandbox-holds', 'provider-answers']
  const faults = files.flatMap((file) => {
    const source = readFileSync(file, 'utf8')
    return [...source.matchAll(/(?:fault(?: =|:)|finding\((?:\w+, )*)[^\n]*/g)].flatMap(([line]) =>
      [...line.matchAll(/'([a-z]+(?:-[a-z]+)+)'/g)].map(([, fault]) => fault ?? ''),
    )
  })
  const known = [...new Set(faults)].filter((fault) => !GOOD.includes(fault))
  expect(known.length).toBeGreaterThan(30)
  expect(known.filter((fault) => whyOf(fault, 'en') === '' || whyOf(fault, 'ko') === '')).toEqual([])
})

describe('processes', () => {
  it('of another user are named', async () => {
    const agent = await livingProcess()
    appendBoot(paths.boots, 'agent', { kind: 'start' }, agent)
    const own = process.getuid?.() ?? 0
    expect(await look(processOwners, '', { uid: own })).toEqual([])
    const [found] = await look(processOwners, '', { uid: own + 1 })
    expect(found).toMatchObject({ severity: 'fail', fault: 'process-of-other-user' })
    expect(found?.what).toContain(String(agent.pid))
  })

  it('of two supervisors are told, and those of one are not', async () => {
    const [agent, watchdog] = [await livingProcess(), await livingProcess()]
    appendBoot(paths.boots, 'agent', { kind: 'start' }, agent)
    appendBoot(paths.boots, 'watchdog', { kind: 'start' }, watchdog)
    expect(await look(processOwners)).toEqual([])
    // Another parent, whose child ends with it.
    const other = await livingProcess(
      "require('node:child_process').spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'] }).on('spawn', () => console.log('ready'))",
    )
    const pid = Number(readFileSync(`/proc/${other.pid}/task/${other.pid}/children`, 'utf8').trim())
    const dashboard = { pid, startTicks: readStat(pid)?.startTicks ?? 0, nonce: 'child' }
    appendBoot(paths.boots, 'dashboard', { kind: 'start' }, dashboard)
    const [found] = await look(processOwners)
    expect(found).toMatchObject({ severity: 'warn', fault: 'two-supervisors' })
    expect(found?.what).toContain(`${process.pid}, ${other.pid}`)
  })
})

describe('where Node lies', () => {
  it.each([
    ['/home/o/.nvm/versions/node/v22.1.0/lib/node_modules/ottugi/', 'nvm'],
    ['/opt/homebrew/Cellar/node/26.1.0/bin/node/', 'Homebrew'],
    ['/home/o/.npm/_npx/0a1b2c/node_modules/ottugi/', 'npx'],
    ['/home/o/.volta/tools/image/node/26/bin/node/', 'Volta'],
    ['/usr/lib/node_modules/ottugi/', undefined],
    ['/opt/homebrew/lib/node_modules/ottugi/', undefined],
  ])('%s: %s', (path, manager) => {
    expect(versionedBy(path)).toBe(manager)
  })

  it('is followed through links', async () => {
    const real = join(temporaryFolder(), '.nvm', 'versions', 'node', 'v22', 'ottugi')
    mkdirSync(real, { recursive: true })
    const link = join(temporaryFolder(), 'ottugi')
    symlinkSync(real, link)
    expect(faultsOf(await look(nodePath, '', { appRoot: link }))).toEqual(['warn node-path-versioned'])
  })
})

describe('tokens', () => {
  const write = (...lines: string[]) => writeFileSync(paths.env, `${lines.join('\n')}\n`, { mode: 0o600 })

  it('of ours are beyond guessing', async () => {
    expect([isWeak(createToken('admin')), isWeak('a'.repeat(64)), isWeak('short')]).toEqual([false, true, true])
    write(`OTTUGI_TOKEN=${createToken('admin')}`, `OTTUGI_TOKEN_READ=${createToken('read')}`)
    expect(await look(tokens)).toEqual([])
  })

  it('that are weak or shared are bearable on this machine only', async () => {
    const token = createToken('admin')
    write(`OTTUGI_TOKEN=${token}`, `OTTUGI_TOKEN_READ=${token}`, 'OTTUGI_TOKEN_CHAT=password12345678')
    const found = await look(tokens)
    expect(faultsOf(found)).toEqual(['warn token-weak', 'warn token-shared'])
    expect(JSON.stringify(found)).not.toMatch(new RegExp(`password12345678|${token}`))
    expect(faultsOf(await look(tokens, 'dashboard:\n  host: 0.0.0.0\n'))).toEqual([
      'fail token-weak',
      'fail token-shared',
    ])
  })
})

it.each([
  ['dashboard:\n  host: 0.0.0.0\n', ['warn port-exposed']],
  ['agent:\n  host: 192.168.1.5\n', ['warn port-exposed']],
  ['dashboard:\n  host: 100.101.102.103\n', []],
  ['dashboard:\n  publicUrl: http://o.example.org\n', ['warn plain-http']],
  ['dashboard:\n  publicUrl: https://o.example.org\n', []],
  ['dashboard:\n  publicUrl: http://localhost:8080\n', []],
])('exposure of %j', async (text, faults) => {
  expect(faultsOf(await look(exposure, text))).toEqual(faults)
})

describe('gates', () => {
  it('that ask nothing any more are told', async () => {
    const rules = JSON.stringify([{ tool: 'shell', match: '*', verdict: 'allow', reason: 'r' }])
    const text = `gates:\n  mode: all\n  rules: ${rules}\n  hosts: ["*.com"]\n`
    const expected = ['warn gates-all', 'warn gate-rule-wide', 'warn gate-hosts-wide']
    expect(faultsOf(await look(gates, text))).toEqual(expected)
  })

  it('know a wide rule from a narrow one', () => {
    const rule = { tool: 'shell', match: '*', verdict: 'allow', reason: 'r' } as const
    expect(isWide(rule)).toBe(true)
    for (const narrow of [{ match: 'npm run *' }, { tool: 'read_file' }, { verdict: 'deny' as const }]) {
      expect(isWide({ ...rule, ...narrow })).toBe(false)
    }
  })

  it('tell of a list of permissions that is open to others', async () => {
    mkdirSync(dirname(paths.always), { recursive: true })
    writeFileSync(paths.always, '[]')
    chmodSync(paths.always, 0o666)
    expect(faultsOf(await look(gates))).toEqual(['warn always-damaged'])
  })
})

describe('secrets outside of .env', () => {
  beforeEach(() => writeFileSync(paths.env, `ANTHROPIC_API_KEY=${SECRET}\nOTTUGI_LANGUAGE=en\n`, { mode: 0o600 }))

  it('are found in the settings, and never told', async () => {
    writeFileSync(paths.settings, `# a\nagent:\n  systemPrompt: use ${SECRET}\n# ${VENDOR}\n`)
    const found = await look(plainSecrets)
    expect(faultsOf(found)).toEqual(['fail secret-in-settings', 'fail secret-in-settings'])
    expect(found.map(({ what }) => what)).toEqual([
      `Line 3 of ${paths.settings} holds a secret (ANTHROPIC_API_KEY).`,
      `Line 4 of ${paths.settings} holds a secret (anthropic).`,
    ])
    expect(JSON.stringify(found)).not.toMatch(new RegExp(`${SECRET}|${VENDOR}`))
  })

  it('are found in histories of shells, in plain files of ours only', async () => {
    const home = temporaryFolder()
    writeFileSync(join(home, '.bash_history'), `ls\nexport ANTHROPIC_API_KEY=${SECRET}\n`)
    const elsewhere = join(temporaryFolder(), 'history')
    writeFileSync(elsewhere, VENDOR)
    symlinkSync(elsewhere, join(home, '.zsh_history'))
    const environment = { PATH: '', HOME: home }
    const found = await look(plainSecrets, '', { environment })
    expect(found.map(({ what }) => what)).toEqual([
      `Line 2 of ${join(home, '.bash_history')} holds a secret (ANTHROPIC_API_KEY).`,
    ])
    expect(await look(plainSecrets, '', { environment, uid: 4_000_000 })).toEqual([])
  })
})

describe('backups', () => {
  const age = (path: string, hours: number) => {
    writeFileSync(path, 'x')
    const at = 1_700_000_000 - hours * HOUR_SEC
    utimesSync(path, at, at)
  }

  it('that are far behind the database are told, and those of a database at rest are not', async () => {
    age(paths.agentDb, 0)
    age(join(paths.backups, 'agent-2026-01-01T00-00-00-000Z.db'), 2)
    expect(await look(backupAge)).toEqual([])
    age(join(paths.backups, 'agent-2026-01-01T00-00-00-000Z.db'), 30)
    const [stale] = await look(backupAge)
    expect(stale).toMatchObject({ fault: 'backup-stale', what: expect.stringContaining('30 h behind') })
    age(paths.agentDb, 30)
    expect(await look(backupAge)).toEqual([])
  })
})

it('the clock is asked about only where there is somebody to ask', async () => {
  expect(await look(clockSync)).toEqual([])
  const folder = temporaryFolder()
  const environment = { PATH: folder }
  const answers = (script: string) =>
    writeFileSync(join(folder, 'timedatectl'), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  answers('[ "$*" = "show --property=NTPSynchronized --value" ] && echo no')
  expect(faultsOf(await look(clockSync, '', { environment }))).toEqual(['warn clock-unsynced'])
  answers('echo yes')
  expect(await look(clockSync, '', { environment })).toEqual([])
  // What it says where systemd does not run.
  answers('echo "System has not been booted with systemd as init system" >&2; exit 1')
  expect(await look(clockSync, '', { environment })).toEqual([])
})
