import { constants, copyFileSync, existsSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { CHECKOUT_LOCKFILE, installCommand, lockfileOf } from '../../shared/lockedPackages.ts'
import { isWritableFolder } from '../../shared/paths.ts'
import { underProgramMask } from '../../shared/programMask.ts'
import { type ActionContext, defineAction, HOLDS, refuse } from '../action.ts'
import { exactly } from '../closedSet.ts'
import { hasDeveloperPackages, readDependencyFaults, wasMendedInPart } from '../dependencyState.ts'
import { lookAt } from '../fileState.ts'
import { findProgram } from '../findProgram.ts'
import { lookAtHeld, moveFile } from '../heldFile.ts'
import { ensureFolder, inFolder } from '../heldFolder.ts'
import { linkSoundPackages } from '../linkPackages.ts'
import { endLeftNpm, runNpm } from '../runNpm.ts'

/** A registry that cannot be reached, or has not what is asked: another way of installing would fail of the same. */
const OF_THE_REGISTRY =
  /\b(E404|E40[13]|E5\d\d|ECONN\w+|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)\b|did not end in time/
type Snapshot = { readonly hadModules: boolean; readonly developer: boolean }

const modulesOf = (ctx: ActionContext) => join(ctx.appRoot, 'node_modules')
const brokenOf = (ctx: ActionContext) => join(ctx.appRoot, `node_modules.broken-${ctx.repairId}`)
/** Beside `node_modules`, so that the finished tree comes to its place by one rename. */
const stagingOf = (ctx: ActionContext) => join(ctx.appRoot, `.ottugi-install-${ctx.repairId}`)

/** Removes a folder beside `node_modules`; a link in its place goes, and what it leads to stays. */
function discard({ appRoot }: ActionContext, path: string): void {
  inFolder(appRoot, appRoot, (at) => rmSync(at(basename(path)), { recursive: true, force: true }))
}

/** What is missing, beside links to what is there: false where that cannot be done, and the staging folder is empty again. */
async function installMissing(ctx: ActionContext, developer: boolean): Promise<boolean> {
  const staging = stagingOf(ctx)
  const faulty = new Set(readDependencyFaults(ctx.appRoot).map(({ where }) => where))
  // Once believed and still at fault: not a second time.
  if (wasMendedInPart(ctx.appRoot) || faulty.has('node_modules')) return false
  let complaint: string | undefined
  try {
    linkSoundPackages(ctx.appRoot, staging, faulty)
    complaint = await runNpm(ctx, staging, 'missing', developer)
  } catch (error) {
    complaint = (error as Error).message
  }
  if (complaint && OF_THE_REGISTRY.test(complaint)) throw new Error(complaint)
  if (complaint) inFolder(ctx.appRoot, staging, (at) => rmSync(at('node_modules'), { recursive: true, force: true }))
  return complaint === undefined
}

async function install(ctx: ActionContext, developer: boolean): Promise<void> {
  await underProgramMask(async () => {
    if (await installMissing(ctx, developer)) return
    const complaint = await runNpm(ctx, stagingOf(ctx), 'whole', developer)
    if (complaint) throw new Error(complaint)
  })
}

/**
 * Installs packages of the lockfile anew, in a folder beside, and swaps it in when it is whole: the old tree stays in its place until
 * then, because the running Node, the supervisor and the watchdog live in it. No install scripts are run. Only what is missing is fetched, the
 * rest is linked from the old tree; where that was done before and did not help, everything is.
 */
export const reinstallDependencies = defineAction<Record<string, never>, Snapshot>({
  id: 'reinstall_dependencies',
  why: 'Packages are missing or damaged: install what the lockfile says, without install scripts.',
  risk: 1,
  timeLimitMs: 170_000,
  parseArgs: exactly({}),
  precondition: (ctx) => {
    if (readDependencyFaults(ctx.appRoot).length === 0 && !wasMendedInPart(ctx.appRoot)) {
      return refuse('all packages are there')
    }
    if (!isWritableFolder(ctx.appRoot)) return refuse('the folder of the program is not ours to write')
    return findProgram('npm', ctx.environment) ? HOLDS : refuse('no npm on the PATH: install npm 11 or newer')
  },
  plan: () =>
    'npm install --ignore-scripts beside node_modules of what is missing, or of everything, then swap the new tree in',
  snapshot: (ctx) => ({
    hadModules: lookAt(modulesOf(ctx)) !== undefined,
    developer: hasDeveloperPackages(ctx.appRoot),
  }),
  act: async (ctx, _args, { hadModules, developer }) => {
    const staging = stagingOf(ctx)
    ensureFolder(ctx.appRoot, ctx.appRoot, basename(staging))
    inFolder(ctx.appRoot, staging, (at) => {
      // npm knows the lockfile by one name only.
      const inputs = [lockfileOf(ctx.appRoot), ...['package.json', '.npmrc'].map((name) => join(ctx.appRoot, name))]
      for (const [index, from] of inputs.entries()) {
        const name = index === 0 ? CHECKOUT_LOCKFILE : basename(from)
        if (existsSync(from)) copyFileSync(from, at(name), constants.COPYFILE_EXCL)
      }
    })
    await install(ctx, developer).catch((error) => {
      // This note is what a person reads in the alert.
      throw new Error(`${(error as Error).message}; by hand: ${installCommand(ctx.appRoot)}`, { cause: error })
    })
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
