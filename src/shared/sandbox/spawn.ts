/** Starts a program in a sandbox, in the way that this machine allows. */
import { type ChildProcess, spawn } from 'node:child_process'
import type { Duplex, Readable } from 'node:stream'
import { bubblewrapCommand } from './bubblewrap.ts'
import { withoutInherited } from './inherited.ts'
import { type CommandLine, type SandboxPlan, type ServiceUser, sandboxEnvironment } from './plan.ts'
import { seatbeltCommand } from './seatbelt.ts'
import { strictCommand } from './strict.ts'

/** How tools are held. `strict` has no programs; see strict.ts. */
export type SandboxMode = 'bubblewrap' | 'seatbelt' | 'strict'

/** A program that was started in a sandbox. */
export type Sandboxed = {
  readonly process: ChildProcess
  /** Its line to us, both ways. */
  readonly line: Duplex
  /** Resolves with the pid, as we see it, of the first process of its pid namespace; undefined where there is none. */
  readonly firstPid: Promise<number | undefined>
}

/** Starts it. Its output goes nowhere but to its line; what it says as it dies can be read from `process.stderr`. */
export function spawnSandboxed(mode: SandboxMode, plan: SandboxPlan): Sandboxed {
  const { program, args } = commandOf(mode, plan)
  const process = spawn(program, args, {
    cwd: mode === 'bubblewrap' ? '/' : plan.workspace,
    env: {
      ...sandboxEnvironment(plan.workspace),
      ...(plan.cache && !plan.cache.isWritable ? { NODE_COMPILE_CACHE: plan.cache.path } : {}),
    },
    stdio: withoutInherited(['ignore', 'ignore', 'pipe', 'pipe', 'pipe', 'pipe']),
    // Leader of its own group and session, so that the group can be ended.
    detached: true,
    ...(mode === 'strict' && plan.user ? { uid: plan.user.uid, gid: plan.user.gid } : {}),
  })
  const [, , , line, passwd, info] = process.stdio as unknown as readonly Duplex[]
  if (!line || !passwd || !info) throw new Error(`cannot start ${program}: expected six descriptors`)
  // A child that is gone breaks its pipes; that it is gone is told by its end.
  for (const stream of [line, passwd, info]) stream.on('error', () => {})
  passwd.end(passwdOf(plan))
  return { process, line, firstPid: mode === 'bubblewrap' ? readPid(info) : Promise.resolve(undefined) }
}

function commandOf(mode: SandboxMode, plan: SandboxPlan): CommandLine {
  if (mode === 'bubblewrap') return bubblewrapCommand(plan)
  return mode === 'seatbelt' ? seatbeltCommand(plan) : strictCommand(plan, process.platform)
}

/** Many programs want to know who they are; nobody else's name is shown. */
function passwdOf({ user, workspace }: SandboxPlan): string {
  const { uid, gid } = user ?? ownIds()
  return `ottugi:x:${uid}:${gid}::${workspace}:/usr/sbin/nologin\n`
}

function ownIds(): Pick<ServiceUser, 'uid' | 'gid'> {
  return { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
}

async function readPid(info: Readable): Promise<number | undefined> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of info) chunks.push(chunk as Buffer)
    const pid: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'))['child-pid']
    return typeof pid === 'number' ? pid : undefined
  } catch {
    return undefined
  }
}
