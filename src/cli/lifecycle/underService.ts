/** The ring belongs to the service of its home where one is installed: what is started beside it would end with a terminal, and nobody would start it at boot. */
import { readFileSync } from 'node:fs'
import { findInstalled } from '../../service/installed.ts'
import { createCall, systemctl } from '../../service/programs.ts'
import { lookAtSystemd } from '../../service/systemdHost.ts'
import { pauseDesired, resumeDesired } from '../../shared/desired.ts'
import { text } from '../../shared/messages/text.ts'
import type { HomePaths } from '../../shared/paths.ts'
import type { Supervisor, SupervisorResult } from '../../shared/supervisor/supervisor.ts'
import type { CliContext } from '../context.ts'
import { bringUp } from './bringUp.ts'
import { takeDown } from './takeDown.ts'

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
  // Without the right to ask systemd, a ring beside its own would only be in the way of the next start.
  if (found.scope === 'system') return { ok: false, reason: text(language, 'service.systemStart', { unit }) }
  return bringUp(paths, supervisor)
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
