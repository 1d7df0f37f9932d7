/** Gives the reserve up and sets it aside, below folders that are held: a link in its place is never followed. */
import { closeSync, openSync, rmdirSync, writeFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { HomePaths } from '../shared/paths.ts'
import { inodeFiles, RESERVE_BYTES } from '../shared/reserve.ts'
import { lookAt } from './fileState.ts'
import { lookAtHeld, removeFile } from './heldFile.ts'
import { ensureFolder, inFolder } from './heldFolder.ts'

/** Gives up all of it; nothing happens where it is gone. */
export function giveUpReserve(paths: HomePaths): void {
  const { home, reserve, reserveInodes } = paths
  removeFile(home, reserve)
  if (!lookAtHeld(home, reserveInodes)?.isDirectory()) return
  for (const file of inodeFiles(paths)) removeFile(home, file)
}

/** Sets all of it aside, new. Not durable on purpose: losing it in a power cut costs nothing, and syncing 8 MiB costs a slow disk half a second. */
export function setReserveAside(paths: HomePaths): void {
  // What lies in its place is not written into: it may be a link.
  giveUpReserve(paths)
  makeBytes(paths, RESERVE_BYTES)
  makeInodes(paths)
}

/** Makes the file, where there is none. */
export function makeBytes({ home, reserve }: HomePaths, bytes: number): void {
  if (lookAtHeld(home, reserve)) return
  inFolder(home, dirname(reserve), (at) =>
    writeFileSync(at(basename(reserve)), Buffer.alloc(bytes), { mode: 0o600, flag: 'wx' }),
  )
}

/** Makes the empty files that are missing. */
export function makeInodes(paths: HomePaths): void {
  const { home, data, reserveInodes } = paths
  ensureFolder(home, data, basename(reserveInodes))
  inFolder(home, reserveInodes, (at) => {
    for (const file of inodeFiles(paths)) {
      if (!lookAt(at(basename(file)))) closeSync(openSync(at(basename(file)), 'wx', 0o600))
    }
  })
}

/** Takes the empty folder away too, as it was before the first reserve. One that holds something stays. */
export function removeInodeFolder({ home, data, reserveInodes }: HomePaths): void {
  inFolder(home, data, (at) => {
    try {
      rmdirSync(at(basename(reserveInodes)))
    } catch {
      // It holds something that is not ours, or was never there.
    }
  })
}
