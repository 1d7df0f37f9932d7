import { readFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'

/** What the figures were measured on; nothing that names the machine. */
export type Machine = {
  readonly cores: number
  readonly cpu: string
  readonly memoryGiB: number
  readonly kernel: string
  readonly system: string
  readonly node: string
  /** Root passes every mode bit: drills of permissions are left out for it. */
  readonly isRoot: boolean
}

/** This machine. */
export function thisMachine(): Machine {
  return {
    cores: cpus().length,
    cpu: cpus()[0]?.model ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    // Without what the builder of the kernel put behind the version.
    kernel: release().split('-')[0] ?? release(),
    system: systemName(),
    node: process.version,
    isRoot: process.getuid?.() === 0,
  }
}

function systemName(): string {
  try {
    return /^PRETTY_NAME="?([^"\n]+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? process.platform
  } catch {
    return process.platform
  }
}
