/** `ottugi service install` and `uninstall`: everything is decided and looked at first, then done step by step, each said. */
import { execFile } from 'node:child_process'
import { existsSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findProgram } from '../../repair/findProgram.ts'
import { findInstalled, type InstalledUnit, listInstalled, readText, unitFolder } from '../../service/installed.ts'
import { type Call, createCall, exposureOf } from '../../service/programs.ts'
import { refusalOf } from '../../service/refusal.ts'
import { perform, type Step } from '../../service/steps.ts'
import { findUser, lookAtSystemd, ownerOf, type SystemdHost } from '../../service/systemdHost.ts'
import { installSteps, uninstallSteps } from '../../service/systemdSteps.ts'
import { type UnitFile, type UnitSpec, unitFiles } from '../../service/systemdUnit.ts'
import { conflictOf, planUnits, type UnitConflict } from '../../service/unitPlan.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import { type Phrase, phrase } from '../../shared/messages/phrase.ts'
import { text, textOf } from '../../shared/messages/text.ts'
import { appRoot, homePaths } from '../../shared/paths.ts'
import { printedCommand } from '../../shared/printedCommand.ts'
import { mainFile } from '../../shared/rescueFolder.ts'
import type { CliContext } from '../context.ts'
import { awaitRing } from '../lifecycle/awaitRing.ts'
import { tellNone } from './serviceNone.ts'
import { prepare } from './servicePrepare.ts'

type InstallOptions = {
  readonly system?: boolean
  readonly runAs?: string
  readonly name: string
  readonly tools: boolean
  readonly start: boolean
  readonly force?: boolean
  readonly dryRun?: boolean
  /** `--home` was given: it is taken at its word. */
  readonly isHomeNamed?: boolean
}

const DEFAULT_USER = 'ottugi'
/** Home of a system service that nobody named one for. */
const SYSTEM_HOME = '/var/lib/ottugi'
const READY_LIMIT_MS = 60_000
const PREPARE_LIMIT_MS = 120_000
/** Beside the rescue: install switched lingering on, so that uninstall may switch it off. */
const LINGER_MARK = 'linger-by-install'

/** `service install`. */
export async function install(context: CliContext, options: InstallOptions): Promise<number> {
  const { language, environment, err } = context
  const scope = options.system ? 'system' : 'user'
  const isHomeNamed = options.isHomeNamed === true || Boolean(environment['OTTUGI_HOME'])
  const home = options.system && !isHomeNamed ? SYSTEM_HOME : context.home
  const host = lookAtSystemd(home, environment)
  const { name, runAs: user } = options
  const refusal = refusalOf({ scope, name, home, root: appRoot, ...(user === undefined ? {} : { user }) }, host)
  if (refusal) return say(err, textOf(language, refusal.words), refusal.code)
  const other = listInstalled(environment).find(
    (unit) => unit.home === home && (unit.name !== name || unit.scope !== scope),
  )
  if (other) return say(err, alreadyServed(context, other), EXIT.refused)
  const spec = specOf(home, environment, options)
  const wrongUser = options.system ? await userProblem(spec) : undefined
  if (wrongUser) return say(err, textOf(language, wrongUser), EXIT.refused)
  const folder = unitFolder(scope, environment)
  const plan = planUnits(unitFiles(spec), { folder, home, force: options.force === true }, readText)
  if (!plan.ok) return tellConflict(context, plan.conflict)
  const call = createCall(host, environment)
  const steps = installSteps({
    ...{ spec, changes: plan.changes, host, call, start: options.start, isHomeThere: existsSync(home) },
    prepare: () => prepareAs(context, spec, ['--start'].slice(options.start ? 0 : 1)),
  })
  if (options.dryRun) return tellDry(context, 'service.dryRun', steps, unitFiles(spec))
  const problem = await perform(steps, teller(context))
  if (problem) return say(err, textOf(language, problem), EXIT.failed)
  const isNowLingering = !host.lingers && lookAtSystemd(home, environment).lingers
  if (scope === 'user' && isNowLingering) writeFileSync(join(spec.rescue, LINGER_MARK), '', { mode: 0o600 })
  return outcome(context, spec, call, options.start)
}

