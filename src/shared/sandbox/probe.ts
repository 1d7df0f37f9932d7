/** Finds out how tools can be held on this machine, by doing it: a program is run in the sandbox and says what it sees. That bubblewrap is installed proves nothing. */
import { lstatSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { json } from 'node:stream/consumers'
import type { SandboxPlan } from './plan.ts'
import { planFor, type SandboxInput } from './planFor.ts'
import { type SandboxMode, spawnSandboxed } from './spawn.ts'
import { tellingLine } from './tellingLine.ts'

/** How tools are held here. `reason` says why it is not a whole sandbox. */
export type SandboxState =
  | {
      readonly mode: SandboxMode
      readonly plan: Omit<SandboxPlan, 'command'>
      readonly reason: string
      /** Folders that were named and are not shown, with why. */
      readonly notes: readonly string[]
    }
  | { readonly mode: 'none'; readonly reason: string; readonly notes: readonly string[] }

/** How long one try may take, in milliseconds: generous, a machine under load starts slowly. */
const TRY_MS = 20_000

/** Tries the best way first. Writes and removes one small file in `workspace/`. */
export async function probeSandbox(
  input: SandboxInput,
  platform: NodeJS.Platform = process.platform,
): Promise<SandboxState> {
  const planned = planFor(input)
  if (!planned.ok) return { mode: 'none', reason: planned.reason, notes: [] }
  const { plan, notes } = planned
  const best: SandboxMode = platform === 'darwin' ? 'seatbelt' : 'bubblewrap'
  const failure = await tryMode(best, plan, input)
  if (failure === undefined) return { mode: best, plan, reason: '', notes }
  const strictFailure = await tryMode('strict', plan, input)
  if (strictFailure === undefined) return { mode: 'strict', plan, reason: failure, notes }
  return { mode: 'none', reason: `${failure}; strict mode: ${strictFailure}`, notes }
}

/** What a program in the sandbox says of itself. */
type Sighting = {
  readonly uid: number
  readonly wrote: string
  readonly seen: readonly string[]
  readonly capabilities: readonly string[]
  readonly interfaces: readonly string[]
  readonly processes: number
}

/** Undefined when it holds, else what is wrong, in words. */
async function tryMode(
  mode: SandboxMode,
  plan: Omit<SandboxPlan, 'command'>,
  input: SandboxInput,
): Promise<string | undefined> {
  const forbidden = ['.env', 'data', 'run', 'logs', 'pm2', 'ottugi.yaml'].map((name) => join(input.paths.home, name))
  try {
    const sighting = await runSight(mode, {
      ...plan,
      command: [process.execPath, '-e', SIGHT, JSON.stringify(forbidden)],
    })
    const file = join(plan.workspace, basename(sighting.wrote))
    const { uid } = lstatSync(file)
    rmSync(file)
    return judgeSighting(mode, sighting, uid)
  } catch (error) {
    return tellingLine(error instanceof Error ? error.message : String(error))
  }
}

/** What must hold. `ownerUid` is who the machine says wrote the file: the uid that a program inside sees may be a mapped one. */
export function judgeSighting(mode: SandboxMode, sighting: Sighting, ownerUid: number): string | undefined {
  if (ownerUid === 0 || sighting.uid === 0) return 'tools would run as root'
  if (sighting.seen.length > 0) return `tools would see ${sighting.seen.join(', ')}`
  if (mode !== 'bubblewrap') return undefined
  if (sighting.capabilities.some((set) => !/^0+$/.test(set))) return 'tools would keep capabilities'
  if (sighting.interfaces.some((name) => name !== 'lo')) return 'tools would have a network'
  return sighting.processes > 2 ? 'tools would see processes of the machine' : undefined
}

async function runSight(mode: SandboxMode, plan: SandboxPlan): Promise<Sighting> {
  const { process: child, line } = spawnSandboxed(mode, plan)
  const timer = setTimeout(() => child.kill('SIGKILL'), TRY_MS)
  const said: Buffer[] = []
  child.stderr?.on('data', (chunk: Buffer) => said.push(chunk))
  const ended = new Promise<string>((resolve) => {
    child.on('error', ({ message }) => resolve(message))
    child.on('close', () => resolve(Buffer.concat(said).toString('utf8').trim()))
  })
  try {
    return (await json(line)) as Sighting
  } catch {
    throw new Error((await ended) || 'the sandbox said nothing')
  } finally {
    clearTimeout(timer)
  }
}

/** Runs inside. CommonJS on purpose: it needs no file of ours. */
const SIGHT = `
const fs = require('node:fs')
const read = (path) => { try { return fs.readFileSync(path, 'utf8') } catch { return '' } }
const wrote = '.ottugi-probe-' + process.pid + '-' + Date.now()
fs.writeFileSync(wrote, '')
const see = (path) => { try { return fs.readdirSync(path).length >= 0 } catch (error) { if (error.code !== 'ENOTDIR') return false } try { fs.readFileSync(path); return true } catch { return false } }
fs.writeSync(3, JSON.stringify({
  uid: process.getuid(),
  wrote,
  seen: JSON.parse(process.argv[1]).filter(see),
  capabilities: [...read('/proc/self/status').matchAll(/^Cap(?:Prm|Eff|Bnd|Amb):\\s*(\\w+)/gm)].map((match) => match[1]),
  interfaces: [...read('/proc/net/dev').matchAll(/^\\s*([^\\s:]+):/gm)].map((match) => match[1]),
  processes: (() => { try { return fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).length } catch { return 0 } })(),
}))
`
