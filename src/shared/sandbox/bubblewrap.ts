/**
 * The command line of bubblewrap for a sandbox. Promises: own user, mount, pid, ipc, uts and network namespaces, no capability, no way to get
 * one (no further user namespaces, no_new_privs), nothing seen but what the plan names, nothing writable but `workspace/`, named folders and a
 * bounded /tmp; all of it ends with its first process, and that one with us.
 */
import { dirname } from 'node:path'
import { type CommandLine, FD, limited, MIB, type Mount, type SandboxPlan, type ServiceUser } from './plan.ts'

const BWRAP = '/usr/bin/bwrap'

/**
 * Turns a plan into a command line. Under root there are two rounds: root makes a view in which the folders can be reached (a home is closed
 * to others), steps down to the service user for good, and that user starts the same sandbox as everybody else.
 */
export function bubblewrapCommand(plan: SandboxPlan): CommandLine {
  const inner = innerArgs(plan)
  if (!plan.user) return { program: BWRAP, args: ['--info-fd', String(FD.info), ...inner] }
  return { program: BWRAP, args: [...outerArgs(plan), ...stepDown(plan.user), BWRAP, ...inner] }
}

/**
 * Each by its own name: `--unshare-all` passes over one that cannot be had, and asks for one of cgroups as well. That one is left out: of cgroups a
 * sandbox without a /sys shows nothing but the name of its unit, and a service that may not make such namespaces is closed further. The one of
 * mounts is always made.
 */
const NAMESPACES = ['--unshare-user', '--unshare-ipc', '--unshare-pid', '--unshare-net', '--unshare-uts']

function innerArgs(plan: SandboxPlan): string[] {
  return [
    ...[...NAMESPACES, '--disable-userns', '--die-with-parent', '--new-session'],
    ...['--cap-drop', 'ALL', '--hostname', 'sandbox'],
    ...[
      '--proc',
      '/proc',
      '--dev',
      '/dev',
      '--perms',
      '1777',
      '--size',
      String(plan.limits.tmpMb * MIB),
      '--tmpfs',
      '/tmp',
    ],
    ...mountArgs(plan),
    ...['--ro-bind-data', String(FD.passwd), '/etc/passwd'],
    // Both are file systems in memory without a limit.
    ...['--remount-ro', '/dev', '--remount-ro', '/'],
    ...['--chdir', plan.workspace, '--', ...limited(plan)],
  ]
}

/** What root must keep until it has stepped down; the rest is dropped before anything runs. */
const TO_STEP_DOWN = ['CAP_SETUID', 'CAP_SETGID', 'CAP_SETPCAP']

function outerArgs(plan: SandboxPlan): string[] {
  return [
    // The pid namespace is what ends everything: a signal of ours to its first process.
    ...['--unshare-pid', '--unshare-net', '--die-with-parent', '--info-fd', String(FD.info), '--cap-drop', 'ALL'],
    ...TO_STEP_DOWN.flatMap((capability) => ['--cap-add', capability]),
    ...openFolders(plan),
    ...mountArgs(plan),
    // Unmasked, or the kernel would not let the second round have a /proc of its own.
    ...['--dev-bind', '/dev', '/dev', '--dev-bind', '/proc', '/proc', '--'],
  ]
}

function stepDown({ uid, gid }: ServiceUser): string[] {
  const drop = ['--clear-groups', '--inh-caps=-all', '--ambient-caps=-all', '--bounding-set=-all', '--no-new-privs']
  return ['/usr/bin/setpriv', `--reuid=${uid}`, `--regid=${gid}`, ...drop, '--']
}

/** bubblewrap makes the folders above a mount for their owner only; here that is root, and another user must get through. */
function openFolders(plan: SandboxPlan): string[] {
  const above = new Set(allMounts(plan).flatMap(({ path }) => foldersAbove(path)))
  return [...above].sort().flatMap((folder) => ['--perms', '0755', '--dir', folder])
}

function foldersAbove(path: string): string[] {
  const parent = dirname(path)
  return parent === '/' ? [] : [...foldersAbove(parent), parent]
}

/** Shorter paths first: what lies inside another mount must come after it. */
function mountArgs(plan: SandboxPlan): string[] {
  const all = allMounts(plan)
  return all.sort((a, b) => depth(a.path) - depth(b.path)).flatMap(mountArg)
}

function allMounts({ mounts, workspace, cache }: SandboxPlan): Mount[] {
  const kept: Mount[] = cache ? [{ kind: cache.isWritable ? 'rw' : 'ro', path: cache.path }] : []
  return [...mounts, { kind: 'rw', path: workspace }, ...kept]
}

function depth(path: string): number {
  return path.split('/').length
}

function mountArg(mount: Mount): string[] {
  if (mount.kind === 'link') return ['--symlink', mount.to, mount.path]
  return [mount.kind === 'rw' ? '--bind' : '--ro-bind', mount.path, mount.path]
}
