/** The programs of systemd that we call. Short-lived, with a limit, never through a shell. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import type { SystemdHost } from './systemdHost.ts'
import type { Scope } from './systemdUnit.ts'

/** What a call came to; `code` is -1 where the program could not be started or did not end in time. */
export type CallResult = { readonly code: number; readonly out: string; readonly err: string }

/** Runs one program with these words. */
export type Call = (program: string, words: readonly string[]) => Promise<CallResult>

/** A stop waits for the drain of the whole tree. */
const CALL_LIMIT_MS = 90_000

/** Calls with what `systemctl --user` needs to find the user's own systemd, also where the login did not set it (cron, su, sudo -u). */
export function createCall({ runtimeDir }: Pick<SystemdHost, 'runtimeDir'>, environment: NodeJS.ProcessEnv): Call {
  const env = {
    PATH: environment['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin',
    LANG: 'C.UTF-8',
    XDG_RUNTIME_DIR: runtimeDir,
    DBUS_SESSION_BUS_ADDRESS: environment['DBUS_SESSION_BUS_ADDRESS'] ?? `unix:path=${join(runtimeDir, 'bus')}`,
    SYSTEMD_COLORS: '0',
    SYSTEMD_PAGER: '',
  }
  return (program, words) =>
    new Promise((resolve) => {
      execFile(program, [...words], { env, timeout: CALL_LIMIT_MS }, (error, out, err) => {
        const code = error ? (typeof error.code === 'number' ? error.code : -1) : 0
        resolve({ code, out, err: err.trim() || (error?.message ?? '') })
      })
    })
}

/** `systemctl`, for the machine or for the user. */
export function systemctl(scope: Scope, ...words: string[]): readonly [program: string, words: readonly string[]] {
  return ['systemctl', scope === 'user' ? ['--user', ...words] : words]
}

/** The overall exposure of an installed unit, as `systemd-analyze security` says it; undefined where it does not. */
export async function exposureOf(call: Call, unit: string): Promise<string | undefined> {
  const { out } = await call('systemd-analyze', ['security', '--no-pager', unit])
  return /Overall exposure level for .*: ([\d.]+)/.exec(out)?.[1]
}
