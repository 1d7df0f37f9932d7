/** How a finding is told: with a name that stays the same, why it matters, and what mends it. */
import type { Finding } from '../../guardian/check.ts'
import type { Language } from '../../shared/messages/message.ts'
import { type MessageKey, table } from '../../shared/messages/table.ts'
import { text } from '../../shared/messages/text.ts'
import { printedCommand } from '../../shared/printedCommand.ts'
import { isFixable } from './fix.ts'

/** A finding as `--json` prints it. `id` is `check.fault`: a script may rely on it. */
export type ToldFinding = Finding & {
  readonly id: string
  /** Why it matters; empty for what is well. */
  readonly why: string
  /** What mends it, in words; empty where nothing has to be done. */
  readonly how: string
}

/** Adds what a reader needs. */
export function toldFinding(finding: Finding, language: Language, home: string): ToldFinding {
  const { check, fault } = finding
  return { id: `${check}.${fault}`, ...finding, why: whyOf(fault, language), how: howOf(finding, language, home) }
}

/** Why a fault matters, in a sentence; empty for one that nobody said anything of. */
export function whyOf(fault: string, language: Language): string {
  const key = `doctor.why.${fault}`
  return Object.hasOwn(table, key) ? table[key as MessageKey][language] : ''
}

function howOf(finding: Finding, language: Language, home: string): string {
  const { repair, human } = finding
  if (repair && isFixable(finding)) {
    return text(language, 'doctor.fixable', { command: printedCommand('doctor --fix', home), action: repair.action })
  }
  if (human) return human
  return repair ? text(language, 'doctor.atStart', { action: repair.action }) : ''
}
