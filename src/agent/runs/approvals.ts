/** The approvals of the loop over the one approval mechanism: the deed is exactly one call of one run. */
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Deed, digestOf } from '../../shared/approvals/approval.ts'
import { ask, expire, find, use } from '../../shared/approvals/approvals.ts'
import { canonicalJson } from '../../shared/canonicalJson.ts'
import type { Instant } from '../../shared/clock.ts'
import type { Approvals, AskedCall, Said } from './ports.ts'

/** What the approvals of the loop work with. */
export type LoopApprovals = {
  /** Where questions are kept. */
  readonly folder: string
  readonly now: () => Instant
  /** How long a question stays open, in milliseconds. */
  readonly lastsMs: number
  /** How often it is looked for an answer that another process wrote down, in milliseconds. */
  readonly lookEveryMs?: number
}

/** An answer is wanted at once and costs three small files to look for. */
const LOOK_EVERY_MS = 200
/** Longest text in the arguments that a person is shown whole, in characters; a longer one stands there by its hash and its beginning. */
const MAX_SHOWN = 400

/** Builds them. */
export function createApprovals({ folder, now, lastsMs, lookEveryMs = LOOK_EVERY_MS }: LoopApprovals): Approvals {
  return {
    ask: (call) => {
      // A question that was asked before a kill and answered meanwhile is this very question.
      const { tool: by, plan, reason } = call
      return ask(folder, { deed: deedOf(call), plan, reason, by, lastsMs }, now())
    },
    wait: async (id, signal) => {
      for (;;) {
        if (signal.aborted) return 'withdrawn'
        const said = saidOf(find(folder, id, now())?.state)
        if (said === 'expired') expire(folder, now())
        if (said) return said
        await sleep(lookEveryMs, undefined, { signal }).catch(() => {})
      }
    },
    use: (id, call) => {
      const digest = digestOf(deedOf(call))
      const used = use(folder, id, digest, now())
      if (used.ok) return used
      const isOurs = used.why === 'used' && find(folder, id, now())?.question.digest === digest
      return isOurs ? { ok: true } : { ok: false, reason: used.reason }
    },
  }
}

/** What a state means for whoever waits; undefined while nothing was said. A yes that was used is looked at by `use`. */
function saidOf(state: string | undefined): Said | undefined {
  if (state === 'waiting') return undefined
  if (state === 'approved' || state === 'used') return 'approved'
  return state === 'expired' ? 'expired' : 'denied'
}

function deedOf({ run, call, tool, input, sourceHash }: AskedCall): Deed {
  return { kind: 'agent', action: tool, args: shown(input), sourceHash, binding: `${run}:${call}` }
}

/** Arguments as a person can read them. Long texts are named by their SHA-256, so that the yes is still a yes to exactly this text. */
function shown(value: unknown): unknown {
  if (typeof value === 'string' && value.length > MAX_SHOWN) {
    const sha256 = createHash('sha256').update(value).digest('hex')
    return { begins: value.slice(0, MAX_SHOWN), characters: value.length, sha256 }
  }
  if (Array.isArray(value)) return value.map(shown)
  if (typeof value !== 'object' || value === null) return value === undefined ? null : value
  return Object.fromEntries(Object.entries(JSON.parse(canonicalJson(value))).map(([key, one]) => [key, shown(one)]))
}
