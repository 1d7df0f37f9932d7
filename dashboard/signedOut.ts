/** Sessions that were signed out before their time, so that a cookie which somebody kept is worth nothing: `run/signed-out.json`. */
import { join } from 'node:path'
import { writeFileDurably } from '../src/shared/atomicFile.ts'
import { readSmallJson } from '../src/shared/smallFile.ts'
import type { Session } from './session.ts'

/** The list. */
export type SignedOut = {
  readonly has: (id: string) => boolean
  readonly add: (session: Session, nowMs: number) => void
}

/** More than this would be no people; the oldest go first. Fits in a small file. */
const MOST = 500

/** Reads the list; what has run out is forgotten. A list that cannot be written still holds for this process. */
export function openSignedOut(folder: string): SignedOut {
  const file = join(folder, 'signed-out.json')
  const ends = new Map(Object.entries(asRecord(readSmallJson(file))))
  return {
    has: (id) => ends.has(id),
    add: ({ id, endsMs }, nowMs) => {
      ends.set(id, endsMs)
      for (const [old, until] of ends) if (until <= nowMs) ends.delete(old)
      for (const old of [...ends.keys()].slice(0, -MOST)) ends.delete(old)
      try {
        writeFileDurably(file, JSON.stringify(Object.fromEntries(ends)))
      } catch {
        // A full disk must not keep a person signed in.
      }
    },
  }
}

function asRecord(value: unknown): Record<string, number> {
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(Object.entries(value).filter(([, until]) => typeof until === 'number'))
}
