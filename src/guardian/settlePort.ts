/** Which port this start listens on: the configured one, or the next free one where a stranger has it. */
import { forgetFallbackPort, readFallbackPorts } from '../repair/actions/useFallbackPort.ts'
import { isLoopbackHost } from '../shared/config/loopback.ts'
import type { Settings } from '../shared/config/schema.ts'
import { type Identity, sameProcess } from '../shared/identity.ts'
import { describeOwner, portOwner, probePort } from '../shared/ports.ts'
import { commandAnywhere } from '../shared/printedCommand.ts'
import { type Bench, mend } from './bench.ts'
import { say } from './say.ts'

/** A port that can be used (0: any free one), with a note where it is not the configured one. `host` is set where the configured one does not exist. */
export type SettledPort =
  | { readonly ok: true; readonly agent: number; readonly note?: string; readonly host?: string }
  | { readonly ok: false; readonly fault: string; readonly reason: string }

/** Decides the agent's port. The configured one is tried first at every start. */
export async function settlePort(
  bench: Bench,
  settings: Settings,
  predecessor: Identity | undefined,
): Promise<SettledPort> {
  const { port, host } = settings.agent
  if (port === 0) return { ok: true, agent: 0 }
  const probe = await probePort(port, host)
  if (probe.free) {
    forgetFallbackPort(bench.ctx.paths, 'agent')
    return { ok: true, agent: port }
  }
  if (isHeldBy(port, predecessor)) return { ok: true, agent: port }
  if (probe.code === 'EADDRNOTAVAIL' || probe.code === 'ENOTFOUND') return withoutHost(bench, settings, predecessor)
  return fallBack(bench, settings, probe.code, predecessor)
}

function isHeldBy(port: number, other: Identity | undefined): boolean {
  if (!other) return false
  const owner = portOwner(port)
  return owner !== undefined && sameProcess({ ...owner, nonce: '' }, other)
}

/** The address is gone (another network, a name that is not known): this machine itself is always there. */
async function withoutHost(bench: Bench, settings: Settings, predecessor: Identity | undefined): Promise<SettledPort> {
  const host = '127.0.0.1'
  if (settings.agent.host === host) return refused(bench, settings, 'EADDRNOTAVAIL')
  const local = await settlePort(bench, { ...settings, agent: { ...settings.agent, host } }, predecessor)
  const note = say(bench.ctx.language, 'guardian.hostMissing', { host: settings.agent.host })
  return local.ok ? { ...local, host, note: local.note ? `${note} ${local.note}` : note } : local
}

async function fallBack(
  bench: Bench,
  settings: Settings,
  code: string,
  predecessor: Identity | undefined,
): Promise<SettledPort> {
  const { port, host } = settings.agent
  const known = await usableFallback(bench, settings, predecessor)
  if (known === undefined) {
    const reach = isLoopbackHost(host) ? 'loopback' : 'any'
    const args = { app: 'agent', port, host: reach, avoid: settings.dashboard.port || null }
    await mend(bench, { action: 'use_fallback_port', args }, 'port-taken')
  }
  const fallback = known ?? (await usableFallback(bench, settings, predecessor))
  if (fallback === undefined) return refused(bench, settings, code)
  const owner = describeOwner(portOwner(port))
  return { ok: true, agent: fallback, note: say(bench.ctx.language, 'guardian.portTaken', { port, owner, fallback }) }
}

/** The fallback that was chosen for this port, while nobody but our predecessor has it. */
async function usableFallback(
  { ctx }: Bench,
  settings: Settings,
  predecessor: Identity | undefined,
): Promise<number | undefined> {
  const entry = readFallbackPorts(ctx.paths).agent
  if (entry?.configured !== settings.agent.port) return undefined
  const probe = await probePort(entry.port, settings.agent.host)
  return probe.free || isHeldBy(entry.port, predecessor) ? entry.port : undefined
}

function refused({ ctx }: Bench, { agent }: Settings, code: string): SettledPort {
  const what = say(ctx.language, 'guardian.portRefused', { port: agent.port, code })
  const command = commandAnywhere('config set agent.port 0', ctx.paths.home)
  const human = say(ctx.language, 'guardian.port.human', { command })
  return { ok: false, fault: 'port-taken', reason: `${what} ${human}` }
}
