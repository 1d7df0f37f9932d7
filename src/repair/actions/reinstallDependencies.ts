import { spawn } from 'node:child_process'
import { closeSync, constants, copyFileSync, existsSync, openSync, readSync, realpathSync, rmSync } from 'node:fs'
import { basename, delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isAlive, isIdentity, signalIdentity } from '../../shared/identity.ts'
import { isWritableFolder } from '../../shared/paths.ts'
import { shellWord } from '../../shared/printedCommand.ts'
import { readStat } from '../../shared/procfs.ts'
import { readSmallJson } from '../../shared/smallFile.ts'
import { type ActionContext, defineAction, HOLDS, refuse } from '../action.ts'
import { exactly } from '../closedSet.ts'
import { hasDeveloperPackages, readDependencyFaults } from '../dependencyState.ts'
import { lookAt } from '../fileState.ts'
import { findProgram, trustedPath } from '../findProgram.ts'
import { lookAtHeld, moveFile, replaceFile } from '../heldFile.ts'
import { ensureFolder, inFolder } from '../heldFolder.ts'

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
const INPUT_FILES = ['package.json', 'package-lock.json', '.npmrc']
/** Packages are no secret: readable by everybody, writable by their owner. */
const PACKAGE_MASK = 0o022
/** A killed process is gone within milliseconds, unless it waits for a disk. */
const LOOK_AGAIN_MS = 20
const MAX_LOOKS = 250
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
async function endLeftNpm(ctx: ActionContext): Promise<void> {
  const left = readSmallJson(npmFile(ctx))
  if (!isIdentity(left)) return
  for (let look = 0; look < MAX_LOOKS && isAlive(left); look++) {
    signalIdentity(left, 'SIGKILL', true)
    await sleep(LOOK_AGAIN_MS)
  }
}

/** Removes a folder beside `node_modules`; a link in its place goes, and what it leads to stays. */
function discard({ appRoot }: ActionContext, path: string): void {
  inFolder(appRoot, appRoot, (at) => rmSync(at(basename(path)), { recursive: true, force: true }))
}

function install(ctx: ActionContext, developer: boolean): Promise<string | undefined> {
  const npm = findProgram('npm', ctx.environment)
  if (!npm) return Promise.resolve('no npm on the PATH')
  const [program, ...first] = commandOf(npm)
  const args = [
    ...first,
    'ci',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    ...NETWORK,
    ...(developer ? [] : ['--omit=dev']),
  ]
  return new Promise((resolve) => {
    // A group of its own: at the time limit npm and whatever it started end together. It would outlive us, so its identity is kept.
    // With our own mask everybody else would be shut out of a program that others may run as well.
    const ownMask = process.umask(PACKAGE_MASK)
    const child = spawn(program, args, {
      cwd: stagingOf(ctx),
      env: childVariables(ctx),
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    process.umask(ownMask)
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
    ensureFolder(ctx.appRoot, ctx.appRoot, basename(staging))
    inFolder(ctx.appRoot, staging, (at) => {
      for (const name of INPUT_FILES) {
        const from = join(ctx.appRoot, name)
        if (existsSync(from)) copyFileSync(from, at(name), constants.COPYFILE_EXCL)
      }
    })
    const complaint = await install(ctx, developer)
    // This note is what a person reads in the alert.
    if (complaint) throw new Error(`${complaint}; by hand: cd ${shellWord(ctx.appRoot)} && npm ci --ignore-scripts`)
    ctx.progress('act:installed')
    if (hadModules) moveFile(ctx.appRoot, modulesOf(ctx), brokenOf(ctx))
    ctx.progress('act:moved')
    moveFile(ctx.appRoot, join(staging, 'node_modules'), modulesOf(ctx))
    return { note: 'installed the packages of the lockfile anew' }
  },
  undo: async (ctx, _args, { hadModules }) => {
    await endLeftNpm(ctx)
    const { appRoot } = ctx
    const staging = stagingOf(ctx)
    const modules = modulesOf(ctx)
    const isThere = (path: string) => lookAtHeld(appRoot, path) !== undefined
    // Swapped in already: out again, into the folder that is removed below.
    const isSwapped = hadModules
      ? isThere(brokenOf(ctx))
      : isThere(join(staging, 'package.json')) && !isThere(join(staging, 'node_modules'))
    if (isSwapped && isThere(modules)) moveFile(appRoot, modules, join(staging, `discarded-${ctx.repairId}`))
    if (isThere(brokenOf(ctx))) moveFile(appRoot, brokenOf(ctx), modules)
    discard(ctx, staging)
  },
  postcondition: (ctx) => {
    const [fault] = readDependencyFaults(ctx.appRoot)
    return fault ? refuse(`${fault.where}: ${fault.what}`) : HOLDS
  },
  finish: (ctx) => {
    discard(ctx, stagingOf(ctx))
    discard(ctx, brokenOf(ctx))
  },
  examples: {
    allowed: [{}],
    refused: [{ args: { package: 'left-pad' }, reason: 'the lockfile says what is installed, nobody else' }],
  },
})
