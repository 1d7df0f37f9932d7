/** Probes of processes and ports: who lives, who answers, who has what is ours. Nobody is signalled. */
import { readdirSync, readFileSync } from 'node:fs'
import { livingOf, orphansOf } from '../../repair/actions/stopOwnOrphan.ts'
import { readFallbackPorts } from '../../repair/actions/useFallbackPort.ts'
import { answersLive } from '../../repair/answersLive.ts'
import { type LedgerRecord, livesOf } from '../../shared/bootledger.ts'
import { isLoopbackHost } from '../../shared/config/loopback.ts'
import { sameProcess, stateOf } from '../../shared/identity.ts'
import { APPS, type AppName, type HomePaths } from '../../shared/paths.ts'
import { describeOwner, portOwner, probePort } from '../../shared/ports.ts'
import { readLiving } from '../../shared/runtimeFile.ts'
import type { Facts, PortFact } from '../facts.ts'
import { attempt } from './attempt.ts'

/** How long a process gets to answer, in milliseconds: it is asked on this machine, and whoever would end it asks once more, longer. */
const ANSWER_MS = 1_000
/** So long after its successor came an earlier process may still be on its way out. */
const HANDOVER_MS = 10_000

/** Does an app that is announced answer? Null where none is. */
export async function answers(paths: HomePaths, app: PortFact['app']): Promise<boolean | null> {
  const url = attempt(() => readLiving(paths, app)?.url, undefined)
  if (typeof url !== 'string') return null
  const answer = await answersLive(url, ANSWER_MS)
  return answer === 'foreign' ? null : answer === 'answers'
}

/** Where an app is to listen, out of the settings. */
export type Listening = { readonly app: PortFact['app']; readonly port: number; readonly host: string }

/** Who has this port. */
export async function portFact(paths: HomePaths, { app, port, host }: Listening): Promise<PortFact[]> {
  if (port === 0) return []
  const base = { app, port, host: isLoopbackHost(host) ? ('loopback' as const) : ('any' as const) }
  const probe = await probePort(port, host)
  if (probe.free) return [{ ...base, state: 'free', owner: null, hasFallback: false }]
  if (probe.code !== 'EADDRINUSE') return [{ ...base, state: 'forbidden', owner: null, hasFallback: false }]
  if (isOwn(paths, app, port)) return [{ ...base, state: 'ours', owner: null, hasFallback: false }]
  const owner = describeOwner(portOwner(port))
  return [{ ...base, state: 'stranger', owner, hasFallback: await hasFallback(paths, { app, port, host }) }]
}

function isOwn(paths: HomePaths, app: PortFact['app'], port: number): boolean {
  const owner = portOwner(port)
  return owner !== undefined && livingOf(paths, app).some((life) => sameProcess(life, { ...owner, nonce: '' }))
}

async function hasFallback(paths: HomePaths, { app, port, host }: Listening): Promise<boolean> {
  const entry = readFallbackPorts(paths)[app]
  if (entry?.configured !== port) return false
  return isOwn(paths, app, entry.port) || (await probePort(entry.port, host)).free
}

/** The apps of which an earlier process lives beside its successor, and should not any more. */
export function orphanFacts(
  paths: HomePaths,
  records: readonly LedgerRecord[],
  { boot, nowMonoMs }: { readonly boot: string; readonly nowMonoMs: number },
): Pick<Facts, 'orphans' | 'orphanApps'> {
  const isSettled = (app: AppName) => {
    const newest = livesOf(records, app, boot).at(-1)
    return newest !== undefined && nowMonoMs - newest.start.monoMs > HANDOVER_MS
  }
  const counted = APPS.map((app) => {
    const found = attempt(() => orphansOf(paths, app), [])
    return { app, count: found.filter((orphan) => isSettled(app) || stateOf(orphan) === 'T').length }
  }).filter(({ count }) => count > 0)
  return { orphans: counted.reduce((sum, { count }) => sum + count, 0), orphanApps: counted.map(({ app }) => app) }
}

/** How many descriptors a process has open, and how many it may (Linux; null elsewhere, and where we may not look). */
export function descriptorsOf(pid: number): Facts['descriptors'] {
  return attempt(() => {
    const limit = /^Max open files\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'))?.[1]
    return limit === undefined ? null : { open: readdirSync(`/proc/${pid}/fd`).length, limit: Number(limit) }
  }, null)
}
