/** What the gate is built from, and the state that its calls share: a purse, and a lane and a breaker for each provider. */
import type { Language } from '../shared/messages/message.ts'
import { type Breaker, type BreakerLimits, CLOSED } from './breaker.ts'
import type { BudgetLimits } from './budget.ts'
import type { Spending } from './budgetHeld.ts'
import { createPurse, type Purse } from './budgetPurse.ts'
import type { ModelCatalog } from './gateCatalog.ts'
import { type GateClock, REAL_CLOCK } from './gateClock.ts'
import { createLane, type Lane } from './lanes.ts'
import type { Provider, Wire } from './modelCall.ts'
import type { Routes } from './routing.ts'
import type { UsageLine } from './usageLog.ts'

/** What the gate needs to know of the settings; those of an installation fit as they are. */
export type GateSettings = {
  readonly model: Routes &
    BreakerLimits & {
      /** Longest answer where a request names none, in tokens. */
      readonly maxTokens: number
      readonly callsAtOnce: number
      readonly tries: number
      readonly patienceMs: number
    }
  readonly budget: BudgetLimits
}

/** What the gate is given. */
export type GateDependencies = {
  readonly settings: GateSettings
  readonly catalog: ModelCatalog
  /** The adapter of a wire. */
  readonly providerOf: (wire: Wire) => Provider
  /** What was spent; asked anew for each call. */
  readonly spent: Spending
  readonly logUsage: (line: UsageLine) => void
  /** Of what people are told; English where nothing is said. */
  readonly language?: Language
  readonly clock?: GateClock
}

/** The dependencies with what the calls share. */
export type GateParts = Omit<Required<GateDependencies>, 'spent'> & {
  readonly purse: Purse
  readonly laneOf: (provider: string) => Lane
  readonly breakers: Map<string, Breaker>
}

/** Builds the parts. */
export function buildParts(dependencies: GateDependencies): GateParts {
  const { settings, spent, clock = REAL_CLOCK, language = 'en' } = dependencies
  const lanes = new Map<string, Lane>()
  return {
    ...dependencies,
    clock,
    language,
    purse: createPurse({ settings: settings.budget, spent, wallMs: clock.wallMs, monoMs: clock.monoMs }),
    laneOf: (provider) => {
      const lane = lanes.get(provider) ?? createLane(settings.model.callsAtOnce, clock)
      lanes.set(provider, lane)
      return lane
    },
    breakers: new Map(),
  }
}

/** The breaker of a provider. */
export function breakerOf({ breakers }: GateParts, provider: string): Breaker {
  return breakers.get(provider) ?? CLOSED
}
