/** What this machine is: facts that hardly change, asked of the system once an hour, and only when somebody looks. */
import { arch, cpus, hostname, release, totalmem, type } from 'node:os'
import { monotonicMs } from '../../src/shared/clock.ts'

/** What is known, as texts for people; names of parts are those of their makers. */
export type MachineFacts = Readonly<Record<string, string>>

/** Asks, or remembers. Never fails: what the system does not say within the limit is left out until it does. */
export type ReadMachine = () => Promise<MachineFacts>

const LASTS_MS = 3_600_000
/** Programs of the system are asked for it; a page does not wait longer. */
const LIMIT_MS = 1_500

/** Makes the reader. `ask` is how the slow part is found out. */
export function createMachineReader(
  ask: () => Promise<MachineFacts> = askSystem,
  limitMs: number = LIMIT_MS,
): ReadMachine {
  let slow: MachineFacts = {}
  let askedAt: number | undefined
  let asking: Promise<void> | undefined
  const begin = () => {
    askedAt = monotonicMs()
    asking = ask()
      .then((facts) => {
        slow = facts
      })
      .catch(() => {
        // Asked again by the next look.
        askedAt = undefined
      })
      .finally(() => {
        asking = undefined
      })
  }
  return async () => {
    if (!asking && (askedAt === undefined || monotonicMs() - askedAt > LASTS_MS)) begin()
    if (asking && Object.keys(slow).length === 0) await within(asking, limitMs)
    return { ...quickFacts(), ...slow }
  }
}

async function within(work: Promise<void>, limitMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, limitMs)
  await Promise.race([work, promise])
  clearTimeout(timer)
}

function quickFacts(): MachineFacts {
  const cores = cpus()
  return {
    host: hostname(),
    system: `${type()} ${release()} (${arch()})`,
    cpu: cores[0]?.model.trim() ?? '',
    cores: String(cores.length),
    memory: gibibytes(totalmem()),
    node: process.version,
  }
}

async function askSystem(): Promise<MachineFacts> {
  // Large: loaded when the first person looks.
  const { default: system } = await import('systeminformation')
  const [os, cpu, disks] = await Promise.all([system.osInfo(), system.cpu(), system.fsSize()])
  return {
    system: [os.distro, os.release, os.kernel, os.arch].filter(Boolean).join(' '),
    cpu: [cpu.manufacturer, cpu.brand].filter(Boolean).join(' '),
    disks: disks.map(({ mount, size }) => `${mount} ${gibibytes(size)}`).join(', '),
  }
}

function gibibytes(bytes: number): string {
  return `${(bytes / 1_024 ** 3).toFixed(1)} GiB`
}
