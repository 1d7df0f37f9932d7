/** Rows 16 and 20 of the fault matrix: a disk without room, and packages that are damaged or gone. The same drills as behind `ottugi drill`. */
import { describe, expect, it } from 'vitest'
import { runDrill } from '../../src/drill/drill.ts'
import { DISK_DRILLS } from '../../src/drill/faults/disk.ts'
import { PACKAGE_DRILLS } from '../../src/drill/faults/packages.ts'

describe.each([
  ['the disk', DISK_DRILLS],
  ['the packages', PACKAGE_DRILLS],
])('%s', (_, drills) => {
  it.each(drills.map((drill) => [drill.id, drill] as const))('%s', async (_id, drill) => {
    const result = await runDrill(drill)
    // Where the kernel allows no file system of one's own, or no npm is there, it says so.
    if (result.notRun !== null) return console.warn(`${drill.id} was not run: ${result.notRun}`)
    expect(result.ok, result.note).toBe(true)
  })
})
