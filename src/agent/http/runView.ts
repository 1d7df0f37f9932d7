import type { Run } from '../runs/fold.ts'

/** A run as the HTTP interface shows it. `finish` is null while it is being worked on; `reason` says why it failed. */
export function runView(run: Run) {
  const end = run.end
  return {
    run: run.run,
    session: run.session,
    startedAt: run.startedAt,
    text: run.answer?.text ?? null,
    usage: run.answer?.usage ?? null,
    stopReason: run.answer?.stopReason ?? null,
    costUsd: run.costUsd,
    finish: end?.finish ?? null,
    ...(end?.finish === 'failed' ? { kind: end.kind, reason: end.reason } : {}),
  }
}
