/** `ottugi service` on a Mac: the same words as under systemd, done with launchd. Everything is looked at first, then done step by step, each said. */
import { statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { readText } from '../../service/installed.ts'
import { type InstalledPlist, listPlists } from '../../service/launchdInstalled.ts'
import { labelOf, propertyList } from '../../service/launchdPlist.ts'
import { launchdRefusal } from '../../service/launchdRefusal.ts'
import {
  domainOf,
  type LaunchdPlace,
  launchdInstallSteps,
  launchdUninstallSteps,
  planPlist,
  plistPath,
} from '../../service/launchdSteps.ts'
import { type Call, createCall } from '../../service/programs.ts'
import { perform, type Step } from '../../service/steps.ts'
import { ownerOf } from '../../service/systemdHost.ts'
import type { UnitConflict } from '../../service/unitPlan.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import { text, textOf } from '../../shared/messages/text.ts'
import { homePaths } from '../../shared/paths.ts'
import { printedCommand } from '../../shared/printedCommand.ts'
import { mainFile } from '../../shared/rescueFolder.ts'
import { alignRows } from '../columns.ts'
import type { CliContext } from '../context.ts'
import { awaitRing } from '../lifecycle/awaitRing.ts'
import { pathOf, runAs } from './serviceInstall.ts'
import { prepare } from './servicePrepare.ts'

/** What `service install` is asked for. */
export type LaunchdOptions = {
  readonly system?: boolean
  readonly runAs?: string
  readonly name: string
  readonly start: boolean
  readonly force?: boolean
  readonly dryRun?: boolean
}

/** The Mac as seen from here. */
export type Mac = { readonly uid: number; readonly userFolder: string; readonly call: Call }

const READY_LIMIT_MS = 60_000

/** The Mac that this runs on. */
export function thisMac({ environment }: Pick<CliContext, 'environment'>): Mac {
  return { uid: process.getuid?.() ?? 0, userFolder: homedir(), call: createCall({ runtimeDir: '' }, environment) }
}

/** `service install` with launchd. */
export async function installLaunchd(context: CliContext, options: LaunchdOptions, mac: Mac): Promise<number> {
  const { language, paths, environment, err } = context
  const user = options.runAs ?? environment['SUDO_USER']
  const refusal = await launchdRefusal({ ...options, home: paths.home, user }, { ...mac, ownerOf })
  if (refusal) return say(err, textOf(language, refusal.words), refusal.code)
  const place = placeOf(options.system === true, mac)
  const wanted = { path: plistPath(place, options.name), text: plistOf(context, options, user), home: paths.home }
  const plan = planPlist(wanted, readText(wanted.path), options.force === true)
  if (!plan.ok) return tellConflict(context, plan.conflict)
  const steps = launchdInstallSteps({
    ...{ place, name: options.name, change: plan.change, rescue: paths.rescue, call: mac.call, start: options.start },
    prepare: () => prepareFor(context, place, options.start ? '--start' : undefined),
  })
  if (options.dryRun) return tellDry(context, 'service.dryRun', steps, wanted)
  const problem = await perform(steps, teller(context))
  if (problem) {
    err(textOf(language, problem))
    const command = printedCommand('service install --system', paths.home)
    const isAgent = place.kind === 'agent'
    const hint = isAgent ? text(language, 'launchd.noLogin', { command }) : text(language, 'launchd.look')
    return say(err, hint, EXIT.failed)
  }
  return outcome(context, options)
}

async function outcome(context: CliContext, { name, start }: LaunchdOptions): Promise<number> {
  const { language, paths, out, err } = context
  const unit = labelOf(name)
  if (!start) {
    const command = printedCommand('service install', paths.home)
    return say(out, text(language, 'launchd.installedOnly', { unit, command }), EXIT.ok)
  }
  const { isReady } = await awaitRing(paths, READY_LIMIT_MS)
  if (isReady) return say(out, text(language, 'service.installed', { unit }), EXIT.ok)
  const command = printedCommand('service logs', paths.home)
  return say(err, text(language, 'service.notUp', { unit, seconds: READY_LIMIT_MS / 1_000, command }), EXIT.failed)
}

/** `service uninstall` with launchd: only what carries our mark and this home's name. */
export async function uninstallLaunchd(
  context: CliContext,
  options: { readonly force?: boolean; readonly dryRun?: boolean },
  mac: Mac,
): Promise<number> {
  const { language, paths, out, err } = context
  const found = findPlist(context, mac)
  if (!found) return tellNone(context, EXIT.ok)
  const place = placeOf(found.kind === 'daemon', mac)
  if (place.kind === 'daemon' && mac.uid !== 0) {
    const command = printedCommand('service uninstall', paths.home)
    return say(err, text(language, 'service.notRoot', { command }), EXIT.usage)
  }
  if (found.isEdited && !options.force) {
    return tellConflict(context, { why: 'edited', path: found.path, home: found.home, diff: '' })
  }
  const steps = launchdUninstallSteps({
    ...{ place, name: found.name, rescue: paths.rescue, call: mac.call },
    undo: () => prepareFor(context, place, '--undo'),
  })
  if (options.dryRun) return tellDry(context, 'service.dryRunRemove', steps)
  const problem = await perform(steps, teller(context))
  if (problem) return say(err, textOf(language, problem), EXIT.failed)
  const command = printedCommand('start', paths.home)
  const removed = { unit: labelOf(found.name), home: paths.home, command }
  return say(out, text(language, 'service.removed', removed), EXIT.ok)
}

/** `service status` with launchd. */
export async function statusLaunchd(context: CliContext, options: { readonly json?: boolean }, mac: Mac) {
  const { language, paths, out } = context
  const found = findPlist(context, mac)
  if (!found) {
    if (options.json) out('null')
    return options.json ? EXIT.unavailable : tellNone(context, EXIT.unavailable)
  }
  const unit = labelOf(found.name)
  const printed = await mac.call('launchctl', ['print', `${domainOf(placeOf(found.kind === 'daemon', mac))}/${unit}`])
  const state = printed.code === 0 ? (/^\s*state = (.+)$/m.exec(printed.out)?.[1] ?? 'unknown') : 'not loaded'
  const { path, isEdited: edited, home, kind } = found
  if (options.json) out(JSON.stringify({ unit, kind, path, edited, home, state }))
  else {
    const mark = edited ? ` ${text(language, 'service.wasEdited')}` : ''
    const rows = [
      [text(language, 'service.labelUnit'), `${unit}  ${path}${mark}`],
      [text(language, 'service.labelState'), state],
      [text(language, 'launchd.labelLog'), logFileOf(paths.home)],
    ]
    for (const row of alignRows(rows)) out(row)
  }
  return state === 'running' ? EXIT.ok : EXIT.unavailable
}

/** launchd keeps no journal: the file that it writes to is named. */
export function logsLaunchd({ language, paths, out }: CliContext): number {
  const command = printedCommand('logs', paths.home)
  return say(out, text(language, 'launchd.log', { file: logFileOf(paths.home), command }), EXIT.ok)
}

function findPlist({ paths }: CliContext, { userFolder }: Mac): InstalledPlist | undefined {
  return listPlists(userFolder).find(({ home }) => home === paths.home)
}

function placeOf(isDaemon: boolean, { uid, userFolder }: Mac): LaunchdPlace {
  return { kind: isDaemon ? 'daemon' : 'agent', uid, userFolder }
}

function plistOf({ paths, environment }: CliContext, options: LaunchdOptions, user: string | undefined): string {
  return propertyList({
    ...{ kind: options.system ? 'daemon' : 'agent', name: options.name, home: paths.home, rescue: paths.rescue },
    ...{ logFile: logFileOf(paths.home), path: pathOf(environment) },
    ...(options.system && user !== undefined ? { user } : {}),
  })
}

function logFileOf(home: string): string {
  return join(homePaths(home).logs, 'launchd.log')
}

/** In our own home at once; in that of a daemon as the user who owns it. */
function prepareFor(context: CliContext, { kind }: LaunchdPlace, word: '--start' | '--undo' | undefined) {
  const { paths, language } = context
  if (kind === 'agent') return prepare(context, { start: word === '--start', undo: word === '--undo' })
  const owner = statSync(paths.home, { throwIfNoEntry: false })
  if (!owner) return Promise.resolve(`${paths.home} is missing`)
  const words = [mainFile(), 'service', 'prepare', ...(word ? [word] : []), '--home', paths.home]
  return runAs({ uid: owner.uid, gid: owner.gid }, words, { HOME: paths.home, OTTUGI_LANGUAGE: language })
}

function tellNone({ language, paths, out }: CliContext, code: number): number {
  return say(out, text(language, 'service.none', { command: printedCommand('service install', paths.home) }), code)
}

function tellConflict({ language, err }: CliContext, { why, path, home, diff }: UnitConflict): number {
  err(text(language, `service.${why}`, { path, home }))
  if (diff !== '') err(diff)
  return EXIT.refused
}

function tellDry(
  { language, out }: CliContext,
  head: 'service.dryRun' | 'service.dryRunRemove',
  steps: readonly Step[],
  file?: { readonly path: string; readonly text: string },
): number {
  out(text(language, head))
  for (const { say: words } of steps) out(`  ${textOf(language, words)}`)
  if (file) out(`\n# ${file.path}\n${file.text}`)
  return EXIT.ok
}

function teller({ language, out, err }: CliContext): Parameters<typeof perform>[1] {
  return (words, isTrouble) => (isTrouble ? err(textOf(language, words)) : out(`  ${textOf(language, words)}`))
}

function say(print: (text: string) => void, words: string, code: number): number {
  print(words)
  return code
}
