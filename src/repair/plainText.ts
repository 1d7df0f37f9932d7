import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'

/** A file's text, or undefined where there is none. Throws where it cannot be read or is no regular file: nobody waits for a pipe that was put in its place. */
export function readPlainText(path: string): string | undefined {
  let fd: number
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  try {
    if (!fstatSync(fd).isFile()) throw new Error(`${path} is not a regular file`)
    return readFileSync(fd, 'utf8')
  } finally {
    closeSync(fd)
  }
}
