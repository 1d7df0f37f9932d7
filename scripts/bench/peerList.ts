/** The other supervisors, each set up as its manual says for a service that must always run, in a folder of its own. */
import { accessSync, constants, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** The program under watch: words of its command line, and where it writes its pid for those who read one. */
export type Program = { readonly words: readonly string[]; readonly port: number; readonly pidFile: string }

/** What starts the supervisor; it stays in the foreground, or leaves a daemon that carries `folder` in its environment. */
export type Launch = {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

export type Peer = {
  readonly id: string
  readonly title: string
  /** What must be on the machine; Debian's package of that name brings it. */
  readonly binary: string
  readonly launch: (folder: string, program: Program) => Launch
}

const EXECUTABLE = 0o755
const OWN_ONLY = 0o700

/** The pinned PM2 alone, without a watchdog; run as a separate program, as Ottugi does. */
const PM2_PROGRAM = join(dirname(createRequire(import.meta.url).resolve('pm2/package.json')), 'bin', 'pm2')

function shellWords(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(' ')
}

function writeRunFile(service: string, { words }: Program): void {
  mkdirSync(service, { recursive: true })
  writeFileSync(join(service, 'run'), `#!/bin/sh\nexec ${shellWords(words)}\n`, { mode: EXECUTABLE })
}

const runit: Peer = {
  id: 'runit',
  title: 'runit',
  binary: 'runsv',
  launch(folder, program) {
    writeRunFile(join(folder, 'service'), program)
    return { command: 'runsv', args: [join(folder, 'service')] }
  },
}

const s6: Peer = {
  id: 's6',
  title: 's6',
  binary: 's6-svscan',
  launch(folder, program) {
    writeRunFile(join(folder, 'scan', 'service'), program)
    return { command: 's6-svscan', args: [join(folder, 'scan')] }
  },
}

const supervisor: Peer = {
  id: 'supervisor',
  title: 'supervisord',
  binary: 'supervisord',
  launch(folder, { words }) {
    const file = join(folder, 'supervisord.conf')
    const sections = [
      `[supervisord]\nnodaemon=true\nlogfile=${folder}/log\npidfile=${folder}/pid\n`,
      `[program:peer]\ncommand=${words.join(' ')}\nautorestart=true\n`,
    ]
    writeFileSync(file, sections.join('\n'))
    return { command: 'supervisord', args: ['-c', file] }
  },
}

/** Monit asks the service itself, each 5 s: its own example of a service check. */
const monit: Peer = {
  id: 'monit',
  title: 'Monit, asking each 5 s',
  binary: 'monit',
  launch(folder, { words, port, pidFile }) {
    const file = join(folder, 'monitrc')
    const start = join(folder, 'start')
    const stop = join(folder, 'stop')
    writeFileSync(start, `#!/bin/sh\nsetsid ${shellWords(words)} >/dev/null 2>&1 &\n`, { mode: EXECUTABLE })
    writeFileSync(stop, `#!/bin/sh\nkill -9 "$(cat '${pidFile}')"\n`, { mode: EXECUTABLE })
    const lines = [
      'set daemon 5',
      `set logfile ${folder}/log`,
      `set pidfile ${folder}/pid`,
      `set statefile ${folder}/state`,
      `set idfile ${folder}/id`,
      `check process peer with pidfile ${pidFile}`,
      `  start program = "${start}"`,
      `  stop program = "${stop}"`,
      `  if failed host 127.0.0.1 port ${port} protocol http request "/" with timeout 2 seconds then restart`,
    ]
    writeFileSync(file, `${lines.join('\n')}\n`, { mode: OWN_ONLY })
    return { command: 'monit', args: ['-I', '-c', file] }
  },
}

const pm2: Peer = {
  id: 'pm2',
  title: 'PM2 alone',
  binary: process.execPath,
  launch(folder, { words }) {
    const [interpreter = '', script = '', ...rest] = words
    const args = [PM2_PROGRAM, 'start', script, '--interpreter', interpreter, '--no-pmx', '--', ...rest]
    return { command: process.execPath, args, env: { PM2_HOME: join(folder, 'pm2'), PM2_DISCRETE_MODE: 'true' } }
  },
}

/** Those that Debian 12 has, and PM2 that we bring along. */
export const PEERS: readonly Peer[] = [pm2, runit, s6, supervisor, monit]

/** Where the machine looks for programs; the folders of the administrator are in nobody's PATH but root's. */
export function searchPath(): string {
  return `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin:/usr/bin:/bin`
}

/** True where the program of this peer is on the machine. */
export function isInstalled({ binary }: Peer): boolean {
  if (binary.startsWith('/')) return true
  return searchPath()
    .split(':')
    .some((folder) => isExecutable(join(folder, binary)))
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
