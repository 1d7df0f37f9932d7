/** Rules that hold between settings. */
import type { RefinementCtx } from 'zod'
import { phrase } from '../messages/phrase.ts'
import type { RuleBroken } from './fields.ts'

/** What the rules look at. */
type Compared = {
  readonly agent: { readonly port: number }
  readonly dashboard: { readonly port: number }
  readonly watchdog: {
    readonly hangMs: number
    readonly silentMs: number
    readonly retryMinMs: number
    readonly retryMaxMs: number
  }
}

/** A hang is judged after silence, a longest wait is not below the first one, and two servers need two ports. */
export function crossFieldRules({ agent, dashboard, watchdog }: Compared, context: RefinementCtx): void {
  if (watchdog.hangMs < watchdog.silentMs) atLeast(context, 'hangMs', 'silentMs', watchdog.silentMs)
  if (watchdog.retryMaxMs < watchdog.retryMinMs) atLeast(context, 'retryMaxMs', 'retryMinMs', watchdog.retryMinMs)
  if (agent.port !== 0 && agent.port === dashboard.port) {
    const other = 'agent.port'
    refuse(context, ['dashboard', 'port'], {
      expected: phrase('expected.otherPort', { other, port: agent.port }),
      other,
    })
  }
}

function atLeast(context: RefinementCtx, key: string, lower: string, limit: number): void {
  const other = `watchdog.${lower}`
  refuse(context, ['watchdog', key], { expected: phrase('expected.atLeastKey', { other, limit, unit: 'ms' }), other })
}

function refuse(context: RefinementCtx, path: string[], params: RuleBroken): void {
  context.addIssue({ code: 'custom', path, params })
}
