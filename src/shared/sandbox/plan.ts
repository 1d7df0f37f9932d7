/** What one sandbox is: what is seen in it, who runs in it, and how much it may use. Plain data, made once and turned into a command line by others. */

/** Something that is seen in the sandbox: a path of the machine, or a link as the machine has it. */
export type Mount =
  | { readonly kind: 'ro' | 'rw'; readonly path: string }
  | { readonly kind: 'link'; readonly path: string; readonly to: string }

/** The user that tools run as when we are root. */
export type ServiceUser = { readonly name: string; readonly uid: number; readonly gid: number }

/** How much one sandbox may use. Sizes in MiB. */
export type SandboxLimits = {
  readonly processes: number
  readonly fileMb: number
  readonly tmpMb: number
  readonly openFiles: number
  readonly cpuSec: number
}

/** One sandbox. */
export type SandboxPlan = {
  /** The folder that may be written, at its real path; tools begin there. */
  readonly workspace: string
  /** What is seen beside it. */
  readonly mounts: readonly Mount[]
  /** The program that is run inside, with its arguments. */
  readonly command: readonly string[]
  readonly limits: SandboxLimits
  /** Given when we are root. */
  readonly user?: ServiceUser
  /** What Node keeps of the code that it has loaded. */
  readonly cache?: { readonly path: string; readonly isWritable: boolean }
}

/** A program with its arguments; there is no shell. */
export type CommandLine = { readonly program: string; readonly args: readonly string[] }

/** Descriptors of a child: its line to us, where bubblewrap reads the user's name from, and where it says the pid of what it started. */
export const FD = { line: 3, passwd: 4, info: 5 } as const

/** The environment inside, all of it: nothing of ours gets in. */
export function sandboxEnvironment(workspace: string): Readonly<Record<string, string>> {
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: workspace,
    USER: 'ottugi',
    LOGNAME: 'ottugi',
    LANG: 'C.UTF-8',
    TMPDIR: '/tmp',
    NO_COLOR: '1',
  }
}

/** The command with the limits of the kernel before it: for each process, and for the number of them. No core files: they hold memory. */
export function limited({ command, limits }: Pick<SandboxPlan, 'command' | 'limits'>): readonly string[] {
  return [
    PRLIMIT,
    `--nproc=${limits.processes}`,
    `--fsize=${limits.fileMb * MIB}`,
    `--nofile=${limits.openFiles}`,
    `--cpu=${limits.cpuSec}`,
    '--core=0',
    '--',
    ...command,
  ]
}

/** Part of util-linux. */
const PRLIMIT = '/usr/bin/prlimit'
export const MIB: number = 1_024 * 1_024
