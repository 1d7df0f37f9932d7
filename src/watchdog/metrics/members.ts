/** Which processes are ours just now, without a look at more than a file stamp. */
import type { Identity } from '../../shared/identity.ts'
import type { Measured } from '../../shared/metrics/seriesNames.ts'
import type { AppName, HomePaths } from '../../shared/paths.ts'
import { isSupervised } from '../../shared/processRole.ts'
import { readRuntimeFile } from '../../shared/runtimeFile.ts'
import { createCached } from '../observe.ts'

/** One process; its start time is null where nobody said it. */
export type Member = { readonly app: Measured; readonly pid: number; readonly startTicks: number | null }

/** Makes the list anew at each call. Those that are gone are found out by whoever measures them. */
export function createMembers(paths: HomePaths, environment: NodeJS.ProcessEnv): () => readonly Member[] {
  const file = (app: AppName) => createCached(paths.identityOf(app), () => readRuntimeFile(paths, app) ?? null)
  const agent = file('agent')
  const dashboard = file('dashboard')
  const of = (app: Measured, identity: Identity | null): Member[] =>
    identity ? [{ app, pid: identity.pid, startTicks: identity.startTicks }] : []
  return () => [
    { app: 'watchdog', pid: process.pid, startTicks: null },
    ...(isSupervised(environment) ? [{ app: 'supervisor', pid: process.ppid, startTicks: null } as const] : []),
    ...of('agent', agent()),
    ...of('dashboard', dashboard()),
  ]
}
