/** The call that writes a summary: what is asked, and what counts as an answer. */
import { expect, it } from 'vitest'
import { createSummarise } from '../../../src/agent/context/summarise.ts'
import type { LoopAnswer, ModelGate } from '../../../src/agent/runs/ports.ts'
import { NO_USAGE } from '../../../src/model/modelCall.ts'

const facts = { model: 'q', provider: 'p', usage: NO_USAGE, costUsd: 0.5, latencyMs: 9 }
const spent = (stopReason: string) => ({ ...facts, stopReason })
const answered = (stop: 'end' | 'max-tokens'): LoopAnswer => ({
  ...{ ok: true, text: ' All of it.\n', calls: [], stop, stopReason: `was ${stop}`, ...facts },
})

it('asks a quick model in the name of the run, offers no tools, and hands on what it cost', async () => {
  const asked: unknown[] = []
  const ask: ModelGate['ask'] = async (request, { signal, onText, ...control }) => {
    onText('')
    asked.push({ ...request, system: typeof request.system }, control, signal.aborted)
    return answered('end')
  }
  expect(await createSummarise(ask)('record', { session: 's', run: 'r' })).toEqual({
    ok: true,
    text: 'All of it.',
    spent: spent('was end'),
  })
  const request = { system: 'string', turns: [{ role: 'user', text: 'record' }], task: 'quick' }
  expect(asked).toEqual([request, { run: 'r', session: 's' }, false])
})

it.each<[LoopAnswer, string, string]>([
  [answered('max-tokens'), 'the summary was cut off', 'was max-tokens'],
  [{ ok: false, kind: 'budget', reason: 'the day is over', ...facts }, 'the day is over', 'budget'],
])('takes no answer for one that is none: %#', async (answer, reason, stopReason) => {
  expect(await createSummarise(async () => answer)('record', { session: 's' })).toEqual({
    ok: false,
    reason,
    spent: spent(stopReason),
  })
})
