import type { HomePaths } from '../shared/paths.ts'
import { readPlainText } from './plainText.ts'

/** The settings file as it is, or null where it cannot be read as text at all. */
export function settingsTextOf(paths: HomePaths): string | null {
  try {
    return readPlainText(paths.settings) ?? null
  } catch {
    return null
  }
}
