import { livingOf } from '../../repair/actions/stopOwnOrphan.ts'
import { LISTENING_APPS, type ListeningApp, readFallbackPorts } from '../../repair/actions/useFallbackPort.ts'
import { isLoopbackHost } from '../../shared/config/loopback.ts'
import type { Settings } from '../../shared/config/schema.ts'
import { sameProcess } from '../../shared/identity.ts'
import { describeOwner, nextFreePort, portOwner, probePort } from '../../shared/ports.ts'
import { commandAnywhere } from '../../shared/printedCommand.ts'
import type { Check, Finding, GuardianContext } from '../check.ts'
import { say } from '../say.ts'

/** Are our ports free, or ours? A stranger is named and never touched. */
export const ports: Check = {
  id: 'ports',
  title: 'ports',
  look: async (ctx) => {
    const { settings } = ctx
    if (!settings) return []
    const findings = await Promise.all(LISTENING_APPS.map((app) => judge(ctx, settings, app)))
    return findings.flat()
  },
}

async function judge(ctx: GuardianContext, settings: Settings, app: ListeningApp): Promise<Finding[]> {
  const { port, host } = settings[app]
  if (port === 0 || (await probePort(port, host)).free) return []
  const owner = portOwner(port)
  if (livingOf(ctx.paths, app).some((life) => owner && sameProcess(life, { ...owner, nonce: '' }))) return []
  const what = say(ctx.language, 'guardian.portTakenBy', { port, owner: describeOwner(owner) })
  const free = await nextFreePort(port + 1, host, new Set([settings.agent.port, settings.dashboard.port]))
  const command = commandAnywhere(`config set ${app}.port ${free ?? 0}`, ctx.paths.home)
  const human = say(ctx.language, 'guardian.port.human', { command })
  const base: Finding = { check: 'ports', severity: 'warn', what, fault: 'port-taken', human }
  // The dashboard decides for itself when it starts; and what has its fallback already needs no second one.
  if (app !== 'agent' || readFallbackPorts(ctx.paths).agent?.configured === port) return [base]
  const args = { app, port, host: isLoopbackHost(host) ? 'loopback' : 'any', avoid: settings.dashboard.port || null }
  return [{ ...base, repair: { action: 'use_fallback_port', args } }]
}
