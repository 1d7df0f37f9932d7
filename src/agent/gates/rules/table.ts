/** PURE. The rules that every installation has. */
import type { Rule } from '../rule.ts'
import { CHANGE_RULES } from './changeRules.ts'
import { FORBIDDEN_OPTIONS } from './forbiddenOptions.ts'
import { FORBIDDEN_RULES } from './forbiddenRules.ts'
import { FORM_RULES } from './formRules.ts'
import { GIT_LOOKS } from './gitLooks.ts'
import { LOOK_RULES } from './lookRules.ts'
import { PATH_RULES } from './pathRules.ts'
import { TOOL_RULES } from './toolRules.ts'

/** All of them; the strictest that speaks of a deed decides. */
export const RULES: readonly Rule[] = [
  ...FORM_RULES,
  ...PATH_RULES,
  ...FORBIDDEN_RULES,
  ...FORBIDDEN_OPTIONS,
  ...CHANGE_RULES,
  ...LOOK_RULES,
  ...GIT_LOOKS,
  ...TOOL_RULES,
]
