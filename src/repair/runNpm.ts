/** npm as a child of a repair: with a small environment, in a group of its own, and known by its identity should the repair be killed. */
import { spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readSync, realpathSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isAlive, isIdentity, signalIdentity } from '../shared/identity.ts'
import { readStat } from '../shared/procfs.ts'
import { readSmallJson } from '../shared/smallFile.ts'
import type { ActionContext } from './action.ts'
import { findProgram, trustedPath } from './findProgram.ts'
import { replaceFile } from './heldFile.ts'

/** What npm may see of our environment: where things are, how to reach the registry, and nothing of ours. */
const ALLOWED_VARIABLES = [
  'PATH',
  'HOME',
  'LANG',
  'TMPDIR',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'npm_config_registry',
  'npm_config_cache',
  'npm_config_userconfig',
]
/**
 * What is in npm's cache needs no registry. One that cannot be reached is given up after seconds: by default npm tries for more than a minute,
 * and all that time nobody has been told.
 */
const NETWORK = [
  '--prefer-offline',
  '--fetch-retries=2',
  '--fetch-retry-mintimeout=500',
  '--fetch-retry-maxtimeout=2000',
]
/** What npm does with the lockfile: all of it into an empty folder, or what is missing beside what is there. */
const COMMAND = { whole: ['ci'], missing: ['install', '--no-save'] } as const
/** A killed process is gone within milliseconds, unless it waits for a disk. */
const LOOK_AGAIN_MS = 20
const MAX_LOOKS = 250
/** How much of npm's complaint is kept. */
const TAIL_CHARS = 400

/** npm's own program is a script for Node: run by ours while it is there, so that no other version of Node is needed. */
function commandOf(npm: string): readonly [string, ...string[]] {
  const script = realpathSync(npm)
  const head = Buffer.alloc(64)
  const fd = openSync(script, 'r')
  readSync(fd, head, 0, head.length, 0)
  closeSync(fd)
  const isScript = /^#!.*\bnode\b/.test(head.toString('latin1'))
  return isScript && existsSync(process.execPath) ? [process.execPath, script] : [npm]
}

function childVariables({ environment }: ActionContext): Record<string, string> {
  const kept = ALLOWED_VARIABLES.flatMap((name) => (environment[name] ? [[name, environment[name]]] : []))
  return { ...Object.fromEntries(kept), PATH: trustedPath(environment).join(delimiter) }
}

const npmFile = ({ folder }: ActionContext) => join(folder, 'npm.json')

function rememberNpm(ctx: ActionContext, pid: number | undefined): void {
  const stat = pid === undefined ? undefined : readStat(pid)
  if (stat)
    replaceFile(ctx.paths.home, npmFile(ctx), JSON.stringify({ pid, startTicks: stat.startTicks, nonce: 'npm' }))
}

/** Ends the npm of a repair that was killed: it would go on writing into the folder that is removed next. */
export async function endLeftNpm(ctx: ActionContext): Promise<void> {
  const left = readSmallJson(npmFile(ctx))
  if (!isIdentity(left)) return
  for (let look = 0; look < MAX_LOOKS && isAlive(left); look++) {
    signalIdentity(left, 'SIGKILL', true)
    await sleep(LOOK_AGAIN_MS)
  }
}

/** Resolves with npm's complaint, or with nothing when it installed what was asked in that folder. */
export function runNpm(
  ctx: ActionContext,
  folder: string,
  what: keyof typeof COMMAND,
  developer: boolean,
): Promise<string | undefined> {
  const npm = findProgram('npm', ctx.environment)
  if (!npm) return Promise.resolve('no npm on the PATH')
  const [program, ...first] = commandOf(npm)
  const args = [
    ...first,
    ...COMMAND[what],
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    ...NETWORK,
    ...(developer ? [] : ['--omit=dev']),
  ]
  return new Promise((resolve) => {
    // A group of its own: at the time limit npm and whatever it started end together. It would outlive us, so its identity is kept.
    const child = spawn(program, args, {
      cwd: folder,
      env: childVariables(ctx),
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    rememberNpm(ctx, child.pid)
    let tail = ''
    const keep = (chunk: Buffer) => {
      tail = `${tail}${chunk.toString('utf8')}`.slice(-TAIL_CHARS)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    const end = () => {
      try {
        if (child.pid) process.kill(-child.pid, 'SIGKILL')
      } catch {
        // It has ended meanwhile.
      }
    }
    ctx.signal.addEventListener('abort', end)
    child.on('error', (error) => resolve(error.message))
    child.on('close', (code, signal) => {
      ctx.signal.removeEventListener('abort', end)
      if (ctx.signal.aborted) return resolve('npm did not end in time')
      resolve(code === 0 ? undefined : `npm ended with ${signal ?? code}: ${tail.trim()}`)
    })
  })
}
