import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'

/** Others may write to it: whoever is on this machine decides what lies there. */
const WRITABLE_BY_OTHERS = 0o002

/**
 * The folders of the PATH that may decide what is run: absolute ones that not everybody can write to. The current folder never decides.
 * What is started gets no others either.
 */
export function trustedPath(environment: NodeJS.ProcessEnv): string[] {
  return (environment['PATH'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder) && isClosed(folder))
}

/** A program in a trusted folder of the PATH, as an absolute path. */
export function findProgram(name: string, environment: NodeJS.ProcessEnv): string | undefined {
  return trustedPath(environment)
    .map((folder) => join(folder, name))
    .find(isExecutable)
}

function isClosed(folder: string): boolean {
  try {
    const stats = statSync(folder)
    return stats.isDirectory() && (stats.mode & WRITABLE_BY_OTHERS) === 0
  } catch {
    return false
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    const stats = statSync(path)
    return stats.isFile() && (stats.mode & WRITABLE_BY_OTHERS) === 0
  } catch {
    return false
  }
}
