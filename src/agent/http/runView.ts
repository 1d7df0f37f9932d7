import type { RunEvent } from '../journal/event.ts'
import type { Run } from '../runs/fold.ts'

/** A run as the HTTP interface shows it. `finish` is null while it is being worked on; `reason` says why it ended; `waiting` are calls that a person is asked about. */
export function runView(run: Run) {
  const end = run.end
  const waiting = waitingOf(run)
  return {
    run: run.run,
    session: run.session,
    startedAt: run.startedAt,
    text: run.text,
    usage: run.answer?.usage ?? null,
    stopReason: run.answer?.stopReason ?? null,
    costUsd: run.costUsd,
    finish: end?.finish ?? null,
    ...(end && 'kind' in end ? { kind: end.kind } : {}),
    ...(end && 'reason' in end ? { reason: end.reason } : {}),
    ...(waiting.length > 0 ? { waiting } : {}),
  }
}

function waitingOf({ calls, end }: Run) {
  if (end) return []
  return calls.flatMap(({ call, decision, ended }) =>
    decision?.verdict === 'ask' && !ended
      ? [{ call: call.id, tool: call.name, approval: decision.approval ?? null, reason: decision.reason }]
      : [],
  )
}

/** An event as a client sees it: without what only a provider can read, and without the bytes of pictures. */
export function eventView({ seq, at, type, data }: RunEvent) {
  const { native: _native, images, ...shown } = data as { native?: unknown; images?: readonly { mediaType: string }[] }
  const pictures = images ? { images: images.map(({ mediaType }) => ({ mediaType })) } : {}
  return { seq, at, type, data: { ...shown, ...pictures } }
}
