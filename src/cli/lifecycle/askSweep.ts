/** Asks the owners of the databases to remove old rows while they run: the agent over HTTP, the watchdog by a file. */
import { setTimeout as delay } from 'node:timers/promises'
import { bootId, monotonicMs } from '../../shared/clock.ts'
import { callAgent } from '../../shared/http/agentApi.ts'
import { newId } from '../../shared/newId.ts'
import type { HomePaths } from '../../shared/paths.ts'
import { AGENT_AREAS, type Cutoffs, type RowArea, type RowCounts } from '../../shared/retention/rows.ts'
import { leaveSweep, readSweepAnswer, SWEEP_LASTS_MS } from '../../shared/retention/sweepRequest.ts'

/** What was removed, and why the rest was not: in words of the machine, none when all of it was done. */
export type Asked = { readonly counts: RowCounts; readonly problems: readonly string[] }

type Part = { readonly removed: RowCounts } | { readonly reason: string }

const LOOK_AGAIN_MS = 100

/** Asks both, each for what it keeps. */
export async function askSweep(paths: HomePaths, cutoffs: Cutoffs): Promise<Asked> {
  const isAgents = (area: string) => AGENT_AREAS.some((own) => own === area)
  const entries = Object.entries(cutoffs) as [RowArea, string][]
  const agents = Object.fromEntries(entries.filter(([area]) => isAgents(area)))
  const watchdogs = Object.fromEntries(entries.filter(([area]) => !isAgents(area)))
  const parts = [
    ...(Object.keys(agents).length > 0 ? [await askAgentTo(paths, agents)] : []),
    ...(Object.keys(watchdogs).length > 0 ? [await askWatchdog(paths, watchdogs)] : []),
  ]
  const counts = Object.assign({}, ...parts.map((part) => ('removed' in part ? part.removed : {}))) as RowCounts
  return { counts, problems: parts.flatMap((part) => ('reason' in part ? [part.reason] : [])) }
}

async function askAgentTo(paths: HomePaths, cutoffs: Cutoffs): Promise<Part> {
  const result = await callAgent(paths, { method: 'POST', path: '/api/data/sweep', body: cutoffs, scope: 'admin' })
  if (!result.ok) return { reason: `agent: ${result.why === 'problem' ? result.detail : result.why}` }
  return { removed: (result.value as { removed?: RowCounts }).removed ?? {} }
}

async function askWatchdog(paths: HomePaths, cutoffs: Cutoffs): Promise<Part> {
  const key = newId(Date.now())
  const expiresMonoMs = monotonicMs() + SWEEP_LASTS_MS
  leaveSweep(paths, { key, cutoffs, bootId: bootId(), expiresMonoMs })
  while (monotonicMs() < expiresMonoMs) {
    const answer = readSweepAnswer(paths, key)
    if (answer) return answer
    await delay(LOOK_AGAIN_MS)
  }
  return { reason: 'watchdog: no answer' }
}