/** Two services of one home would end each other's processes. */
function alreadyServed({ language }: CliContext, { path, home }: InstalledUnit): string {
  return text(language, 'service.alreadyServed', { path, home, command: printedCommand('service uninstall', home) })
}

function specOf(home: string, environment: NodeJS.ProcessEnv, options: InstallOptions): UnitSpec {
  const user = options.runAs ?? DEFAULT_USER
  const runsAs = options.system ? findUser(user)?.uid : process.getuid?.()
  return {
    ...{ scope: options.system ? 'system' : 'user', name: options.name, home, root: appRoot, tools: options.tools },
    rescue: homePaths(home).rescue,
    path: pathOf(environment),
    isProgramOurs: runsAs !== undefined && ownerOf(appRoot) === runsAs,
    ...(options.system ? { user } : {}),
  }
}

/** The pinned Node first, then the usual places, then where this call's npm lies: a repair needs it. */
export function pathOf(environment: NodeJS.ProcessEnv): string {
  const usual = ['/usr/local/bin', '/usr/bin', '/bin']
  const npm = (environment['PATH'] ?? '').split(':').find((folder) => folder && existsSync(join(folder, 'npm')))
  return [...new Set([dirname(process.execPath), ...usual, ...(npm ? [npm] : [])])].join(':')
}

/** The user of a system service must own the home, where there is one, and be able to read the program. */
async function userProblem({ user = DEFAULT_USER, home, root }: UnitSpec): Promise<Phrase | undefined> {
  const found = findUser(user)
  const owner = ownerOf(home)
  if (owner !== undefined && owner !== found?.uid) return phrase('service.homeOfOther', { home, owner, user })
  // One that is not made yet may no more than nobody may.
  const reader = found ?? findUser('nobody')
  if (!reader) return undefined
  const reason = await runAs(reader, [mainFile(), '--version'], {})
  return reason === undefined ? undefined : phrase('service.programClosed', { user, root, reason })
}

/** In our own home at once; in that of a system service as its user. */
async function prepareAs(context: CliContext, spec: UnitSpec, words: readonly string[]): Promise<string | undefined> {
  if (spec.scope === 'user') {
    return prepare(context, { start: words.includes('--start'), undo: words.includes('--undo') })
  }
  const user = findUser(spec.user ?? DEFAULT_USER)
  if (!user) return `the user ${spec.user} is missing`
  const env = { HOME: spec.home, OTTUGI_LANGUAGE: context.language }
  return runAs(user, [mainFile(), 'service', 'prepare', ...words, '--home', spec.home], env)
}

/** Runs our own program as another user, with none of our groups; gives what went wrong. */
export function runAs(
  user: { readonly uid: number; readonly gid: number },
  words: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const options = {
    ...user,
    cwd: '/',
    env: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', ...env },
    timeout: PREPARE_LIMIT_MS,
  }
  return new Promise((resolve) => {
    execFile(process.execPath, [...words], options, (error, _out, stderr) =>
      resolve(error ? stderr.trim() || error.message : undefined),
    )
  })
}

async function outcome(context: CliContext, spec: UnitSpec, call: Call, isStarted: boolean): Promise<number> {
  const { language, out, err } = context
  const unit = `${spec.name}.service`
  const score = spec.scope === 'system' ? await exposureOf(call, unit) : undefined
  if (score !== undefined) out(text(language, 'service.exposure', { score }))
  if (spec.isProgramOurs && !isNpmInReach(spec)) err(text(language, 'service.noNpm', { path: spec.path }))
  if (!isStarted) {
    const command = spec.scope === 'user' ? `systemctl --user start ${unit}` : `sudo systemctl start ${unit}`
    return say(out, text(language, 'service.installedOnly', { unit, command }), EXIT.ok)
  }
  const { isReady } = await awaitRing(homePaths(spec.home), READY_LIMIT_MS)
  if (isReady) return say(out, text(language, 'service.installed', { unit }), EXIT.ok)
  const command = printedCommand('service logs', spec.home)
  return say(err, text(language, 'service.notUp', { unit, seconds: READY_LIMIT_MS / 1_000, command }), EXIT.failed)
}

