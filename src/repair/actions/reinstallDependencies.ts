import { spawn } from 'node:child_process'
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { join } from 'node:path'
import { isWritableFolder } from '../../shared/paths.ts'
import { type ActionContext, defineAction, HOLDS, refuse } from '../action.ts'
import { exactly } from '../closedSet.ts'
import { hasDeveloperPackages, readDependencyFaults } from '../dependencyState.ts'
import { lookAt } from '../fileState.ts'
import { findProgram } from '../findProgram.ts'

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
const INPUT_FILES = ['package.json', 'package-lock.json', '.npmrc']
/** How much of npm's complaint is kept. */
const TAIL_CHARS = 400

type Snapshot = { readonly hadModules: boolean; readonly developer: boolean }

const modulesOf = (ctx: ActionContext) => join(ctx.appRoot, 'node_modules')
const brokenOf = (ctx: ActionContext) => join(ctx.appRoot, `node_modules.broken-${ctx.repairId}`)
/** Beside `node_modules`, so that the finished tree comes to its place by one rename. */
const stagingOf = (ctx: ActionContext) => join(ctx.appRoot, `.ottugi-install-${ctx.repairId}`)

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

function install(ctx: ActionContext, developer: boolean): Promise<string | undefined> {
  const npm = findProgram('npm', ctx.environment)
  if (!npm) return Promise.resolve('no npm on the PATH')
  const [program, ...first] = commandOf(npm)
  const args = [...first, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', ...(developer ? [] : ['--omit=dev'])]
  const env = Object.fromEntries(
    ALLOWED_VARIABLES.flatMap((name) => (ctx.environment[name] ? [[name, ctx.environment[name]]] : [])),
  )
  return new Promise((resolve) => {
    // A group of its own: at the time limit npm and whatever it started end together.
    const child = spawn(program, args, { cwd: stagingOf(ctx), env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
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
      if (ctx.signal.aborted) return resolve('npm ci did not end in time')
      resolve(code === 0 ? undefined : `npm ci ended with ${signal ?? code}: ${tail.trim()}`)
    })
  })
}

/**
 * Installs the packages of the lockfile anew, in a folder beside, and swaps it in when it is whole: the old tree stays in its place until
 * then, because the running Node, the supervisor and the watchdog live in it. No install scripts are run.
 */
export const reinstallDependencies = defineAction<Record<string, never>, Snapshot>({
  id: 'reinstall_dependencies',
  why: 'Packages are missing or damaged: install what the lockfile says, without install scripts.',
  risk: 1,
  timeLimitMs: 170_000,
  parseArgs: exactly({}),
  precondition: (ctx) => {
    if (readDependencyFaults(ctx.appRoot).length === 0) return refuse('all packages are there')
    if (!isWritableFolder(ctx.appRoot)) return refuse('the folder of the program is not ours to write')
    return findProgram('npm', ctx.environment) ? HOLDS : refuse('no npm on the PATH: install npm 11 or newer')
  },
  plan: () => 'npm ci --ignore-scripts beside node_modules, then swap the new tree in',
  snapshot: (ctx) => ({
    hadModules: lookAt(modulesOf(ctx)) !== undefined,
    developer: hasDeveloperPackages(ctx.appRoot),
  }),
  act: async (ctx, _args, { hadModules, developer }) => {
    const staging = stagingOf(ctx)
    mkdirSync(staging, { mode: 0o755 })
    for (const name of INPUT_FILES) {
      if (existsSync(join(ctx.appRoot, name))) copyFileSync(join(ctx.appRoot, name), join(staging, name))
    }
    const complaint = await install(ctx, developer)
    if (complaint) throw new Error(complaint)
    ctx.progress('act:installed')
    if (hadModules) renameSync(modulesOf(ctx), brokenOf(ctx))
    ctx.progress('act:moved')
    renameSync(join(staging, 'node_modules'), modulesOf(ctx))
    return { note: 'installed the packages of the lockfile anew' }
  },
  undo: (ctx, _args, { hadModules }) => {
    const staging = stagingOf(ctx)
    // Swapped in already: out again, into the folder that is removed below.
    const isSwapped = hadModules
      ? lookAt(brokenOf(ctx))
      : lookAt(join(staging, 'package.json')) && !lookAt(join(staging, 'node_modules'))
    if (isSwapped && lookAt(modulesOf(ctx))) renameSync(modulesOf(ctx), join(staging, `discarded-${ctx.repairId}`))
    if (lookAt(brokenOf(ctx))) renameSync(brokenOf(ctx), modulesOf(ctx))
    rmSync(staging, { recursive: true, force: true })
  },
  postcondition: (ctx) => {
    const [fault] = readDependencyFaults(ctx.appRoot)
    return fault ? refuse(`${fault.where}: ${fault.what}`) : HOLDS
  },
  finish: (ctx) => {
    rmSync(stagingOf(ctx), { recursive: true, force: true })
    rmSync(brokenOf(ctx), { recursive: true, force: true })
  },
  examples: {
    allowed: [{}],
    refused: [{ args: { package: 'left-pad' }, reason: 'the lockfile says what is installed, nobody else' }],
  },
})
