/**
 * A machine for one test: a real systemd as PID 1 of a container over a throw-away copy-on-write of this machine's root. Nothing that happens
 * inside is kept, but for the folders that are shared with it: a reboot is two boxes with the same ones. Its network is its own loopback.
 */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { appRoot } from '../../src/shared/paths.ts'
import { makeBoxGroups } from './boxGroups.ts'

/** What one box came to. */
export type BoxResult = { readonly code: number; readonly out: string; readonly journal: string }

/**
 * How a box is made. `shared`: folders of this machine, at the same place inside, writable. `kept`: what a box before it kept of its disk.
 * `isMeasured`: the homes in it keep the limits that they are shipped with, however busy this machine is.
 */
export type BoxOptions = {
  readonly shared?: readonly string[]
  readonly kept?: string
  readonly limitSec?: number
  readonly isMeasured?: boolean
}

/** Where the program lies in a box: where it lies outside may be a folder that each box has of its own. Written to as a copy. */
export const PROGRAM = '/opt/ottugi'
const ENDED_BY_LIMIT = 124
let boxes = 0

/** Why no box can be made here; undefined where one can. Never passed over in silence: the tests fail with these words. */
export function missingForBoxes(): string | undefined {
  if (process.platform !== 'linux') return 'missing: Linux'
  if (process.getuid?.() !== 0) return 'missing: root (systemd-nspawn needs it)'
  const programs = ['systemd-nspawn', 'bwrap', 'dbus-daemon', 'loginctl', 'useradd']
  const absent = programs.filter(
    (name) => !['/usr/bin', '/usr/sbin', '/bin'].some((folder) => isThere(join(folder, name))),
  )
  if (absent.length === 0) return undefined
  return `missing: ${absent.join(', ')} (Debian: apt install systemd-container dbus libpam-systemd bubblewrap)`
}

