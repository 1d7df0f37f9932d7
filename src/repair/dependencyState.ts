export { hasDeveloperPackages, readDependencyFaults } from '../shared/dependencyState.ts'
