import { NO_USAGE, type Usage } from './modelCall.ts'

/** One attempt that was made. */
export type Attempt = { readonly usage: Usage; readonly usd: number; readonly latencyMs: number }

/** What one call has come to so far, over all its attempts and models. */
export type Tally = {
  attempts: number
  /** In a lane, for a provider, or because the budget is short, in milliseconds. */
  waitedMs: number
  /** The part of it that counts against the patience. */
  troubleMs: number
  /** Of the last attempt, in milliseconds. */
  latencyMs: number
  costUsd: number
  usage: Usage
  /** A piece of the answer was handed over: it can neither be taken back nor be asked for again. */
  hasSpoken: boolean
  readonly warnings: string[]
  readonly add: (attempt: Attempt) => void
}

/** A tally of nothing. */
export function createTally(): Tally {
  const tally: Tally = {
    attempts: 0,
    waitedMs: 0,
    troubleMs: 0,
    latencyMs: 0,
    costUsd: 0,
    usage: NO_USAGE,
    hasSpoken: false,
    warnings: [],
    add: ({ usage, usd, latencyMs }) => {
      tally.attempts++
      tally.latencyMs = latencyMs
      tally.costUsd += usd
      tally.usage = plus(tally.usage, usage)
    },
  }
  return tally
}

function plus(one: Usage, other: Usage): Usage {
  return {
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    cacheReadTokens: one.cacheReadTokens + other.cacheReadTokens,
    cacheWriteTokens: one.cacheWriteTokens + other.cacheWriteTokens,
  }
}
