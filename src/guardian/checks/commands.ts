import { findProgram } from '../../repair/findProgram.ts'
import type { Check } from '../check.ts'
import { say } from '../say.ts'

/** Are the commands that the owner requires on the PATH? */
export const commands: Check = {
  id: 'commands',
  title: 'required commands',
  look: ({ settings, environment, language }) =>
    (settings?.guardian.requireCommands ?? [])
      .filter((name) => !findProgram(name, environment))
      .map((name) => ({
        check: 'commands',
        severity: 'fail',
        what: say(language, 'guardian.commandMissing', { name }),
        fault: 'command-missing',
        human: say(language, 'guardian.commandMissing.human'),
      })),
}
