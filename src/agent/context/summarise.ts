/** Has a summary written by a quick model, through the gate of all model calls: budget, lanes and prices hold for it as for every other call. */
import type { ModelGate } from '../runs/ports.ts'
import { SUMMARY_PROMPT } from './compaction.ts'
import type { Summarise, Summary } from './compactor.ts'

/** A run waits for its summary; after so long it goes on without one, in milliseconds. */
const LONGEST_MS = 60_000

/** Builds it. A summary that was cut at the longest answer is none. Never rejects for what a model does. */
export function createSummarise(ask: ModelGate['ask']): Summarise {
  return async (text, { session, run = '' }): Promise<Summary> => {
    const answer = await ask(
      { system: SUMMARY_PROMPT, turns: [{ role: 'user', text }], task: 'quick' },
      { run, session, signal: AbortSignal.timeout(LONGEST_MS), onText: () => {} },
    )
    const { model, provider, usage, costUsd, latencyMs } = answer
    const spent = {
      model,
      provider,
      usage,
      costUsd,
      latencyMs,
      stopReason: answer.ok ? answer.stopReason : answer.kind,
    }
    if (!answer.ok) return { ok: false, reason: answer.reason, spent }
    if (answer.stop !== 'end') return { ok: false, reason: 'the summary was cut off', spent }
    return { ok: true, text: answer.text.trim(), spent }
  }
}
