/** `ottugi recovery judge`: what would be said of each proposal on the input, by the very judge that recovery asks. Touches nothing. */
import { corroborates } from '../../recovery/corroborate.ts'
import { gatherFacts } from '../../recovery/gatherFacts.ts'
import { triesIn } from '../../recovery/hands.ts'
import { type JudgeContext, judge } from '../../recovery/judge.ts'
import { ACTIONS } from '../../repair/actions/table.ts'
import { loadSettings } from '../../shared/config/load.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import { text } from '../../shared/messages/text.ts'
import { appRoot } from '../../shared/paths.ts'
import { visibleText } from '../../shared/visibleText.ts'
import type { CliContext, CliInput } from '../context.ts'

/** Longest line that is read as a proposal, in characters; what is longer is none. */
const MAX_LINE = 64 * 1_024

/** One JSON object a line in, one verdict a line out. Exits 2 where a line was no proposal. */
export async function judgeInput(context: CliContext): Promise<number> {
  const { out, err, language, input } = context
  const judging = await contextOf(context)
  let number = 0
  let isEveryLineGood = true
  for await (const line of linesOf(input)) {
    number++
    if (line.trim() === '') continue
    const proposal = parse(line)
    if (proposal) {
      const { verdict, reason } = judge(proposal, judging)
      out(JSON.stringify({ ...proposal, verdict, reason: visibleText(reason) }))
      continue
    }
    isEveryLineGood = false
    const reason = text(language, 'recovery.badLine', { line: number })
    out(JSON.stringify({ line: number, verdict: 'refused', reason }))
    err(reason)
  }
  return isEveryLineGood ? EXIT.ok : EXIT.usage
}

async function contextOf({ paths, environment }: CliContext): Promise<JudgeContext> {
  const facts = await gatherFacts({ paths, appRoot, environment, symptom: null, fault: null })
  const loaded = loadSettings({ settingsFile: paths.settings, envFile: paths.env, environment })
  return {
    actions: ACTIONS,
    // Settings that cannot be read may forbid it.
    autonomy: loaded.ok ? loaded.settings.recovery.autonomy : 'none',
    facts,
    isHealthy: facts.isAgentAlive,
    corroborates,
    triedLately: triesIn(paths, 'unknown'),
  }
}

function parse(line: string): { readonly action: string; readonly args: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value !== 'object' || value === null) return undefined
    const { action, args = {} } = value as { action?: unknown; args?: unknown }
    return typeof action === 'string' ? { action, args } : undefined
  } catch {
    return undefined
  }
}

/** Lines of bounded length: of a longer one only its beginning is kept. */
async function* linesOf(input: CliInput): AsyncGenerator<string> {
  input.setEncoding('utf8')
  let rest = ''
  for await (const chunk of input) {
    const pieces = String(chunk).split('\n')
    for (const [index, piece] of pieces.entries()) {
      rest = (rest + piece).slice(0, MAX_LINE)
      if (index === pieces.length - 1) continue
      yield rest
      rest = ''
    }
  }
  if (rest !== '') yield rest
}
