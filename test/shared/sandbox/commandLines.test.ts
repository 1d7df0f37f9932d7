import { describe, expect, it } from 'vitest'
import { bubblewrapCommand } from '../../../src/shared/sandbox/bubblewrap.ts'
import { namedFolders } from '../../../src/shared/sandbox/machine.ts'
import type { SandboxPlan } from '../../../src/shared/sandbox/plan.ts'
import { judgeSighting } from '../../../src/shared/sandbox/probe.ts'
import { seatbeltProfile } from '../../../src/shared/sandbox/seatbelt.ts'
import { strictCommand } from '../../../src/shared/sandbox/strict.ts'

const plan: SandboxPlan = {
  workspace: '/home/o/.ottugi/workspace',
  mounts: [
    { kind: 'ro', path: '/usr' },
    { kind: 'link', path: '/bin', to: 'usr/bin' },
    { kind: 'rw', path: '/srv/"notes"' },
    { kind: 'ro', path: '/opt/ottugi/src' },
  ],
  command: ['/opt/node', 'child.ts'],
  limits: { processes: 10, fileMb: 1, tmpMb: 2, openFiles: 64, cpuSec: 5 },
}
const LIMITED = [
  '/usr/bin/prlimit',
  '--nproc=10',
  '--fsize=1048576',
  '--nofile=64',
  '--cpu=5',
  '--core=0',
  '--',
  '/opt/node',
  'child.ts',
]

describe('bubblewrap', () => {
  it('is told everything by an ordinary user', () => {
    expect(bubblewrapCommand(plan)).toEqual({
      program: '/usr/bin/bwrap',
      args: [
        ...[
          '--info-fd',
          '5',
          '--unshare-user',
          '--unshare-ipc',
          '--unshare-pid',
          '--unshare-net',
          '--unshare-uts',
          '--disable-userns',
          '--die-with-parent',
          '--new-session',
        ],
        ...['--cap-drop', 'ALL', '--hostname', 'sandbox', '--proc', '/proc', '--dev', '/dev'],
        ...['--perms', '1777', '--size', '2097152', '--tmpfs', '/tmp'],
        ...['--ro-bind', '/usr', '/usr', '--symlink', 'usr/bin', '/bin', '--bind', '/srv/"notes"', '/srv/"notes"'],
        ...['--ro-bind', '/opt/ottugi/src', '/opt/ottugi/src', '--bind', plan.workspace, plan.workspace],
        ...[
          '--ro-bind-data',
          '4',
          '/etc/passwd',
          '--remount-ro',
          '/dev',
          '--remount-ro',
          '/',
          '--chdir',
          plan.workspace,
          '--',
        ],
        ...LIMITED,
      ],
    })
  })

  it('is started by root only to step down before anything runs', () => {
    const { args } = bubblewrapCommand({ ...plan, user: { name: 'nobody', uid: 65_534, gid: 65_533 } })
    const step = args.indexOf('/usr/bin/setpriv')
    expect(args.slice(step, step + 10)).toEqual([
      ...[
        '/usr/bin/setpriv',
        '--reuid=65534',
        '--regid=65533',
        '--clear-groups',
        '--inh-caps=-all',
        '--ambient-caps=-all',
      ],
      ...['--bounding-set=-all', '--no-new-privs', '--', '/usr/bin/bwrap'],
    ])
    expect(args.slice(step + 10)).toEqual(bubblewrapCommand(plan).args.slice(2))
    expect(args.slice(0, step)).not.toContain('/opt/node')
  })
})

describe('strict mode', () => {
  it('lets Node read and write what the plan names, and nothing of the system', () => {
    const permissions = [
      ...[
        '--permission',
        '--allow-fs-read=/srv/"notes"',
        '--allow-fs-read=/opt/ottugi/src',
        `--allow-fs-read=${plan.workspace}`,
      ],
      ...['--allow-fs-write=/srv/"notes"', `--allow-fs-write=${plan.workspace}`],
    ]
    expect(strictCommand(plan, 'darwin')).toEqual({ program: '/opt/node', args: [...permissions, 'child.ts'] })
    expect(strictCommand(plan, 'linux')).toEqual({
      program: '/usr/bin/prlimit',
      args: [...LIMITED.slice(1, -2), '/opt/node', ...permissions, 'child.ts'],
    })
  })
})

describe('the profile for macOS', () => {
  it('forbids everything but what it names', () => {
    expect(seatbeltProfile(plan)).toBe(`(version 1)
(deny default)
(allow process-fork process-exec)
(allow signal (target same-sandbox))
(allow sysctl-read)
(allow file-read-metadata)
(allow file-read* (subpath "/usr") (subpath "/bin") (subpath "/sbin") (subpath "/System") (subpath "/Library/Frameworks") (subpath "/private/etc/ssl") (subpath "/opt/homebrew") (subpath "/usr") (subpath "/srv/\\"notes\\"") (subpath "/opt/ottugi/src") (subpath "/home/o/.ottugi/workspace"))
(allow file-read* file-write* (literal "/dev/null") (literal "/dev/zero") (literal "/dev/random") (literal "/dev/urandom"))
(allow file-write* (subpath "/home/o/.ottugi/workspace") (subpath "/srv/\\"notes\\""))
(deny network*)`)
  })
})

describe('the probe', () => {
  const good = {
    uid: 1_000,
    wrote: 'x',
    seen: [],
    capabilities: ['0000000000000000'],
    interfaces: ['lo'],
    processes: 2,
  }

  it.each([
    [good, 1_000, undefined],
    [good, 0, 'tools would run as root'],
    [{ ...good, uid: 0 }, 1_000, 'tools would run as root'],
    [{ ...good, seen: ['/h/.env'] }, 1_000, 'tools would see /h/.env'],
    [{ ...good, capabilities: ['0', '0000000000000001'] }, 1_000, 'tools would keep capabilities'],
    [{ ...good, interfaces: ['lo', 'eth0'] }, 1_000, 'tools would have a network'],
    [{ ...good, processes: 3 }, 1_000, 'tools would see processes of the machine'],
  ])('believes what it saw: %j, owner %s', (sighting, owner, verdict) => {
    expect(judgeSighting('bubblewrap', sighting, owner)).toBe(verdict)
  })
})

describe('named folders', () => {
  it('never show the home, what holds it, or the kernel', () => {
    expect(
      namedFolders(['/usr/share', '/usr/lib:rw', '/', '/usr/bin/..', '/proc/self', '/nowhere'], '/usr/bin'),
    ).toEqual([
      { ok: true, mount: { kind: 'ro', path: '/usr/share' } },
      { ok: true, mount: { kind: 'rw', path: '/usr/lib' } },
      { ok: false, reason: '/ holds the home of Ottugi, or lies in it' },
      { ok: false, reason: '/usr/bin/.. holds the home of Ottugi, or lies in it' },
      { ok: false, reason: expect.stringMatching(/^\/proc\/self is never shown/) },
      { ok: false, reason: '/nowhere does not exist' },
    ])
  })
})
