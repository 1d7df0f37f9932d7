import type { Asked } from '../../../src/shared/approvals/approvals.ts'
import type { Instant } from '../../../src/shared/clock.ts'

/** One thing that a process does with the approvals of a folder. */
export type Step = { readonly now: Instant } & (
  | { readonly do: 'ask'; readonly asked: Asked }
  | { readonly do: 'answer'; readonly id: string; readonly verdict: 'approved' | 'denied' }
  | { readonly do: 'use'; readonly id: string; readonly digest: string }
  | { readonly do: 'expire' }
)

/** A moment so many milliseconds after a fixed one. */
export function momentAt(ms: number): Instant {
  return { monoMs: 1_000_000 + ms, at: new Date(Date.UTC(2026, 10, 20) + ms).toISOString() }
}

/** What is asked in the tests: one deed of recovery, named by a number. */
export function askedFor(number: number, lastsMs = 1_000): Asked {
  const deed = {
    kind: 'recovery',
    action: 'set_heap_limit',
    args: { mb: number },
    sourceHash: 'f'.repeat(64),
    binding: 'I7',
  } as const
  return { deed, plan: `let the heap grow to ${number} MiB`, reason: 'because', by: 'model', lastsMs }
}
