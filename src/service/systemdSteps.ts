/** What install and uninstall do under systemd, as steps in their order. Nothing here is done yet. */
import { chmodSync, lchownSync, mkdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { writeFileDurably } from '../shared/atomicFile.ts'
import { phrase } from '../shared/messages/phrase.ts'
import { type Call, systemctl } from './programs.ts'
import { ownStep, runStep, type Step } from './steps.ts'
import { findUser, type SystemdHost } from './systemdHost.ts'
import type { UnitSpec } from './systemdUnit.ts'
import type { UnitChange } from './unitPlan.ts'

/** Unit files are no secret: systemd and everybody may read them. */
const UNIT_MODE = 0o644

/** What the steps are made from. `prepare` fills the home, as the user that the service runs as. */
export type InstallParts = {
  readonly spec: UnitSpec
  readonly changes: readonly UnitChange[]
  readonly host: SystemdHost
  readonly call: Call
  readonly isHomeThere: boolean
  readonly prepare: () => Promise<string | undefined>
  readonly start: boolean
}

/** Install: the user and the home (a system service), the rescue, the units, the boot, the logout, the start. */
export function installSteps({
  spec,
  changes,
  host,
  call,
  isHomeThere,
  prepare,
  start,
}: InstallParts): readonly Step[] {
  const { scope, name } = spec
  const isNew = changes.some(({ what }) => what !== 'same')
  const isRenewed = changes.some(({ what }) => what === 'update')
  const unit = `${name}.service`
  return [
    ...(scope === 'system' ? ownUser(spec, call, isHomeThere) : []),
    { say: phrase('service.stepRescue', { folder: spec.rescue }), act: prepare },
    ...changes.map(writeStep),
    ...(isNew ? [runStep(call, systemctl(scope, 'daemon-reload'))] : []),
    runStep(call, systemctl(scope, 'enable', unit)),
    ...(scope === 'user' && !host.lingers ? [lingerStep(call, host.user)] : []),
    // Not waited for: the start may have to put packages back first. Lines that were changed count from the next start on.
    ...(start ? [runStep(call, systemctl(scope, isRenewed ? 'restart' : 'start', '--no-block', unit))] : []),
  ]
}

function writeStep({ path, text, what }: UnitChange): Step {
  if (what === 'same') return { say: phrase('service.stepSame', { path }) }
  const say = what === 'create' ? phrase('service.stepCreate', { path }) : phrase('service.stepUpdate', { path })
  return ownStep(say, () => {
    makeOpenFolder(dirname(path))
    writeFileDurably(path, text, UNIT_MODE)
    // Whatever the umask took away.
    chmodSync(path, UNIT_MODE)
  })
}

/** With all that is missing above it: systemd, and whom a service runs as, must get through, although we make everything else for ourselves alone. */
function makeOpenFolder(path: string): void {
  const before = process.umask(0o022)
  try {
    mkdirSync(path, { recursive: true, mode: 0o755 })
  } finally {
    process.umask(before)
  }
}

function lingerStep(call: Call, user: string): Step {
  const command = `loginctl enable-linger ${user}`
  return runStep(call, ['loginctl', ['enable-linger', user]], {
    say: phrase('service.stepLinger', { command }),
    otherwise: phrase('service.lingerByHand', { command }),
  })
}

function ownUser({ user = 'ottugi', home }: UnitSpec, call: Call, isHomeThere: boolean): Step[] {
  const words = [
    '--system',
    '--user-group',
    '--home-dir',
    home,
    '--no-create-home',
    '--shell',
    '/usr/sbin/nologin',
    user,
  ]
  const userStep = { ...runStep(call, ['useradd', words]), say: phrase('service.stepUser', { user }) }
  const homeStep = ownStep(phrase('service.stepHome', { home }), () => {
    const found = findUser(user)
    if (!found) throw new Error(`the user ${user} is missing`)
    makeOpenFolder(dirname(home))
    mkdirSync(home, { mode: 0o700 })
    // Of what is there now, never of what somebody put in its place a link to.
    lchownSync(home, found.uid, found.gid)
  })
  return [...(findUser(user) ? [] : [userStep]), ...(isHomeThere ? [] : [homeStep])]
}

/** What uninstall is made from. `undo` takes the rescue out of the home, as the user that the service ran as. */
export type UninstallParts = {
  readonly scope: UnitSpec['scope']
  readonly name: string
  readonly paths: readonly string[]
  readonly rescue: string
  readonly call: Call
  readonly undo: () => Promise<string | undefined>
  /** Install had switched it on; the user whose it is. */
  readonly lingerOf: string | undefined
}

/** Uninstall: the same things in the other order. */
export function uninstallSteps({ scope, name, paths, rescue, call, undo, lingerOf }: UninstallParts): readonly Step[] {
  return [
    runStep(call, systemctl(scope, 'disable', '--now', `${name}.service`)),
    ...paths.map((path) => ownStep(phrase('service.stepRemove', { path }), () => rmSync(path, { force: true }))),
    runStep(call, systemctl(scope, 'daemon-reload')),
    { say: phrase('service.stepRemove', { path: rescue }), act: undo },
    ...(lingerOf === undefined ? [] : [runStep(call, ['loginctl', ['disable-linger', lingerOf]])]),
  ]
}
