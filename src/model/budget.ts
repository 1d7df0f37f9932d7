/** PURE. The limits that one call is held against, and what a limit says of it. */
import type { WorstCase } from './prices.ts'

/** What was consumed. */
export type Spent = { readonly usd: number; readonly tokens: number }

/** Which calls are summed up: those of a run, a session, a session tree (by its root) or a job, since a moment (ISO 8601, UTC). No word sums up all. */
export type SpentScope = {
  readonly run?: string
  readonly session?: string
  readonly tree?: string
  readonly job?: string
  readonly sinceAt?: string
}

/** Who makes a call. `tree` is the root of its session tree; without it the session is its own root. `limits` are of this run, below those of the settings. */
export type Spender = {
  readonly run: string
  readonly session: string
  readonly tree?: string
  readonly job?: string
  readonly limits?: { readonly usd?: number; readonly tokens?: number }
}

/** The limits of the settings; 0 sets none, but for the money of a day. */
export type BudgetLimits = {
  readonly dayUsd: number
  readonly monthUsd: number
  readonly runUsd: number
  readonly sessionUsd: number
  readonly jobUsd: number
  readonly dayTokens: number
  readonly monthTokens: number
  readonly runTokens: number
  readonly sessionTokens: number
  readonly jobTokens: number
  readonly warnPercent: number
  readonly slowPercent: number
  readonly slowMs: number
}

/** What a limit is of. */
export type LimitName = 'run' | 'session' | 'job' | 'day' | 'month'

/** One limit; undefined sets none. `key` names it for as long as it counts. */
export type Limit = {
  readonly name: LimitName
  readonly key: string
  readonly scope: SpentScope
  readonly usd: number | undefined
  readonly tokens: number | undefined
}

/** When the day and the month of now began, ISO 8601, UTC. */
export type Periods = { readonly dayAt: string; readonly monthAt: string }

/** A limit with what it has left to say. */
export type Excess = {
  readonly limit: Limit
  readonly unit: 'usd' | 'tokens'
  readonly used: number
  readonly worst: number
  readonly most: number
}

/** Every limit that holds for a call, the narrowest first; limits that are not set are left out. */
export function limitsOf(who: Spender, settings: BudgetLimits, { dayAt, monthAt }: Periods): readonly Limit[] {
  const { session: own, tree = own } = who
  const family: SpentScope = who.tree === undefined ? { session: own } : { tree }
  const run: Limit = {
    name: 'run',
    key: `run ${who.run}`,
    scope: { run: who.run },
    usd: least(set(settings.runUsd), who.limits?.usd),
    tokens: least(set(settings.runTokens), who.limits?.tokens),
  }
  const session = both('session', `session ${tree}`, family, [settings.sessionUsd, settings.sessionTokens])
  const job =
    who.job === undefined
      ? []
      : [
          both('job', `job ${who.job} ${dayAt}`, { job: who.job, sinceAt: dayAt }, [
            settings.jobUsd,
            settings.jobTokens,
          ]),
        ]
  // Nothing to spend today is a limit too.
  const day: Limit = {
    ...both('day', `day ${dayAt}`, { sinceAt: dayAt }, [0, settings.dayTokens]),
    usd: settings.dayUsd,
  }
  const month = both('month', `month ${monthAt}`, { sinceAt: monthAt }, [settings.monthUsd, settings.monthTokens])
  return [run, session, ...job, day, month].filter(({ usd, tokens }) => usd !== undefined || tokens !== undefined)
}

function both(name: LimitName, key: string, scope: SpentScope, [usd, tokens]: readonly [number, number]): Limit {
  return { name, key, scope, usd: set(usd), tokens: set(tokens) }
}

function set(value: number): number | undefined {
  return value > 0 ? value : undefined
}

function least(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other)
}

/** What a limit says against a call whose worst case comes on top of what was spent and what is in flight. Undefined when nothing. */
export function excessOf(limit: Limit, used: Spent, worst: WorstCase): Excess | undefined {
  const { usd, tokens } = limit
  // What costs nothing, or nobody knows what, is no matter of money.
  if (usd !== undefined && worst.usd > 0 && used.usd + worst.usd > usd) {
    return { limit, unit: 'usd', used: used.usd, worst: worst.usd, most: usd }
  }
  if (tokens !== undefined && used.tokens + worst.tokens > tokens) {
    return { limit, unit: 'tokens', used: used.tokens, worst: worst.tokens, most: tokens }
  }
  return undefined
}

/** The larger share of a limit that is used, from 0; a limit of nothing has no shares. */
export function shareOf(
  { usd, tokens }: Limit,
  used: Spent,
): { readonly share: number; readonly unit: 'usd' | 'tokens' } {
  const ofUsd = usd ? used.usd / usd : 0
  const ofTokens = tokens ? used.tokens / tokens : 0
  return ofUsd >= ofTokens ? { share: ofUsd, unit: 'usd' } : { share: ofTokens, unit: 'tokens' }
}

/** Is a call of this spender counted in that scope? The moments are those of now, so all that runs is in them. */
export function isWithin(who: Spender, scope: SpentScope): boolean {
  if (scope.run !== undefined) return who.run === scope.run
  if (scope.session !== undefined) return who.session === scope.session
  if (scope.tree !== undefined) return (who.tree ?? who.session) === scope.tree
  return scope.job === undefined || who.job === scope.job
}
