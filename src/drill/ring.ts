/** A whole Ottugi in a throw-away home: started, watched and ended through its own command line, as a person would. */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { stringify } from 'yaml'
import type { Incident } from '../shared/incident.ts'
import { type AppName, appRoot, type HomePaths, homePaths } from '../shared/paths.ts'
import { listPids, readCommandLine, readStat } from '../shared/procfs.ts'
import { type RuntimeFile, readLiving } from '../shared/runtimeFile.ts'
import type { Status } from '../shared/status.ts'
import { createPm2 } from '../shared/supervisor/pm2.ts'
import { freePorts } from './freePorts.ts'
import { waitFor } from './waitFor.ts'

const run = promisify(execFile)
const COMMAND_LIMIT_MS = 60_000

/** What a command of ours came to. */
export type CommandResult = { readonly code: number; readonly out: string; readonly err: string }

export type Ring = {
  readonly paths: HomePaths
  /** The folder of the program that runs in it. */
  readonly root: string
  readonly agentUrl: string
  readonly ottugi: (...words: string[]) => Promise<CommandResult>
  readonly start: () => Promise<void>
  readonly status: () => Promise<Status>
  readonly incidents: () => Promise<Incident[]>
  readonly living: (app: AppName) => RuntimeFile | undefined
  /** 0 where there is none. */
  readonly supervisorPid: () => number
  /** Waits until an agent other than `than` is ready. */
  readonly nextAgent: (than: { readonly nonce: string } | undefined, limitMs?: number) => Promise<RuntimeFile>
  /** Waits until no incident is open and at least `count` are closed; gives them, newest first. */
  readonly closedIncidents: (count: number, limitMs?: number) => Promise<Incident[]>
  /** Every process of this home, by what stands in its environment. */
  readonly processes: () => number[]
  /** Ends everything and removes the home; gives the pids that even the stop had left behind. */
  readonly destroy: () => Promise<number[]>
}

/** Settings of a drill, nested as in `ottugi.yaml`. */
export type DrillSettings = { readonly [section: string]: unknown }

/** What a ring is made with: settings beside the fixed ports, lines of `.env`, and variables of the shell that starts it. */
export type RingOptions = {
  readonly settings?: DrillSettings
  readonly env?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
}

/** Where it lies: the home below `folder` (default: the temporary one), the program in `root` (default: the one that is running). */
export type RingPlace = { readonly folder?: string; readonly root?: string }

/** Makes a home with free, fixed ports; starts nothing. */
export async function createRing(options: RingOptions = {}, place: RingPlace = {}): Promise<Ring> {
  const { folder = tmpdir(), root = appRoot } = place
  const home = mkdtempSync(join(folder, 'ottugi-drill-'))
  const paths = homePaths(home)
  const [agentPort, dashboardPort] = await freePorts(2)
  const settings = withPorts(options.settings ?? {}, agentPort ?? 0, dashboardPort ?? 0)
  writeFileSync(paths.settings, stringify(settings), { mode: 0o600 })
  if (options.env) writeFileSync(paths.env, `${options.env.join('\n')}\n`, { mode: 0o600 })
  mkdirSync(paths.run, { recursive: true, mode: 0o700 })
  const ottugi = (...words: string[]) => runOttugi({ home, root, extra: options.environment ?? {} }, words)
  const supervisor = createPm2(paths, {})
  const agentUrl = `http://127.0.0.1:${agentPort}`
  const incidents = async () => parseLines<Incident>((await ottugi('incidents', '--json')).out)
  return {
    paths,
    root,
    agentUrl,
    ottugi,
    incidents,
    start: () => startRing(ottugi),
    status: async () => JSON.parse((await ottugi('status', '--json')).out) as Status,
    living: (app) => readLiving(paths, app),
    supervisorPid: () => supervisor.find()?.pid ?? 0,
    nextAgent: (than, limitMs = 30_000) => nextAgent(paths, than, limitMs),
    closedIncidents: (count, limitMs = 30_000) => closedIncidents(incidents, count, limitMs),
    processes: () => processesOf(home),
    destroy: () => destroyRing(home, ottugi),
  }
}

