import { DISK_RULES, ROOM_RULES } from './diskRules.ts'
import { FILE_RULES } from './fileRules.ts'
import { PORT_RULES, WORK_RULES } from './ringRules.ts'
import type { Rule } from './rule.ts'
import { LAST_RULES, OUTSIDE_RULES, SETTINGS_RULES } from './startRules.ts'

/** The runbook: every rule, a cause before its consequences. */
export const RULES: readonly Rule[] = [
  ...DISK_RULES,
  ...FILE_RULES,
  ...PORT_RULES,
  ...SETTINGS_RULES,
  ...WORK_RULES,
  ...OUTSIDE_RULES,
  ...ROOM_RULES,
  ...LAST_RULES,
]
