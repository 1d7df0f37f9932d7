/** What `ottugi incidents ID` tells of recovery: every proposal with its verdict, the model's calls, the masked evidence. */
import type { MessageKey } from '../../shared/messages/table.ts'
import { text } from '../../shared/messages/text.ts'
import type { ModelCallRecord, ProposalRecord } from '../../shared/recoveryResult.ts'
import type { KeptRecovery } from '../../shared/watchdogReader.ts'
import type { CliContext } from '../context.ts'
import { formatDuration, formatTime } from '../duration.ts'
import { safeLines, terminalSafe } from '../terminalSafe.ts'

/** Prints one run of recovery. */
export function tellRecovery(context: CliContext, recovery: KeptRecovery): void {
  const { language, out } = context
  const { evidence, proposals, modelCalls } = recovery
  const at = formatTime(recovery.at)
  out(
    evidence
      ? text(language, 'incidents.recovery', { at, faultClass: evidence.faultClass, signature: evidence.signature })
      : text(language, 'incidents.noEvidence', { at }),
  )
  for (const proposal of proposals) out(`  ${proposalLine(context, proposal)}`)
  for (const call of modelCalls) out(`  ${callLine(context, call)}`)
  if (!evidence) return
  out(`  ${text(language, 'incidents.shown')}`)
  for (const line of safeLines(evidence.shown.trimEnd()).split('\n')) out(`    ${line}`)
}

function proposalLine({ language }: CliContext, proposal: ProposalRecord): string {
  return text(language, 'incidents.proposal', {
    by: terminalSafe(proposal.rule ?? proposal.by),
    action: terminalSafe(proposal.action),
    args: terminalSafe(JSON.stringify(proposal.args)),
    verdict: text(language, verdictKey(proposal)),
    reason: terminalSafe(proposal.reason),
  })
}

type VerdictKey = Extract<MessageKey, `incidents.verdict.${string}`>

function verdictKey({ verdict, ok, undone }: ProposalRecord): VerdictKey {
  if (verdict !== 'allowed') return `incidents.verdict.${verdict}`
  if (ok) return 'incidents.verdict.done'
  return undone ? 'incidents.verdict.undone' : 'incidents.verdict.failed'
}

function callLine({ language }: CliContext, call: ModelCallRecord): string {
  return text(language, 'incidents.modelCall', {
    model: terminalSafe(call.model),
    outcome: terminalSafe(call.outcome),
    input: call.inputTokens,
    output: call.outputTokens,
    cost: call.costUsd.toFixed(4),
    latency: formatDuration(call.latencyMs, language),
  })
}
