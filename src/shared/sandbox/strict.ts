/**
 * Strict mode: where there is no sandbox, tools that start no programs run in a child of ours under the permission model of Node. It may read our
 * code, `workspace/` and the named folders, write `workspace/`, and has no network, no programs, no further threads, no native code. It guards against a
 * tool that was led astray, not against hostile code: links that the owner put into `workspace/` are followed.
 */
import { type CommandLine, limited, type SandboxPlan } from './plan.ts'

/** Turns a plan into a command line. `command` must begin with Node. */
export function strictCommand(plan: SandboxPlan, platform: NodeJS.Platform): CommandLine {
  const [node = '', ...rest] = plan.command
  const readable = plan.mounts.flatMap(({ kind, path }) => (kind === 'link' || isSystem(path) ? [] : [path]))
  const writable = plan.mounts.flatMap(({ kind, path }) => (kind === 'rw' ? [path] : []))
  const command = [
    node,
    '--permission',
    ...[...readable, plan.workspace].map((path) => `--allow-fs-read=${path}`),
    ...[...writable, plan.workspace].map((path) => `--allow-fs-write=${path}`),
    ...rest,
  ]
  const [program = node, ...args] = platform === 'linux' ? limited({ ...plan, command }) : command
  return { program, args }
}

/** Tools without programs need nothing of the system. */
function isSystem(path: string): boolean {
  return /^\/(usr|bin|sbin|lib\w*|etc)(\/|$)/.test(path)
}
