import { fstatSync } from 'node:fs'
import { type PathRefusal, type Place, withFile } from './paths.ts'

/** Permission bits and size of a file, whatever is in it. */
export type FileMode = { readonly ok: true; readonly mode: number; readonly bytes: number }

/** Looks at a file by its descriptor. */
export function modeOf(place: Place): FileMode | PathRefusal {
  return withFile<FileMode | PathRefusal>(place, (fd) => {
    const { mode, size } = fstatSync(fd)
    return { ok: true, mode: mode & 0o777, bytes: size }
  })
}
