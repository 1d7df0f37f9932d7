import { readTextIfThere } from '../shared/atomicFile.ts'
import type { HomePaths } from '../shared/paths.ts'

/** The settings file as it is, or null where it cannot be read as text at all. */
export function settingsTextOf(paths: HomePaths): string | null {
  try {
    return readTextIfThere(paths.settings) ?? null
  } catch {
    return null
  }
}
