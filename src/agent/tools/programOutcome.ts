import type { Ran } from './runProgram.ts'
import type { ToolOutcome } from './tool.ts'

/** What the model is told of a program that was run for it: what it wrote, and how it ended. A code other than 0 is a failure that shows the output. */
export function programOutcome(
  ran: Ran,
  hintOf: (code: number | null, output: string) => string | undefined,
): ToolOutcome {
  if (!ran.ok) return { ok: false, reason: ran.reason }
  const output = ran.output.trimEnd()
  const words = endWords(ran)
  if (ran.code === 0 && ran.ended === undefined)
    return { ok: true, text: `${output === '' ? '(no output)' : output}\n${words}` }
  const hint = hintOf(ran.code, output)
  return { ok: false, reason: output === '' ? words : `${output}\n${words}`, ...(hint === undefined ? {} : { hint }) }
}

function endWords({ ended, code, signal }: Extract<Ran, { ok: true }>): string {
  if (ended === 'flood') return '[ended: it wrote too much]'
  if (ended === 'cancelled') return '[ended: it was cancelled]'
  return signal === null ? `[exit code ${code}]` : `[ended by ${signal}]`
}
