export {
  hasDeveloperPackages,
  MENDED_IN_PART,
  readDependencyFaults,
  wasMendedInPart,
} from '../shared/dependencyState.ts'
