import type { FailureKind } from '../../model/modelCall.ts'
import type { Problem } from '../../shared/http/problem.ts'
import type { Language } from '../../shared/messages/message.ts'
import { text } from '../../shared/messages/text.ts'
import type { ParkedAs } from '../../shared/parked.ts'
import { commandAnywhere } from '../../shared/printedCommand.ts'
import { keyRefused, type ModelFacts, noKey } from '../modelWords.ts'
import { releaseCommand } from '../runs/parkedWatch.ts'

/** What a sentence about a failed run needs. */
export type ProblemFacts = ModelFacts & { readonly reason: string }

type Words = { readonly status: number; readonly title: string; readonly retryAfterSec?: number }

const FAILURES: Readonly<Record<FailureKind, Words>> = {
  'no-key': { status: 503, title: 'No model key' },
  unauthorized: { status: 503, title: 'Model key refused' },
  'rate-limited': { status: 503, title: 'Provider limits the rate', retryAfterSec: 30 },
  overloaded: { status: 503, title: 'Provider overloaded', retryAfterSec: 10 },
  timeout: { status: 504, title: 'Provider too slow', retryAfterSec: 10 },
  network: { status: 502, title: 'Provider not reachable', retryAfterSec: 10 },
  refused: { status: 422, title: 'Model declined' },
  cancelled: { status: 409, title: 'Cancelled' },
  'bad-answer': { status: 502, title: 'Unusable answer' },
  budget: { status: 429, title: 'Budget used up' },
}

/** The problem that a failed run is told as. */
export function failureProblem(kind: FailureKind, facts: ProblemFacts): Problem {
  return { name: kind, ...FAILURES[kind], detail: sentence(kind, facts) }
}

function sentence(kind: FailureKind, facts: ProblemFacts): string {
  const { language, reason } = facts
  switch (kind) {
    case 'no-key':
      return noKey(facts)
    case 'unauthorized':
      return keyRefused(facts)
    case 'rate-limited':
      return text(language, 'agent.rateLimited')
    case 'overloaded':
      return text(language, 'agent.overloaded')
    case 'timeout':
      return text(language, 'agent.timeout', { reason })
    case 'network':
      return text(language, 'agent.network', { reason })
    case 'refused':
      return text(language, 'agent.refused')
    case 'cancelled':
      return text(language, 'agent.cancelled')
    case 'bad-answer':
      return text(language, 'agent.badAnswer', { reason })
    case 'budget':
      return text(language, 'agent.budget', { reason, command: raiseBudget(facts) })
  }
}

/** Twice the limit that the reason names, so that the command works as it is printed. */
function raiseBudget({ home, budget, reason }: ProblemFacts): string {
  const [, name = 'dayUsd'] = /\bbudget\.(\w+)/.exec(reason) ?? []
  return commandAnywhere(`config set budget.${name} ${Math.max(1, (budget[name] ?? 0) * 2)}`, home)
}

/** A run that this process cannot end: the successor does, or this one when the disk has room again. */
export function unsettledProblem(
  why: 'leaving' | 'storage',
  { language, reason }: Pick<ProblemFacts, 'language' | 'reason'>,
): Problem {
  if (why === 'leaving') {
    return {
      status: 503,
      name: 'leaving',
      title: 'Restarting',
      detail: text(language, 'agent.leaving'),
      retryAfterSec: 1,
    }
  }
  const detail = text(language, 'agent.storage', { reason })
  return { status: 503, name: 'storage', title: 'Journal cannot be written', detail, retryAfterSec: 10 }
}

/** What is set aside takes no messages until a person releases it. */
export function parkedProblem({ language, home }: ModelFacts, { what, entry }: ParkedAs): Problem {
  const facts = { ...entry, command: releaseCommand(entry.id, home) }
  const detail = text(language, what === 'session' ? 'agent.parkedSession' : 'agent.parkedRun', facts)
  return { status: 409, name: 'parked', title: 'Set aside', detail }
}

/** Nothing is answered in safe mode. */
export function safeModeProblem(language: Language, safeMode: { reason: string; since: string }): Problem {
  return { status: 503, name: 'safe-mode', title: 'Safe mode', detail: text(language, 'agent.safeMode', safeMode) }
}
