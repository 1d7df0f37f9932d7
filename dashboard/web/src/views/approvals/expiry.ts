/** PURE. What waits, what was answered, and how long is left. */
import type { ShownApproval } from '../../../../contractViews.ts'

/** How long a question can still be answered, in milliseconds; 0 when its time is over, null where its time cannot be read. */
export function leftMs({ expiresAt }: Pick<ShownApproval, 'expiresAt'>, nowMs: number): number | null {
  const endMs = Date.parse(expiresAt)
  return Number.isNaN(endMs) ? null : Math.max(0, endMs - nowMs)
}

/** `4:05`, from an hour on `1:04:05`. A part of a second that is left counts as one. */
export function countdown(ms: number): string {
  const seconds = Math.ceil(ms / 1_000)
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60]
  const tail = String(seconds % 60).padStart(2, '0')
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`
}

/** Those that can be answered, the most urgent first, and the others, the newest first. By this page's clock a late one is none to be answered. */
export function splitApprovals(
  approvals: readonly ShownApproval[],
  nowMs: number,
): { readonly waiting: readonly ShownApproval[]; readonly past: readonly ShownApproval[] } {
  const isWaiting = (approval: ShownApproval) => approval.state === 'waiting' && leftMs(approval, nowMs) !== 0
  return {
    waiting: approvals.filter(isWaiting).toSorted((a, b) => a.expiresAt.localeCompare(b.expiresAt)),
    past: approvals.filter((approval) => !isWaiting(approval)).toSorted((a, b) => b.askedAt.localeCompare(a.askedAt)),
  }
}
