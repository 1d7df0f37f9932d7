import { describe, expect, it } from 'vitest'
import { runDrill } from '../../src/drill/drill.ts'
import { DRILLS } from '../../src/drill/drills.ts'

const FIRST_ROW = 8
const LAST_ROW = 15

/** Real rings, real faults: the guardian's rows of the fault matrix, as `ottugi drill` runs them. */
describe('the guardian heals', () => {
  for (const drill of DRILLS.filter(({ row }) => row >= FIRST_ROW && row <= LAST_ROW)) {
    const missing = drill.missing?.()
    it.skipIf(missing !== undefined)(`${drill.id}: ${drill.title}${missing ? ` (${missing})` : ''}`, async () => {
      const result = await runDrill(drill)
      expect(result.ok, result.note).toBe(true)
    })
  }
})
