import { statfsSync } from 'node:fs'

/** Limits of free room below which the disk is low, and full, for us. */
export const DISK = {
  lowBytes: 64 * 1_024 * 1_024,
  fullBytes: 24 * 1_024 * 1_024,
  lowInodes: 2_000,
  fullInodes: 200,
} as const

/** Free room of the file system that a home lies on. */
export type DiskRoom = {
  readonly freeBytes: number
  /** Null where the file system counts none (btrfs). */
  readonly freeInodes: number | null
  readonly isLow: boolean
  readonly isFull: boolean
}

/** Reads the free room for an ordinary user. */
export function readDiskRoom(path: string): DiskRoom {
  const { bavail, bsize, files, ffree } = statfsSync(path)
  const freeBytes = bavail * bsize
  const freeInodes = files > 0 ? ffree : null
  const inodes = freeInodes ?? Number.POSITIVE_INFINITY
  return {
    freeBytes,
    freeInodes,
    isLow: freeBytes < DISK.lowBytes || inodes < DISK.lowInodes,
    isFull: freeBytes < DISK.fullBytes || inodes < DISK.fullInodes,
  }
}
