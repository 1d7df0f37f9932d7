import { createHash } from 'node:crypto'
import { lockfileOf } from '../shared/lockedPackages.ts'
import type { HomePaths } from '../shared/paths.ts'
import { fileHash } from './knownGoodFile.ts'

/** Names everything that a person may have changed to make a start go well: settings file, `.env`, lockfile. Holds no part of their text. */
export function inputsHash(paths: HomePaths, appRoot: string): string {
  const parts = [paths.settings, paths.env, lockfileOf(appRoot)].map(fileHash)
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16)
}
