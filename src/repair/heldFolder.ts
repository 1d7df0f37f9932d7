/**
 * Folders of a home, held by a descriptor while something in them is changed. Each folder on the way is opened without following links, one
 * below the other, as `openat` does; names are then looked up below the descriptor itself (`/proc/self/fd/N/name`). Whoever puts a link or
 * another folder in the place of one meanwhile changes nothing: what was opened stays what it was.
 *
 * Without /proc (macOS) each folder is looked at and its real path compared before every use: a change in the very moment between is not seen there.
 */
import { closeSync, constants, lstatSync, mkdirSync, openSync, realpathSync } from 'node:fs'
import { isAbsolute, join, relative, sep } from 'node:path'
import { O_PATH } from './fileState.ts'

/** A folder that is held: its own path, valid while it is held, and the path of a name in it. A name with a slash, or one that leads up, throws. */
export type HeldFolder = { readonly path: string; readonly at: (name: string) => string; readonly close: () => void }

const isLinux = process.platform === 'linux'

/**
 * Holds a folder of a home; the home itself may be reached through a link that its owner made, nothing below it may be one.
 * Throws with the reason where it is missing, a link, no folder, or not below the home. Close it.
 */
export function holdFolder(home: string, folder: string): HeldFolder {
  const names = namesBelow(home, folder)
  return isLinux ? holdByDescriptor(home, names) : holdByLook(home, names)
}

/** Holds a folder while `use` works in it. */
export function inFolder<T>(home: string, folder: string, use: (at: HeldFolder['at']) => T): T {
  const held = holdFolder(home, folder)
  try {
    return use(held.at)
  } finally {
    held.close()
  }
}

/** Makes a folder of the home below one that is there, open to nobody else. One that is there already stays as it is, if it is a real one. */
export function ensureFolder(home: string, parent: string, name: string): void {
  inFolder(home, parent, (at) => {
    try {
      mkdirSync(at(name), { mode: 0o700 })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  })
  holdFolder(home, join(parent, name)).close()
}

function namesBelow(home: string, folder: string): string[] {
  const below = relative(home, folder)
  if (below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below)) {
    throw new Error(`${folder} is not below the home`)
  }
  return below === '' ? [] : below.split(sep)
}

function checked(name: string): string {
  if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name)) throw new Error('a name of a file is needed')
  return name
}

function holdByDescriptor(home: string, names: readonly string[]): HeldFolder {
  let fd = openSync(home, O_PATH | constants.O_DIRECTORY)
  for (const name of names) {
    const above = fd
    try {
      fd = openSync(`/proc/self/fd/${above}/${name}`, O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW)
    } catch (error) {
      throw new Error(reasonFor(name, (error as NodeJS.ErrnoException).code), { cause: error })
    } finally {
      closeSync(above)
    }
  }
  const path = `/proc/self/fd/${fd}`
  return { path, at: (name) => `${path}/${checked(name)}`, close: () => closeSync(fd) }
}

function reasonFor(name: string, code: string | undefined): string {
  if (code === 'ENOENT') return `the folder ${name} is missing`
  return `${name} is not a folder of its own (${code ?? 'unknown'})`
}

function holdByLook(home: string, names: readonly string[]): HeldFolder {
  const folder = join(home, ...names)
  const look = () => {
    for (let count = 1; count <= names.length; count++) {
      const path = join(home, ...names.slice(0, count))
      if (!lstatSync(path).isDirectory()) throw new Error(reasonFor(names[count - 1] ?? '', 'ENOTDIR'))
    }
    if (realpathSync(folder) !== join(realpathSync(home), ...names)) throw new Error(`${folder} leads elsewhere`)
  }
  look()
  return {
    path: folder,
    at: (name) => {
      look()
      return join(folder, checked(name))
    },
    close: () => {},
  }
}
