/** The agent's start in its order: link, preflight, then the agent itself. Nothing but the link is loaded before the preflight has looked. */
import { monotonicMs } from '../shared/clock.ts'
import type { Boot } from '../shared/entry.ts'
import { startLink } from './link/link.ts'

/** The longest that a preflight is expected to take, repairs included, in milliseconds. */
const PREFLIGHT_MS = 20_000

/** Runs the agent until it is told to end. */
export async function runAgent(boot: Boot): Promise<void> {
  const { environment } = boot
  const link = startLink(boot.paths, environment)
  link.setPhase('preflight')
  link.announceBusy(monotonicMs() + PREFLIGHT_MS)
  let leave: () => void = () => boot.leave('stop')
  process.on('SIGTERM', () => leave()).on('SIGINT', () => leave())

  const { preflight } = await import('../guardian/preflight.ts')
  const verdict = await preflight({ paths: boot.paths, environment, app: 'agent' })
  if (verdict.verdict === 'refuse') boot.refuse(verdict.fault, verdict.reason, verdict.untilMonoMs)

  link.setPhase('starting')
  const { startAgent } = await import('./agent.ts')
  await startAgent({
    boot,
    link,
    environment,
    preflight: verdict,
    onLeave: (listener) => {
      leave = listener
    },
  })
}
