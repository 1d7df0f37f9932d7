/** A stranger who fills the disk: one file that grows, or ever more files. */
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** Fills what is free at this moment; `clear` takes all of it away again. */
export type Filler = { readonly fill: () => void; readonly clear: () => void }

const LARGE = Buffer.alloc(1_024 * 1_024, 0x2e)
/** The smallest thing that a file system gives out. */
const SMALL = LARGE.subarray(0, 4_096)

/** Takes every free byte of the disk that `folder` lies on. */
export function fillerOfBytes(folder: string): Filler {
  const file = join(folder, 'filler')
  return {
    fill() {
      const fd = openSync(file, 'a')
      try {
        for (const piece of [LARGE, SMALL]) while (fits(() => writeSync(fd, piece) === piece.length));
      } finally {
        closeSync(fd)
      }
    },
    clear: () => rmSync(file, { force: true }),
  }
}

/** Takes every free inode of it. */
export function fillerOfInodes(folder: string): Filler {
  const below = join(folder, 'filler')
  let count = 0
  const add = () => {
    closeSync(openSync(join(below, `${count}`), 'wx'))
    count++
    return true
  }
  return {
    fill() {
      if (fits(() => mkdirSync(below, { recursive: true }) !== null)) while (fits(add));
    },
    clear: () => rmSync(below, { recursive: true, force: true }),
  }
}

function fits(write: () => boolean): boolean {
  try {
    return write()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false
    throw error
  }
}
