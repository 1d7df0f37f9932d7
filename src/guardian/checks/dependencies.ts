import { readDependencyFaults } from '../../repair/dependencyState.ts'
import { installCommand } from '../../shared/lockedPackages.ts'
import type { Check } from '../check.ts'
import { say } from '../say.ts'

/** Are the packages of the lockfile installed? Files only: a damaged package is not loaded to find out. */
export const dependencies: Check = {
  id: 'dependencies',
  title: 'packages',
  look: ({ appRoot, language }) => {
    const faults = readDependencyFaults(appRoot)
    const [first] = faults
    if (!first) return []
    const what = say(language, 'guardian.dependencies', {
      count: faults.length,
      first: `${first.where} (${first.what})`,
    })
    const human = say(language, 'guardian.dependencies.human', { command: installCommand(appRoot) })
    return [
      {
        check: 'dependencies',
        severity: 'fail',
        what,
        fault: 'dependencies',
        human,
        repair: { action: 'reinstall_dependencies', args: {} },
      },
    ]
  },
}
