import { lineDiff } from '../shared/lineDiff.ts'
import type { UnitFile } from './systemdUnit.ts'
import { originOf } from './unitFile.ts'

/** What is done with one unit file. */
export type UnitChange = { readonly path: string; readonly text: string; readonly what: 'create' | 'update' | 'same' }

/** What stands in the way: a file that a person edited, that is not ours, or that serves another home. */
export type UnitConflict = {
  readonly why: 'edited' | 'foreign' | 'otherHome'
  readonly path: string
  readonly home: string
  readonly diff: string
}

/** PURE. Compares what should be with what is there. A conflict changes nothing at all, unless `force`. */
export function planUnits(
  wanted: readonly UnitFile[],
  place: { readonly folder: string; readonly home: string; readonly force: boolean },
  read: (path: string) => string | undefined,
):
  | { readonly ok: true; readonly changes: readonly UnitChange[] }
  | { readonly ok: false; readonly conflict: UnitConflict } {
  const changes: UnitChange[] = []
  for (const { name, text } of wanted) {
    const path = `${place.folder}/${name}`
    const there = read(path)
    const conflict = there === undefined || there === text ? undefined : conflictOf(there, text, path, place.home)
    if (conflict && !place.force) return { ok: false, conflict }
    changes.push({ path, text, what: there === undefined ? 'create' : there === text ? 'same' : 'update' })
  }
  return { ok: true, changes }
}

/** PURE. Why a file that is there may not be touched without being told to; undefined where it is ours and as we left it. */
export function conflictOf(there: string, wanted: string, path: string, home: string): UnitConflict | undefined {
  const origin = originOf(there)
  const why = !origin ? 'foreign' : origin.home !== home ? 'otherHome' : origin.isEdited ? 'edited' : undefined
  return why && { why, path, home: origin?.home ?? '', diff: lineDiff(there, wanted) }
}