function withPorts(settings: DrillSettings, agentPort: number, dashboardPort: number): Record<string, unknown> {
  const section = (name: string) => (settings[name] ?? {}) as object
  return {
    language: 'en',
    // A server of one's own needs no key: nothing about the model is amiss until a drill makes it so.
    model: { baseUrl: 'http://127.0.0.1:9' },
    ...settings,
    agent: { ...section('agent'), port: agentPort },
    dashboard: { ...section('dashboard'), port: dashboardPort },
  }
}

type Caller = { readonly home: string; readonly root: string; readonly extra: Readonly<Record<string, string>> }

/** The Node of that program: the one that we run on, at the same place below its folder. */
function nodeOf(root: string): string {
  const { execPath } = process
  return execPath.startsWith(`${appRoot}${sep}`) ? join(root, relative(appRoot, execPath)) : execPath
}

async function runOttugi({ home, root, extra }: Caller, words: readonly string[]): Promise<CommandResult> {
  const main = join(root, 'src', 'cli', 'main.ts')
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: home, LANG: 'C.UTF-8', ...extra }
  try {
    const { stdout, stderr } = await run(nodeOf(root), [main, '--home', home, ...words], {
      env,
      timeout: COMMAND_LIMIT_MS,
    })
    return { code: 0, out: stdout, err: stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: number; stdout?: string; stderr?: string }
    return { code: typeof code === 'number' ? code : 1, out: stdout ?? '', err: stderr ?? String(error) }
  }
}

async function startRing(ottugi: Ring['ottugi']): Promise<void> {
  const result = await ottugi('start', '--json')
  if (result.code !== 0)
    throw new Error(`the drill's own Ottugi did not start (${result.code}): ${result.err}${result.out}`)
}

async function nextAgent(
  paths: HomePaths,
  than: { readonly nonce: string } | undefined,
  limitMs: number,
): Promise<RuntimeFile> {
  return waitFor('another agent to be ready', limitMs, async () => {
    const agent = readLiving(paths, 'agent')
    return agent?.url && agent.nonce !== than?.nonce && (await isReady(agent.url)) ? agent : undefined
  })
}

/** One question to `/readyz`. */
export async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(1_000) })
    await response.arrayBuffer()
    return response.ok
  } catch {
    return false
  }
}

function closedIncidents(incidents: () => Promise<Incident[]>, count: number, limitMs: number): Promise<Incident[]> {
  return waitFor(
    `${count} closed incidents`,
    limitMs,
    async () => {
      const found = await incidents()
      return found.length >= count && found.every((incident) => incident.closedAt !== null) ? found : undefined
    },
    200,
  )
}

/** Processes that carry this home in their environment: ours, whatever they are called. */
function processesOf(home: string): number[] {
  const marks = [`OTTUGI_HOME=${home}`, `PM2_HOME=${join(home, 'pm2')}`]
  return listPids().filter(
    (pid) => pid !== process.pid && carries(pid, marks) && !/ cli\/main\.ts /.test(readCommandLine(pid)),
  )
}

function carries(pid: number, marks: readonly string[]): boolean {
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
    return marks.some((mark) => variables.includes(mark)) && readStat(pid)?.state !== 'Z'
  } catch {
    return false
  }
}

async function destroyRing(home: string, ottugi: Ring['ottugi']): Promise<number[]> {
  await ottugi('stop')
  const left = await settledProcesses(home)
  for (const pid of left) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // Gone by itself.
    }
  }
  rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  return left
}

/** A revive that was on its way when the stop came ends by itself within a moment. */
async function settledProcesses(home: string): Promise<number[]> {
  try {
    await waitFor('no process of the home to be left', 5_000, () => (processesOf(home).length === 0 ? true : undefined))
    return []
  } catch {
    return processesOf(home)
  }
}

function parseLines<T>(text: string): T[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T)
}
