/** PURE. What a person reads before they answer: exactly what would be done, with nothing unseen in it. */
import { canonicalJson } from '../../shared/canonicalJson.ts'
import { shortVisible } from '../../shared/visibleText.ts'

/** Longest plan, in characters; what is cut is counted. */
const MAX_PLAN = 2_000

/** The plan of a call. */
export function planOf(tool: string, input: unknown): string {
  const command =
    tool === 'shell' && typeof input === 'object' && input !== null
      ? (input as { command?: unknown }).command
      : undefined
  const what = typeof command === 'string' ? command.replaceAll('\n', '⏎') : canonicalJson(input)
  return `${shortVisible(tool, 64)}: ${shortVisible(what, MAX_PLAN)}`
}
