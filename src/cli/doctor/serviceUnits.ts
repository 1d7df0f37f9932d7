/** The doctor's look at the services of systemd: they outlive what they were made for. Nothing is asked of systemd itself. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Check, Finding, GuardianContext } from '../../guardian/check.ts'
import { type InstalledUnit, listInstalled } from '../../service/installed.ts'
import { lookAtSystemd } from '../../service/systemdHost.ts'
import { text } from '../../shared/messages/text.ts'
import { homePaths } from '../../shared/paths.ts'
import { commandAnywhere, shellWord } from '../../shared/printedCommand.ts'
import { readRescueNote } from '../../shared/rescueFolder.ts'

/** Does each service of ours have its home and its program, does one home have only one, and does it run when nobody is logged in? */
export const serviceUnits: Check = {
  id: 'serviceUnits',
  title: 'services of systemd',
  look: (ctx) => {
    const units = listInstalled(ctx.environment)
    const own = units.filter(({ home }) => home === ctx.paths.home)
    return [
      ...units.flatMap((unit) => orphaned(ctx, unit)),
      ...twice(ctx, own),
      ...own.flatMap((unit) => judge(ctx, unit)),
    ]
  },
}

function orphaned({ language }: GuardianContext, { name, path, home, scope }: InstalledUnit): Finding[] {
  if (existsSync(home)) return []
  const systemctl = scope === 'user' ? 'systemctl --user' : 'sudo systemctl'
  const remove = `${systemctl} disable --now ${name}.service && ${scope === 'user' ? '' : 'sudo '}rm ${shellWord(path)}`
  const what = text(language, 'doctor.unitOrphaned', { path, home })
  const human = text(language, 'doctor.unitOrphaned.human', { command: remove })
  return [{ check: 'serviceUnits', severity: 'warn', what, fault: 'unit-orphaned', human }]
}

function twice({ language, paths }: GuardianContext, own: readonly InstalledUnit[]): Finding[] {
  if (own.length < 2) return []
  const what = text(language, 'doctor.unitTwice', { units: own.map(({ path }) => path).join(', ') })
  const command = commandAnywhere('service uninstall', paths.home)
  const human = text(language, 'doctor.unitTwice.human', { command })
  return [{ check: 'serviceUnits', severity: 'fail', what, fault: 'unit-twice', human }]
}

function judge(ctx: GuardianContext, unit: InstalledUnit): Finding[] {
  const { language, paths, environment } = ctx
  const base = { check: 'serviceUnits', severity: 'warn' } as const
  const install = commandAnywhere(unit.scope === 'user' ? 'service install' : 'service install --system', paths.home)
  const findings: Finding[] = []
  const note = readRescueNote(homePaths(unit.home))
  const gone = note ? [join(note.root, note.main)].filter((file) => !existsSync(file)) : [paths.rescue]
  if (gone[0] !== undefined) {
    const what = text(language, 'doctor.unitProgramGone', { path: unit.path, file: gone[0] })
    const human = text(language, 'doctor.unitAgain.human', { command: install })
    findings.push({ ...base, severity: 'fail', what, fault: 'unit-program-gone', human })
  }
  if (unit.isEdited) {
    const what = text(language, 'doctor.unitEdited', { path: unit.path })
    const human = text(language, 'doctor.unitEdited.human', { command: `${install} --force` })
    findings.push({ ...base, what, fault: 'unit-edited', human })
  }
  const { lingers, user } = lookAtSystemd(unit.home, environment)
  if (unit.scope === 'user' && !lingers) {
    const what = text(language, 'doctor.noLinger', { user })
    const human = text(language, 'doctor.noLinger.human', { command: `sudo loginctl enable-linger ${user}` })
    findings.push({ ...base, what, fault: 'no-linger', human })
  }
  return findings
}
