/** Rows 1–4, 17–19 and 21–23 of the fault matrix: the same drills as behind `ottugi drill`. */
import { describe, expect, it } from 'vitest'
import { runDrill } from '../../src/drill/drill.ts'
import { PROCESS_DRILLS } from '../../src/drill/faults/agentProcess.ts'
import { CRASH_LOOP_DRILLS } from '../../src/drill/faults/crashLoop.ts'
import { SUPERVISOR_DRILLS } from '../../src/drill/faults/supervisor.ts'
import { TIME_DRILLS } from '../../src/drill/faults/time.ts'

describe.each([
  ['the process of the agent', PROCESS_DRILLS],
  ['the clock', TIME_DRILLS],
  ['crash loops', CRASH_LOOP_DRILLS],
  ['supervisor, watchdog and pairs', SUPERVISOR_DRILLS],
])('%s', (_, drills) => {
  it.each(drills.map((drill) => [drill.id, drill] as const))('%s', async (_id, drill) => {
    expect(drill.missing?.() ?? '').toBe('')
    const result = await runDrill(drill)
    expect(result.ok, result.note).toBe(true)
  })
})
