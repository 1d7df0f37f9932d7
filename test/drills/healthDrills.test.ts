/** Rows 5, 6, 7 and 24 of the fault matrix: a slow `/health`, leaks, floods of log; the same drills as behind `ottugi drill`. */
import { describe, expect, it } from 'vitest'
import { runDrill } from '../../src/drill/drill.ts'
import { LEAK_DRILLS } from '../../src/drill/faults/leaks.ts'
import { LOG_FLOOD_DRILLS } from '../../src/drill/faults/logFlood.ts'
import { SLOW_HEALTH_DRILLS } from '../../src/drill/faults/slowHealth.ts'

describe.each([
  ['a slow /health', SLOW_HEALTH_DRILLS],
  ['leaks', LEAK_DRILLS],
  ['floods of log', LOG_FLOOD_DRILLS],
])('%s', (_, drills) => {
  for (const drill of drills) {
    const missing = drill.missing?.()
    it.skipIf(missing !== undefined)(`${drill.id}${missing ? ` (${missing})` : ''}`, async () => {
      const result = await runDrill(drill)
      expect(result.ok, result.note).toBe(true)
    })
  }
})
