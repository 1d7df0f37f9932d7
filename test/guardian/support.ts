/** Homes and processes for the guardian to look at. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import { writeKnownGood } from '../../src/repair/knownGoodFile.ts'
import { appendBoot, type LedgerEvent } from '../../src/shared/bootledger.ts'
import { checkSettingsText, settingsHash } from '../../src/shared/config/load.ts'
import { type Identity, signalIdentity } from '../../src/shared/identity.ts'
import type { HomePaths } from '../../src/shared/paths.ts'
import { readStat } from '../../src/shared/procfs.ts'

const processes: { child: ChildProcess; identity: Identity }[] = []
const servers: Server[] = []

afterEach(async () => {
  for (const { child, identity } of processes.splice(0)) {
    const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined
    if (signalIdentity(identity, 'SIGKILL')) await ended
  }
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve))
})

/** A living process in a group of its own; with `program`, one that runs this text and says `ready` on its stdout. */
export async function livingProcess(
  program = "process.on('SIGTERM', () => process.exit(0)); console.log('ready'); setInterval(() => {}, 1000)",
): Promise<Identity> {
  const child = spawn(process.execPath, ['-e', program], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] })
  const identity = { pid: child.pid ?? 0, startTicks: readStat(child.pid ?? 0)?.startTicks ?? 0, nonce: 'n' }
  processes.push({ child, identity })
  if (child.stdout) await once(child.stdout, 'data')
  return identity
}

/** Waits until the kernel says that a process is in this state. */
export async function inState(identity: Identity, state: string): Promise<void> {
  while (readStat(identity.pid)?.state !== state) await new Promise((resolve) => setImmediate(resolve))
}

/** A stranger that holds a port. */
export async function stranger(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return (server.address() as { port: number }).port
}

/** Writes a life of the agent that is over: it began, said these things, and vanished. */
export function pastLife(paths: HomePaths, index: number, ...events: LedgerEvent[]): void {
  const who = { pid: 4_194_000 + index, startTicks: 1, nonce: `life-${index}` }
  for (const event of [{ kind: 'start' } as const, ...events]) appendBoot(paths.boots, 'agent', event, who)
}

/** What the ledger calls the settings of this text. */
export function hashOfText(text: string): string {
  const checked = checkSettingsText(text)
  if (!checked.ok) throw new Error('these settings are not valid')
  return settingsHash(checked.settings)
}

/** Saves this text as the last known good settings. */
export function knowAsGood(paths: HomePaths, settingsText: string): void {
  writeKnownGood(paths, {
    settingsText,
    settingsHash: hashOfText(settingsText),
    lockfileHash: null,
    databaseBackup: null,
    version: '0',
    savedAt: '2026-01-01T00:00:00Z',
  })
}

/** The program's own folder. */
export const ROOT = join(import.meta.dirname, '..', '..')
