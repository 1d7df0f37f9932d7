/** Ends the ring: the supervisor first, then whatever of ours is left, by identity. */
import { livesOf, readBoots } from '../../shared/bootledger.ts'
import { bootId } from '../../shared/clock.ts'
import { type Identity, isAlive, signalIdentity } from '../../shared/identity.ts'
import { APPS, type HomePaths } from '../../shared/paths.ts'
import { readLiving, removeDeadRuntimeFile } from '../../shared/runtimeFile.ts'
import type { Supervisor } from '../../shared/supervisor/supervisor.ts'
import { awaitEnd } from './bringUp.ts'

/** More than the agent's longest drain. */
const POLITE_LIMIT_MS = 14_000
const FORCED_LIMIT_MS = 2_000

/** What was there to end. */
export type TakenDown = { readonly supervisor: boolean; readonly processes: number; readonly left: readonly number[] }

/** Ends everything of this home. Whatever does not go politely is killed; `left` names what even that did not end. */
export async function takeDown(paths: HomePaths, supervisor: Supervisor): Promise<TakenDown> {
  const daemon = supervisor.find()
  const before = livingProcesses(paths)
  if (daemon) {
    if (daemon.state === 'T') signalIdentity(daemon, 'SIGCONT')
    for (const process of before) signalIdentity(process, 'SIGCONT')
    await supervisor.stopAll()
    if (!(await awaitEnd(daemon, FORCED_LIMIT_MS))) signalIdentity(daemon, 'SIGKILL')
  }
  await endAll(livingProcesses(paths))
  for (const app of APPS) removeDeadRuntimeFile(paths, app)
  const left = livingProcesses(paths).map((process) => process.pid)
  return { supervisor: daemon !== undefined, processes: before.length, left }
}

async function endAll(processes: readonly Identity[]): Promise<void> {
  for (const process of processes) {
    signalIdentity(process, 'SIGCONT')
    signalIdentity(process, 'SIGTERM')
  }
  const polite = await Promise.all(processes.map((process) => awaitEnd(process, POLITE_LIMIT_MS)))
  const stubborn = processes.filter((_, index) => !polite[index])
  for (const process of stubborn) signalIdentity(process, 'SIGKILL', true)
  await Promise.all(stubborn.map((process) => awaitEnd(process, FORCED_LIMIT_MS)))
}

/** Every process of this home that lives, by what the ledger and the runtime files say, proved by start time. */
export function livingProcesses(paths: HomePaths): Identity[] {
  const records = readBoots(paths.boots)
  const fromLedger = APPS.flatMap((app) => livesOf(records, app, bootId()).map((life) => life.start))
  const fromFiles = APPS.flatMap((app) => readLiving(paths, app) ?? [])
  const living = [...fromLedger, ...fromFiles].filter((identity) => isAlive(identity))
  return [...new Map(living.map((identity) => [identity.pid, identity])).values()]
}
