import type { Incident } from '../../../../../src/shared/incident.ts'
import { dashboardPageMessages } from '../../../../../src/shared/messages/dashboardPage.ts'
import { sayFrom } from '../../app/text.ts'

const t = sayFrom(dashboardPageMessages)

/** How it ended, in a word; one that is not known here is unknown. */
export function outcomeWord(outcome: Incident['outcome']): string {
  const key = `page.outcome.${outcome}` as const
  return t(Object.hasOwn(dashboardPageMessages, key) ? key : 'page.outcome.unknown')
}

/** Who healed it, or who tried last. */
export function tierWord(tier: Incident['tier']): string {
  const key = `page.tier.${tier}` as const
  return Object.hasOwn(dashboardPageMessages, key) ? t(key) : tier
}
