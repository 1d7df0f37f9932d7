import type { Incident } from '../../../../../src/shared/incident.ts'
import { pageMessages } from '../../app/pageMessages.ts'
import { sayFrom } from '../../app/text.ts'

const t = sayFrom(pageMessages)

/** How it ended, in a word; one that is not known here is unknown. */
export function outcomeWord(outcome: Incident['outcome']): string {
  const key = `page.outcome.${outcome}` as const
  return t(Object.hasOwn(pageMessages, key) ? key : 'page.outcome.unknown')
}

/** Who healed it, or who tried last. */
export function tierWord(tier: Incident['tier']): string {
  const key = `page.tier.${tier}` as const
  return Object.hasOwn(pageMessages, key) ? t(key) : tier
}
