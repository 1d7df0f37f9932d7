import { describe, expect, it } from 'vitest'
import { runDrill } from '../../src/drill/drill.ts'
import { MODEL_DRILLS } from '../../src/drill/faults/model.ts'

/** Row 25, against whole rings: what a model does that is down, silent, refusing, lying, or of no use. */
describe('a model that is no help', () => {
  it.each(MODEL_DRILLS)('$id: $title', async (drill) => {
    const result = await runDrill(drill)
    expect(result.ok, result.note).toBe(true)
  })
})
