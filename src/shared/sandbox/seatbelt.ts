/** The profile of `sandbox-exec` for a sandbox on macOS: everything is forbidden but what stands here. Tested as text; it was not run on a Mac here. */
import type { CommandLine, SandboxPlan } from './plan.ts'

/** Turns a plan into a command line. */
export function seatbeltCommand(plan: SandboxPlan): CommandLine {
  return { program: '/usr/bin/sandbox-exec', args: ['-p', seatbeltProfile(plan), ...plan.command] }
}

/** The profile, in the language of Apple's sandbox. Later rules go before earlier ones. */
export function seatbeltProfile({ workspace, mounts }: SandboxPlan): string {
  const named = mounts.filter(({ kind }) => kind !== 'link')
  const writable = [workspace, ...named.flatMap(({ kind, path }) => (kind === 'rw' ? [path] : []))]
  return [
    '(version 1)',
    '(deny default)',
    '(allow process-fork process-exec)',
    '(allow signal (target same-sandbox))',
    '(allow sysctl-read)',
    '(allow file-read-metadata)',
    `(allow file-read* ${[...SYSTEM_OF_MACOS, ...named.map(({ path }) => path), workspace].map(subpath).join(' ')})`,
    '(allow file-read* file-write* (literal "/dev/null") (literal "/dev/zero") (literal "/dev/random") (literal "/dev/urandom"))',
    `(allow file-write* ${writable.map(subpath).join(' ')})`,
    '(deny network*)',
  ].join('\n')
}

const SYSTEM_OF_MACOS = ['/usr', '/bin', '/sbin', '/System', '/Library/Frameworks', '/private/etc/ssl', '/opt/homebrew']

function subpath(path: string): string {
  return `(subpath "${path.replace(/["\\]/g, '\\$&')}")`
}
