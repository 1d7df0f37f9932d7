/** Living processes that look like an app of a home: with an address, an identity file and a line in the boot ledger. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { afterEach } from 'vitest'
import { appendBoot } from '../../src/shared/bootledger.ts'
import { type Identity, signalIdentity } from '../../src/shared/identity.ts'
import type { AppName, HomePaths } from '../../src/shared/paths.ts'
import { readStat } from '../../src/shared/procfs.ts'

const started: { child: ChildProcess; identity: Identity }[] = []

afterEach(async () => {
  for (const { child, identity } of started.splice(0)) {
    const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined
    if (signalIdentity(identity, 'SIGKILL', true)) await ended
  }
})

/** How the app behaves: it answers, takes connections and says nothing, or does not even end when it is asked to. */
export type Manner = 'answers' | 'silent' | 'stubborn'

const PROGRAM = `
const [manner] = process.argv.slice(1)
if (manner === 'stubborn') process.on('SIGTERM', () => {})
const server = manner === 'answers'
  ? require('node:http').createServer((request, response) => response.end('{"status":"pass"}'))
  : require('node:net').createServer(() => {})
server.listen(0, '127.0.0.1', () => {
  const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  console.log(server.address().port + ' ' + child.pid)
})
`

/** A living app, its address, and a child of its own in the same group. */
export type LivingApp = { readonly identity: Identity; readonly url: string; readonly child: Identity }

/** Starts one in a group of its own; it ends with the test. */
export async function livingApp(manner: Manner, environment: Record<string, string> = {}): Promise<LivingApp> {
  const child = spawn(process.execPath, ['-e', PROGRAM, manner], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: environment,
  })
  const identity = identityOf(child.pid ?? 0, 'nonce-of-the-app')
  started.push({ child, identity })
  const [line] = await once(child.stdout, 'data')
  const [port = '', pid = ''] = String(line).trim().split(' ')
  return { identity, url: `http://127.0.0.1:${port}`, child: identityOf(Number(pid), '') }
}

function identityOf(pid: number, nonce: string): Identity {
  return { pid, startTicks: readStat(pid)?.startTicks ?? 0, nonce }
}

/** Writes what an app announces of itself; `ledger: false` leaves the boot ledger alone. */
export function announce(
  paths: HomePaths,
  app: AppName,
  { identity, url }: { identity: Identity; url: string | null },
  ledger: Identity | false = identity,
): void {
  writeFileSync(paths.identityOf(app), JSON.stringify({ ...identity, app, url }), { mode: 0o600 })
  if (ledger) appendBoot(paths.boots, app, { kind: 'start' }, ledger)
}
