/** PURE. Programs that run another command: what stands before that command. Options as in coreutils, util-linux, findutils and bash. */

/** How a wrapper is taken off. An option that is in neither list makes the command strange. */
export type Wrapper = {
  /** Options without a value. */
  readonly flags: readonly string[]
  /** Options with a value. */
  readonly values: readonly string[]
  /** Words of its own before the command. */
  readonly skip?: number
  /** Takes `NAME=value` before the command. */
  readonly assigns?: true
  /** Adds words that only it knows. */
  readonly feeds?: true
  /** With one of these it only tells something. */
  readonly tells?: readonly string[]
}

/** The wrappers that are opened. */
export const WRAPPERS: Readonly<Record<string, Wrapper>> = {
  env: {
    flags: ['-i', '--ignore-environment', '-0', '--null', '-v', '--debug', '-'],
    values: ['-u', '--unset'],
    assigns: true,
  },
  nice: { flags: [], values: ['-n', '--adjustment'] },
  ionice: { flags: ['-t', '--ignore'], values: ['-c', '--class', '-n', '--classdata'] },
  chrt: { flags: ['-b', '-f', '-i', '-o', '-r', '-v'], values: [], skip: 1 },
  taskset: { flags: [], values: [], skip: 1 },
  timeout: {
    flags: ['--preserve-status', '--foreground', '-v', '--verbose', '-f', '-p'],
    values: ['-k', '--kill-after', '-s', '--signal'],
    skip: 1,
  },
  nohup: { flags: [], values: [] },
  setsid: { flags: ['-c', '--ctty', '-f', '--fork', '-w', '--wait'], values: [] },
  stdbuf: { flags: [], values: ['-i', '--input', '-o', '--output', '-e', '--error'] },
  time: { flags: ['-p', '-v', '--verbose', '--portability'], values: ['-f', '--format'] },
  command: { flags: ['-p'], values: [], tells: ['-v', '-V'] },
  builtin: { flags: [], values: [] },
  exec: { flags: ['-c', '-l', '-cl', '-lc'], values: ['-a'] },
  busybox: { flags: [], values: [], tells: ['--list', '--help'] },
  toybox: { flags: [], values: [] },
  xargs: {
    flags: ['-0', '--null', '-r', '--no-run-if-empty', '-t', '--verbose', '-x', '--exit', '-o', '--open-tty'],
    values: [
      '-a',
      '--arg-file',
      '-d',
      '--delimiter',
      '-E',
      '-I',
      '-L',
      '--max-lines',
      '-n',
      '--max-args',
      '-P',
      '--max-procs',
      '-s',
      '--max-chars',
    ],
    feeds: true,
  },
}

/** Shells whose `-c` is read again. */
export const SHELLS: ReadonlySet<string> = new Set(['sh', 'bash', 'dash', 'ash', 'zsh', 'ksh', 'mksh', 'rbash'])

/** Flags of shells that change nothing of what a script would do. */
export const SHELL_FLAGS = /^-[ceuxvlfn]+$/
