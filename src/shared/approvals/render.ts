import { canonicalJson } from '../canonicalJson.ts'
import type { Language } from '../messages/message.ts'
import { text } from '../messages/text.ts'
import { shortVisible } from '../visibleText.ts'
import type { Approval } from './approval.ts'

/** Longest value that is shown, in characters; more is cut and counted. */
const MAX_SHOWN = 600
/** So much of a digest tells two questions apart. */
const DIGEST_SHOWN = 16

/**
 * What a person reads before they answer, line by line; the same on terminal, page and chat. Everything that came from elsewhere is on one line of its
 * own, with unseen characters written out and long values cut.
 */
export function renderApproval({ question, answer, state }: Approval, language: Language): string[] {
  const shown = (value: string) => shortVisible(value, MAX_SHOWN)
  const { id, plan, action, args, by, binding, reason, askedAt, expiresAt, digest } = question
  return [
    text(language, 'approvals.title', { id: shown(id), state: text(language, `approvals.${state}`) }),
    text(language, 'approvals.plan', { plan: shown(plan) }),
    text(language, 'approvals.action', { action: shown(action), args: shown(canonicalJson(args)) }),
    text(language, 'approvals.by', { by: shown(by), binding: shown(binding) || '–', reason: shown(reason) || '–' }),
    text(language, 'approvals.times', { askedAt: shown(askedAt), expiresAt: shown(expiresAt) }),
    text(language, 'approvals.digest', { digest: shown(digest.slice(0, DIGEST_SHOWN)) }),
    ...(answer?.by
      ? [
          text(language, 'approvals.answered', {
            who: shown(answer.by.who),
            channel: shown(answer.by.channel),
            at: shown(answer.at),
          }),
        ]
      : []),
  ]
}
