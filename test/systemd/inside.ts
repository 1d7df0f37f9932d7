/** What scenarios share: users, sessions, and our ring as it is seen from root inside a box. */
import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { lstatSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isReady } from '../../src/drill/ring.ts'
import { waitFor } from '../../src/drill/waitFor.ts'
import { APPS, type AppName, appRoot, type HomePaths, homePaths } from '../../src/shared/paths.ts'
import { listPids, readCommandLine, readStat } from '../../src/shared/procfs.ts'
import { type RuntimeFile, readLiving } from '../../src/shared/runtimeFile.ts'
import { createPm2 } from '../../src/shared/supervisor/pm2.ts'

/** A start on a machine that does many other things. A limit against hanging, no measurement. */
const LIMIT_MS = 240_000

/** A program and its words. */
export type Command = [program: string, ...words: string[]]

/** What a command came to. */
export type Ran = { readonly code: number; readonly out: string; readonly err: string }

/** Runs a program of this box; never throws. */
export function run(program: string, ...words: string[]): Ran {
  const { status, stdout, stderr } = spawnSync(program, words, { encoding: 'utf8', timeout: LIMIT_MS })
  return { code: status ?? -1, out: stdout, err: stderr }
}

/** The same while this process goes on with something else. */
export function runMeanwhile(program: string, ...words: string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(program, words, { timeout: LIMIT_MS }, (error, out, err) => {
      resolve({ code: error ? (typeof error.code === 'number' ? error.code : -1) : 0, out, err })
    })
  })
}

/** Runs it, and fails with its words where it fails. */
export function must(program: string, ...words: string[]): string {
  const { code, out, err } = run(program, ...words)
  if (code !== 0) throw new Error(`${program} ${words.join(' ')} ended with ${code}: ${err}${out}`)
  return out
}

/** A container masks parts of /proc; a machine does not, and a sandbox can be made only where they are plain. `kept`: a mask that stays. */
export function unmaskProc(kept?: string): void {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n')
  const masks = mounts.flatMap((line) => (line.split(' ')[4]?.startsWith('/proc/') ? [line.split(' ')[4] ?? ''] : []))
  for (const mask of masks.toSorted().reverse()) if (mask !== kept) spawnSync('umount', ['-l', mask])
}

/** The control group of a process: which unit it belongs to. */
export function groupOf(pid: number): string {
  return readFileSync(`/proc/${pid}/cgroup`, 'utf8')
}

/** Of the disk of this box: accounts, units of ours and whether they are enabled, who lingers. */
const OF_THE_DISK = [
  ...['/etc/passwd', '/etc/group', '/etc/shadow'],
  ...['/etc/systemd/system/ottugi.service', '/etc/systemd/system/ottugi-alert.service'],
  ...['/etc/systemd/system/multi-user.target.wants/ottugi.service', '/var/lib/systemd/linger'],
]

/** Keeps in a folder what a restart of the machine would not lose. */
export function keepDisk(folder: string): void {
  const there = OF_THE_DISK.filter((path) => lstatSync(path, { throwIfNoEntry: false }))
  const relative = there.map((path) => path.slice(1))
  execFileSync('cp', ['-a', '--parents', ...relative, folder], { cwd: '/' })
}

/** A user of this box with a home folder. */
export function addUser(name: string, uid: number, folder: string): void {
  must('useradd', '--uid', String(uid), '--home-dir', folder, '--no-create-home', '--shell', '/bin/bash', name)
  execFileSync('chown', [name, folder])
}

/** One login: the words run inside it, and it ends with them. */
export function inSession(user: string, words: readonly string[]): Ran {
  const session = ['--quiet', '--wait', '--pipe', '--collect', '-p', `User=${user}`, '-p', 'PAMName=login']
  return run('systemd-run', ...session, '-p', 'WorkingDirectory=/', ...words)
}

/** One of them. */
export type RingInBox = ReturnType<typeof ringOf>

/** A home's ring. `program`: the folder of the program that runs it. */
export function ringOf(home: string, program: string = appRoot) {
  const paths = homePaths(home)
  const supervisor = createPm2(paths, {})
  const node = join(program, process.execPath.slice(appRoot.length + 1))
  return {
    paths,
    ottugi: (...words: string[]): Command => [node, join(program, 'src', 'cli', 'main.ts'), ...words, '--home', home],
    living: (app: AppName) => readLiving(paths, app),
    supervisorPid: () => supervisor.find()?.pid,
    ready: (than?: RuntimeFile) => untilReady(paths, () => supervisor.find() !== undefined, than),
    pids: () => processesOf(home),
    settled: () =>
      strangersAtTheEnd(home, () => [supervisor.find()?.pid, ...APPS.map((app) => readLiving(paths, app)?.pid)]),
    gone: () =>
      waitFor('no process of the home', LIMIT_MS, () => (processesOf(home).length === 0 ? true : undefined), 50),
  }
}

/** Waits until all of it is there, with another agent than `than`. Gives the agent. */
function untilReady(paths: HomePaths, isSupervised: () => boolean, than?: RuntimeFile): Promise<RuntimeFile> {
  return waitFor(
    'the whole ring to be ready',
    LIMIT_MS,
    async () => {
      const [watchdog, agent, dashboard] = APPS.map((app) => readLiving(paths, app))
      if (!watchdog || !agent?.url || !dashboard?.url || agent.nonce === than?.nonce || !isSupervised())
        return undefined
      return (await isReady(agent.url)) && (await isReady(dashboard.url)) ? agent : undefined
    },
    25,
  )
}

/** Waits until there is nobody but the supervisor and one of each; gives the command lines of those that did not go. */
async function strangersAtTheEnd(home: string, ours: () => (number | undefined)[]): Promise<string[]> {
  const strangers = () => processesOf(home).filter((pid) => !ours().includes(pid))
  const nobody = () => (strangers().length === 0 ? [] : undefined)
  return waitFor('nobody but the ring', LIMIT_MS, nobody, 100).catch(() => strangers().map(readCommandLine))
}

/** Processes that carry this home in their environment, whatever they are called. */
function processesOf(home: string): number[] {
  const marks = [`OTTUGI_HOME=${home}`, `PM2_HOME=${join(home, 'pm2')}`]
  return listPids().filter((pid) => {
    try {
      const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
      return marks.some((mark) => variables.includes(mark)) && readStat(pid)?.state !== 'Z'
    } catch {
      return false
    }
  })
}
