import type { AgentView, Policy, Symptom } from './watch.ts'

/** What one look at the agent means, before any history. */
export type Verdict =
  | { readonly kind: 'up' }
  /** On its way: starting, draining, or without a link for a moment. */
  | { readonly kind: 'coming' }
  /** It may be down, and it may be the machine: certain only after `limitMs`. */
  | { readonly kind: 'doubtful'; readonly symptom: Symptom; readonly limitMs: number }
  | { readonly kind: 'down'; readonly symptom: Symptom }

/** A missing link is nothing in the first moments: the worker connects while the process loads, and a new watchdog has none yet. */
export const LINK_GRACE_MS = 3_000
/** A machine that starves the agent or waits for a disk gets this many times the hang limit before it counts as a hang. */
const STARVED_FACTOR = 10
/** Below this share of a core a runnable process that is silent was not given time, it does not spin. */
const STARVED_CPU_SHARE = 0.05

/** PURE. Judges one look: only what is certain is called down. */
export function judge(agent: AgentView, now: number, policy: Policy): Verdict {
  if (!agent.alive || !agent.identity) return { kind: 'down', symptom: 'exited' }
  if (agent.procState === 'T') {
    const isCertain = agent.link === 'closed' || agent.silentMs > policy.silentMs
    return isCertain ? { kind: 'down', symptom: 'stopped' } : { kind: 'coming' }
  }
  return agent.link === 'closed' ? judgeWithoutLink(agent, policy) : judgeByLink(agent, now, policy)
}

function judgeWithoutLink(agent: AgentView, policy: Policy): Verdict {
  if (agent.linkClosedForMs < LINK_GRACE_MS) return { kind: 'coming' }
  if (agent.healthFailures >= policy.failureThreshold) return { kind: 'down', symptom: 'unreachable' }
  return agent.healthPassed ? { kind: 'up' } : { kind: 'coming' }
}

function judgeByLink(agent: AgentView, now: number, policy: Policy): Verdict {
  const patient = policy.hangMs * STARVED_FACTOR
  if (agent.silentMs > policy.silentMs) return { kind: 'doubtful', symptom: 'silent', limitMs: patient }
  const isBusy = agent.busyUntil !== null && now < agent.busyUntil
  if (agent.mainAgeMs > policy.hangMs && !isBusy) {
    return isStarved(agent)
      ? { kind: 'doubtful', symptom: 'blocked', limitMs: patient }
      : { kind: 'down', symptom: 'blocked' }
  }
  return agent.phase === 'ready' ? { kind: 'up' } : { kind: 'coming' }
}

/** Waiting for a disk (D), or runnable without being given time: the machine's fault, a restart would only add load. */
function isStarved(agent: AgentView): boolean {
  return agent.procState === 'D' || (agent.procState === 'R' && agent.cpuShare < STARVED_CPU_SHARE)
}