function isThere(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Runs `node SCENARIOS name …` as root inside a new box. */
export async function inBox(name: string, words: readonly string[], options: BoxOptions = {}): Promise<BoxResult> {
  const { shared = [], limitSec = 900, isMeasured = false } = options
  const folder = mkdtempSync('/var/tmp/ottugi-box-')
  const layers = join(folder, 'layers')
  const io = join(folder, 'io')
  try {
    for (const made of [layers, io]) mkdirSync(made)
    const root = mountRoot(layers)
    const flags = isMeasured ? ['--measured'] : []
    const command = [process.execPath, join(import.meta.dirname, 'scenarios.ts'), name, ...words, ...flags]
    writeUnits(root, io, command.map(inside))
    if (options.kept) restore(root, options.kept)
    await boot({ root, io, layers, shared, limitSec })
    const answer = (file: string) => (existsSync(join(io, file)) ? readFileSync(join(io, file), 'utf8') : '')
    const code = answer('code') === '' ? ENDED_BY_LIMIT : Number(answer('code'))
    return { code, out: answer('out'), journal: answer('journal') || answer('console').slice(-4_000) }
  } finally {
    for (const mounted of [join(layers, 'root'), layers]) unmount(mounted)
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A path of the program as a box knows it; any other word as it is. */
function inside(word: string): string {
  return word === appRoot || word.startsWith(`${appRoot}/`) ? `${PROGRAM}${word.slice(appRoot.length)}` : word
}

function mountRoot(layers: string): string {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3g', 'tmpfs', layers])
  const [up, work, root] = ['up', 'work', 'root'].map((name) => join(layers, name)) as [string, string, string]
  for (const made of [up, work, root]) mkdirSync(made)
  execFileSync('mount', ['-t', 'overlay', 'overlay', '-o', `lowerdir=/,upperdir=${up},workdir=${work}`, root])
  return root
}

function unmount(path: string): void {
  try {
    execFileSync('umount', ['-l', path], { stdio: 'ignore' })
  } catch {
    // It was never mounted.
  }
}

function writeUnits(root: string, io: string, command: readonly string[]): void {
  const units = join(root, 'etc', 'systemd', 'system')
  const line = command.map((word) => `"${word}"`).join(' ')
  writeFileSync(
    join(units, 'box.target'),
    '[Unit]\nRequires=basic.target box.service\nAfter=basic.target\nAllowIsolate=yes\n',
  )
  writeFileSync(
    join(units, 'box.service'),
    `[Unit]
After=basic.target dbus.service systemd-user-sessions.service systemd-logind.service
Wants=dbus.service systemd-logind.service
[Service]
Type=exec
WorkingDirectory=${PROGRAM}
Environment=LANG=C.UTF-8 HOME=/root "PATH=${dirname(inside(process.execPath))}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
StandardOutput=append:/box/out
StandardError=append:/box/out
ExecStart=${line}
ExecStopPost=/bin/bash -c 'journalctl --no-pager -n 250 >/box/journal 2>&1; echo "$EXIT_STATUS" >/box/code; systemctl --force --force poweroff >/dev/null 2>&1'
`,
  )
  const logind = join(root, 'etc', 'systemd', 'logind.conf.d')
  mkdirSync(logind, { recursive: true })
  // A logout takes effect at once.
  writeFileSync(join(logind, 'box.conf'), '[Login]\nUserStopDelaySec=0\n')
  // A scenario signs in more often within seconds than people do.
  const userUnit = join(units, 'user@.service.d')
  mkdirSync(userUnit)
  writeFileSync(join(userUnit, 'box.conf'), '[Unit]\nStartLimitIntervalSec=0\n')
  for (const file of ['out', 'console']) writeFileSync(join(io, file), '')
}

/** The disk as it was: accounts, units, who lingers. What install had enabled for multi-user.target belongs to our target here. */
function restore(root: string, kept: string): void {
  execFileSync('cp', ['-a', `${kept}/.`, root])
  const units = join(root, 'etc', 'systemd', 'system')
  // A link to where it leads inside.
  const enabled = join(units, 'multi-user.target.wants', 'ottugi.service')
  if (!lstatSync(enabled, { throwIfNoEntry: false })) return
  mkdirSync(join(units, 'box.target.wants'))
  symlinkSync('../ottugi.service', join(units, 'box.target.wants', 'ottugi.service'))
}

/** Steps into the control groups that are named first, up to `--`, and becomes what is named then. */
const STEP_IN = 'while [ "$1" != -- ]; do echo $$ >"$1"; shift; done; shift; exec "$@"'

type Boot = {
  readonly root: string
  readonly io: string
  readonly layers: string
  readonly shared: readonly string[]
  readonly limitSec: number
}

async function boot({ root, io, layers, shared, limitSec }: Boot): Promise<void> {
  const name = `box${process.pid}-${boxes++}`
  const program = join(layers, 'program')
  mkdirSync(program)
  const groups = makeBoxGroups(`ottugi-${name}`)
  const words = [
    ...['--quiet', '--register=no', '--keep-unit', '--private-network', `--machine=${name}`],
    ...[`--overlay=${appRoot}:${program}:${PROGRAM}`, `--bind=${io}:/box`, ...shared.map((path) => `--bind=${path}`)],
    ...['-D', root, '-b', 'systemd.unit=box.target', 'systemd.show_status=0'],
  ]
  const line = ['-ec', STEP_IN, 'sh', ...groups.entrances, '--', 'systemd-nspawn', ...words]
  const child = spawn('/bin/sh', line, { stdio: ['ignore', 'pipe', 'pipe'] })
  const console: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => console.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => console.push(chunk))
  // What is in its groups outlives it, and is ended then.
  const timer = setTimeout(() => child.kill('SIGKILL'), limitSec * 1_000)
  try {
    await once(child, 'exit')
  } finally {
    clearTimeout(timer)
    await groups.end()
    writeFileSync(join(io, 'console'), Buffer.concat(console))
  }
}
