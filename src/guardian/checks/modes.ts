import { accessSync, constants } from 'node:fs'
import { lookAt, modeBits } from '../../repair/fileState.ts'
import { judgeMode, modeRule, OWN_FILES, type OwnFile } from '../../repair/ownFiles.ts'
import { shellWord } from '../../shared/printedCommand.ts'
import type { Check, Finding, GuardianContext } from '../check.ts'
import { say } from '../say.ts'

/** Do our files belong to us, open to nobody else and closed to nobody of us? */
export const modes: Check = {
  id: 'modes',
  title: 'owner and mode of our files',
  look: (ctx) => OWN_FILES.flatMap((file) => judge(ctx, file)),
}

function judge(ctx: GuardianContext, file: OwnFile): Finding[] {
  const { path } = modeRule(ctx.paths, file)
  const base = { check: 'modes', severity: 'warn' as const }
  const fault = judgeMode(ctx.paths, file, ctx.uid)
  if (fault === undefined) return []
  if (fault === 'wrong-mode') {
    const stats = lookAt(path)
    const mode = stats ? modeBits(stats).toString(8) : '?'
    const what = say(ctx.language, 'guardian.wrongMode', { file, mode })
    return [
      {
        ...base,
        severity: canUse(path) ? 'warn' : 'fail',
        what,
        fault,
        repair: { action: 'set_mode', args: { file } },
      },
    ]
  }
  if (fault === 'wrong-kind') {
    const what = say(ctx.language, 'guardian.wrongKind', { file })
    return [{ ...base, what, fault, human: say(ctx.language, 'guardian.wrongKind.human', { path: shellWord(path) }) }]
  }
  const severity = canUse(path) && file !== 'home' ? 'warn' : 'fail'
  const what = say(ctx.language, 'guardian.wrongOwner', { file })
  const human = say(ctx.language, 'guardian.wrongOwner.human', { uid: ctx.uid, path: shellWord(path) })
  return [{ ...base, severity, what, fault, human }]
}

function canUse(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK)
    return true
  } catch {
    return false
  }
}
