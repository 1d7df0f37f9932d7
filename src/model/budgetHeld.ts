/** What the calls of this process hold: the worst case of what is in flight, and the cost of what has ended and is not in the journal yet. */
import { isWithin, type Spender, type Spent, type SpentScope } from './budget.ts'

/** What was spent on the calls of a scope, as the journal knows it. */
export type Spending = (scope: SpentScope) => Spent

/** What one call holds. */
export type Holding = {
  readonly add: (amount: Spent, sign: 1 | -1) => void
  /** The call is over; what it holds now is its cost, and stays until the journal has it. */
  readonly close: () => void
}

export type Holdings = {
  readonly open: (who: Spender) => Holding
  /** What the calls of a scope hold. */
  readonly within: (scope: SpentScope) => readonly Spent[]
  /** Drops the costs that the journal has by now. */
  readonly letGoOfWritten: () => void
}

/** A cost that no journal shows after so long was not written down, and is let go, in milliseconds. */
const UNWRITTEN_MS = 10_000

/** `closed`: from how many tokens of its run on the journal has it, and until when that is waited for. */
type Held = {
  readonly who: Spender
  usd: number
  tokens: number
  closed?: { readonly fromTokens: number; readonly untilMonoMs: number }
}

/** Builds an empty one. */
export function createHoldings(spent: Spending, monoMs: () => number): Holdings {
  const open = new Set<Held>()

  const letGoOfWritten = () => {
    for (const held of open) {
      if (!held.closed) continue
      const isWritten = spent({ run: held.who.run }).tokens >= held.closed.fromTokens
      if (isWritten || monoMs() >= held.closed.untilMonoMs) open.delete(held)
    }
  }
  const close = (held: Held) => {
    if (held.tokens === 0) return void open.delete(held)
    letGoOfWritten()
    // Costs of the same run that are not written down either come before this one.
    const before = [...open].filter(({ who, closed }) => closed && who.run === held.who.run)
    const { tokens } = sum([spent({ run: held.who.run }), ...before, held])
    held.closed = { fromTokens: tokens, untilMonoMs: monoMs() + UNWRITTEN_MS }
  }
  return {
    open: (who) => {
      const held: Held = { who, usd: 0, tokens: 0 }
      open.add(held)
      return {
        add: ({ usd, tokens }, sign) => {
          held.usd += sign * usd
          held.tokens += sign * tokens
        },
        close: () => close(held),
      }
    },
    within: (scope) => [...open].filter(({ who }) => isWithin(who, scope)),
    letGoOfWritten,
  }
}

/** All of them together. */
export function sum(amounts: readonly Spent[]): Spent {
  return amounts.reduce((all, { usd, tokens }) => ({ usd: all.usd + usd, tokens: all.tokens + tokens }), {
    usd: 0,
    tokens: 0,
  })
}
