import type { HealthWord } from '../../shared/metrics/tiers.ts'
import type { Watch } from '../watch.ts'

/**
 * PURE. What the service is by what the watch knows. Null while that is open: a suspicion proves true or false within seconds.
 * `unknown`: a start that no incident stands behind; it is neither service nor its loss, and is over within seconds too.
 */
export function healthWordOf({ state, incident, degraded }: Watch): HealthWord | 'unknown' | null {
  if (state.name === 'suspect') return null
  if (state.name === 'healthy') return degraded !== null && degraded.length > 0 ? 'degraded' : 'up'
  // Without an end: the owner wants it stopped.
  if (state.name === 'maintenance') return state.until === Number.MAX_SAFE_INTEGER ? 'stopped' : 'maintenance'
  return incident === null ? 'unknown' : 'down'
}
