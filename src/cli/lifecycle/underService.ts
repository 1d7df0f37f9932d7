/** The ring belongs to the service of its home where one is installed: what is started beside it would end with a terminal, and nobody would start it at boot. */
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { findInstalled } from '../../service/installed.ts'
import { type Call, createCall, systemctl } from '../../service/programs.ts'
import { lookAtSystemd } from '../../service/systemdHost.ts'
import { pauseDesired, resumeDesired } from '../../shared/desired.ts'
import { text } from '../../shared/messages/text.ts'
import type { HomePaths } from '../../shared/paths.ts'
import type { Supervisor, SupervisorResult } from '../../shared/supervisor/supervisor.ts'
import type { CliContext } from '../context.ts'
import { bringUp } from './bringUp.ts'
import { takeDown } from './takeDown.ts'

const LOOK_AGAIN_MS = 100
/** The unit's own stop, when all of the ring has ended by itself. */
const SETTLE_LIMIT_MS = 15_000

/**
 * A person's start: through systemd where it keeps this home and nothing runs yet, else as ever. `release` gives the start lock away: what
 * systemd starts takes it itself.
 */
export async function bringUpWhereItBelongs(
  { paths, environment, language }: Pick<CliContext, 'paths' | 'environment' | 'language'>,
  supervisor: Supervisor,
  release: () => void,
): Promise<SupervisorResult> {
  const found = supervisor.find() ? undefined : findInstalled(paths.home, environment)
  if (!found) return bringUp(paths, supervisor)
  release()
  const call = createCall(lookAtSystemd(paths.home, environment), environment)
  const unit = `${found.name}.service`
  const { code } = await call(...systemctl(found.scope, 'start', '--no-block', unit))
  if (code === 0) return { ok: true }
  if (found.scope === 'user') return bringUp(paths, supervisor)
  // Without the right to ask systemd, a ring beside its own would only be in the way of the next start.
  if (await comesByItself(call, unit)) return { ok: true }
  return { ok: false, reason: text(language, 'service.systemStart', { unit }) }
}

/** Who is left of the ring brings back the rest, and systemd starts a unit anew of which nobody is left: then there is nothing to ask for. */
async function comesByItself(call: Call, unit: string): Promise<boolean> {
  const until = performance.now() + SETTLE_LIMIT_MS
  for (;;) {
    const { out } = await call(...systemctl('system', 'show', unit, '--property=ActiveState', '--value'))
    const state = out.trim()
    if (state !== 'deactivating') return state === 'active' || state === 'activating'
    if (performance.now() >= until) return false
    await delay(LOOK_AGAIN_MS)
  }
}

/**
 * A start by the service manager: a supervisor that was started elsewhere (a terminal, before the service was installed) is ended first with
 * all its processes, so that all of the ring lives in the service and is counted, limited and ended with it.
 */
export async function endOutsiders(paths: HomePaths, supervisor: Supervisor): Promise<void> {
  const found = supervisor.find()
  if (!found || groupOf(found.pid) === groupOf('self')) return
  // Nobody may revive it meanwhile.
  pauseDesired(paths.desired)
  await takeDown(paths, supervisor)
  resumeDesired(paths.desired)
}

function groupOf(pid: number | 'self'): string {
  try {
    return readFileSync(`/proc/${pid}/cgroup`, 'utf8')
  } catch {
    return ''
  }
}