/** A system service does not see the homes of people: an npm that lies there is none for it. */
function isNpmInReach({ scope, path }: UnitSpec): boolean {
  const npm = findProgram('npm', { PATH: path })
  return npm !== undefined && !(scope === 'system' && /^\/(home|root)\//.test(realpathSync(npm)))
}

/** `service uninstall`: only what carries our mark and this home's name. */
export async function uninstall(
  context: CliContext,
  options: { readonly force?: boolean; readonly dryRun?: boolean },
): Promise<number> {
  const { language, paths, environment, out, err } = context
  const found = findInstalled(paths.home, environment)
  if (!found) return tellNone(context, EXIT.ok)
  const host = lookAtSystemd(found.home, environment)
  const refusal = refusalOf({ ...found, root: appRoot }, host)
  if (refusal) return say(err, textOf(language, refusal.words), refusal.code)
  if (found.isEdited && !options.force) return tellConflict(context, editOf(found))
  const steps = uninstallSteps(uninstallParts(context, found, host))
  if (options.dryRun) return tellDry(context, 'service.dryRunRemove', steps, [])
  const problem = await perform(steps, teller(context))
  if (problem) return say(err, textOf(language, problem), EXIT.failed)
  const command = printedCommand('start', found.home)
  return say(
    out,
    text(language, 'service.removed', { unit: `${found.name}.service`, home: found.home, command }),
    EXIT.ok,
  )
}

function uninstallParts(context: CliContext, found: InstalledUnit, host: SystemdHost) {
  const { rescue } = homePaths(found.home)
  const alert = join(dirname(found.path), `${found.name}-alert.service`)
  const user = userLine(readText(found.path) ?? '')
  const spec = {
    ...found,
    root: appRoot,
    rescue,
    path: '',
    tools: true,
    isProgramOurs: false,
    ...(user ? { user } : {}),
  }
  const lingerOf = existsSync(join(rescue, LINGER_MARK)) ? host.user : undefined
  return {
    ...{ scope: found.scope, name: found.name, paths: [found.path, alert], rescue, lingerOf },
    call: createCall(host, context.environment),
    undo: () => prepareAs(context, spec, ['--undo']),
  }
}

function userLine(unit: string): string | undefined {
  return /^User=(.+)$/m.exec(unit)?.[1]
}

function editOf({ path, home }: InstalledUnit): UnitConflict {
  const there = readText(path) ?? ''
  return conflictOf(there, '', path, home) ?? { why: 'edited', path, home, diff: '' }
}

function tellConflict({ language, err }: CliContext, { why, path, home, diff }: UnitConflict): number {
  err(text(language, `service.${why}`, { path, home }))
  if (why !== 'otherHome') err(diff)
  return EXIT.refused
}

function tellDry(
  context: CliContext,
  head: 'service.dryRun' | 'service.dryRunRemove',
  steps: readonly Step[],
  files: readonly UnitFile[],
): number {
  const { language, out } = context
  out(text(language, head))
  for (const { say: words } of steps) out(`  ${textOf(language, words)}`)
  for (const { name, text: content } of files) out(`\n# ${name}\n${content}`)
  return EXIT.ok
}

function teller({ language, out, err }: CliContext): (words: Phrase, isTrouble: boolean) => void {
  return (words, isTrouble) => (isTrouble ? err(textOf(language, words)) : out(`  ${textOf(language, words)}`))
}

function say(print: (text: string) => void, words: string, code: number): number {
  print(words)
  return code
}
