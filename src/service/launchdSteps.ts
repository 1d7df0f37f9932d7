/** What install and uninstall do under launchd, as steps in their order. Nothing here is done yet. */
import { mkdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { writeFileDurably } from '../shared/atomicFile.ts'
import { lineDiff } from '../shared/lineDiff.ts'
import { phrase } from '../shared/messages/phrase.ts'
import { type LaunchdKind, labelOf, originOfPlist } from './launchdPlist.ts'
import type { Call } from './programs.ts'
import { ownStep, runStep, type Step } from './steps.ts'
import type { UnitChange, UnitConflict } from './unitPlan.ts'

/** launchd refuses a property list that others may write to; everybody may read it, it holds no secret. */
const PLIST_MODE = 0o644

/** Which of launchd's domains a service belongs to, and where its file lies. */
export type LaunchdPlace = { readonly kind: LaunchdKind; readonly uid: number; readonly userFolder: string }

/** `gui/<uid>` begins with the login of its user, `system` with the boot. */
export function domainOf({ kind, uid }: LaunchdPlace): string {
  return kind === 'daemon' ? 'system' : `gui/${uid}`
}

/** The file of a service. */
export function plistPath({ kind, userFolder }: LaunchdPlace, name: string): string {
  const folder = kind === 'daemon' ? '/Library/LaunchDaemons' : `${userFolder}/Library/LaunchAgents`
  return `${folder}/${labelOf(name)}.plist`
}

/** PURE. What is done with the file, or what stands in the way: an edit by hand, a file that is not ours, or that serves another home. */
export function planPlist(
  wanted: { readonly path: string; readonly text: string; readonly home: string },
  there: string | undefined,
  force: boolean,
): { readonly ok: true; readonly change: UnitChange } | { readonly ok: false; readonly conflict: UnitConflict } {
  const { path, text, home } = wanted
  if (there === undefined) return { ok: true, change: { path, text, what: 'create' } }
  if (there === text) return { ok: true, change: { path, text, what: 'same' } }
  const origin = originOfPlist(there)
  const why = !origin ? 'foreign' : origin.home !== home ? 'otherHome' : origin.isEdited ? 'edited' : undefined
  if (why === undefined || force) return { ok: true, change: { path, text, what: 'update' } }
  return { ok: false, conflict: { why, path, home: origin?.home ?? '', diff: lineDiff(there, text) } }
}

/** What an install is made from. `prepare` fills the home, as the user that the service runs as. */
export type LaunchdInstall = {
  readonly place: LaunchdPlace
  readonly name: string
  readonly change: UnitChange
  readonly rescue: string
  readonly call: Call
  readonly prepare: () => Promise<string | undefined>
  readonly start: boolean
}

/** Install: the rescue, the file, and what makes launchd read it. A service that is loaded with an older file is taken out first. */
export function launchdInstallSteps(parts: LaunchdInstall): readonly Step[] {
  const { place, name, change, rescue, call, prepare, start } = parts
  const domain = domainOf(place)
  const service = `${domain}/${labelOf(name)}`
  const load = [
    ...(change.what === 'update' ? [bootout(call, service)] : []),
    runStep(call, ['launchctl', ['enable', service]]),
    // What is loaded already cannot be loaded again, and need not be.
    runStep(
      call,
      ['launchctl', ['bootstrap', domain, change.path]],
      change.what === 'same' ? { otherwise: phrase('launchd.loadedAlready') } : {},
    ),
    runStep(call, ['launchctl', ['kickstart', service]]),
  ]
  return [
    { say: phrase('service.stepRescue', { folder: rescue }), act: prepare },
    writeStep(change),
    ...(start ? load : []),
  ]
}

/** Uninstall: the same things in the other order. Ending the service ends the ring, in good order. */
export function launchdUninstallSteps(
  parts: Pick<LaunchdInstall, 'place' | 'name' | 'rescue' | 'call'> & {
    readonly undo: () => Promise<string | undefined>
  },
): readonly Step[] {
  const { place, name, rescue, call, undo } = parts
  const path = plistPath(place, name)
  return [
    bootout(call, `${domainOf(place)}/${labelOf(name)}`),
    ownStep(phrase('service.stepRemove', { path }), () => rmSync(path, { force: true })),
    { say: phrase('service.stepRemove', { path: rescue }), act: undo },
  ]
}

function bootout(call: Call, service: string): Step {
  return runStep(call, ['launchctl', ['bootout', service]], { otherwise: phrase('launchd.notLoaded') })
}

function writeStep({ path, text, what }: UnitChange): Step {
  if (what === 'same') return { say: phrase('service.stepSame', { path }) }
  const say = what === 'create' ? phrase('service.stepCreate', { path }) : phrase('service.stepUpdate', { path })
  return ownStep(say, () => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 })
    writeFileDurably(path, text, PLIST_MODE)
  })
}
