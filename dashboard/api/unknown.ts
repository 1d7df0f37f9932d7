/** What could not be read, in words for a person. */
import { MISSING } from '../../src/shared/heldDatabase.ts'
import type { Language } from '../../src/shared/messages/message.ts'
import { text } from '../../src/shared/messages/text.ts'
import { shortVisible } from '../../src/shared/visibleText.ts'
import type { Reading } from '../../src/shared/watchdogReader.ts'
import type { Unknown } from '../contract.ts'

const LONGEST_REASON = 300

/** Why a reading failed, in a sentence. */
export function whyUnread(language: Language, given: string): string {
  if (given === MISSING) return text(language, 'dashboardServer.missing')
  if (/database (?:table )?is locked/.test(given)) return text(language, 'dashboardServer.locked')
  const reason = shortVisible(given, LONGEST_REASON)
  if (/no such (?:table|column)/.test(given)) return text(language, 'dashboardServer.otherForm', { reason })
  return text(language, 'dashboardServer.unreadable', { reason })
}

/** The failed ones of some readings, each thing and reason once. */
export function unknownOf(
  language: Language,
  readings: readonly { readonly what: string; readonly reading: Reading<unknown> }[],
): Unknown[] {
  const failed = readings.flatMap(({ what, reading }) =>
    reading.ok ? [] : [{ what, why: whyUnread(language, reading.reason) }],
  )
  return [...new Map(failed.map((one) => [`${one.what}\n${one.why}`, one])).values()]
}
