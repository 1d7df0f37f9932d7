/** What the agent does once it is ready, none of which may delay its start. */
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { type BackupOrder, type BackupResult, listBackups } from '../shared/backup.ts'
import type { Settings } from '../shared/config/schema.ts'
import { messageOf } from '../shared/entry.ts'
import { type Identity, isAlive } from '../shared/identity.ts'
import { ALL_LOADED, type Logger } from '../shared/log.ts'
import type { HomePaths } from '../shared/paths.ts'
import { mayDo, type Token } from '../shared/tokens.ts'
import { growSlowly } from './health/heapGrowth.ts'
import type { Later } from './later.ts'
import type { Unhurried } from './link/unhurried.ts'
import type { Runs } from './runs/runs.ts'

export type AfterReady = {
  readonly paths: HomePaths
  readonly settings: Settings
  readonly runs: Runs
  readonly predecessor: Identity | undefined
  readonly log: Logger
  readonly later: Later
  readonly unhurried: Unhurried
  /** Our own address, and the tokens that open it. */
  readonly url: string
  readonly readTokens: () => readonly Token[]
  /** In safe mode no job begins. */
  readonly isSafeMode: boolean
  /** Aborted when the process leaves. */
  readonly signal: AbortSignal
}

const FIRST_BACKUP_MS = 2_000
const LOOK_AGAIN_MS = 20

/** Loading keeps the event loop for a third of a second: whoever waited for this start is answered before. */
const LOAD_AFTER_MS = 100

/** A question that came before is answered first, in milliseconds: checking every rule takes as long as loading. */
const GATES_AFTER_MS = 100

/** Loads what the start did not wait for, goes on with cut-off runs, begins what is due, and keeps backups of the journal. */
export function afterReady(parts: AfterReady): void {
  void workOn(parts)
  void keepBackups(parts)
}

/** A failure here must not end a process that answers: it is logged, and a question that needs the same part fails for itself. */
async function workOn(parts: AfterReady): Promise<void> {
  try {
    await sleep(LOAD_AFTER_MS)
    if (parts.signal.aborted) return
    await parts.unhurried(parts.later.load)
    void askNothing(parts)
    await resumeWhenAlone(parts)
    if (!parts.isSafeMode && !parts.signal.aborted) await parts.later.startSchedule()
    await sleep(GATES_AFTER_MS)
    if (parts.signal.aborted) return
    await parts.later.loadGates()
    growSlowly()
    parts.log.info(ALL_LOADED)
  } catch (error) {
    parts.log.error({ error: messageOf(error) }, 'a part of the agent could not be loaded')
  }
}

/** A question that is refused because it says nothing: what the HTTP parts of both ends load at their first call is loaded then, and not while a person waits. */
async function askNothing({ url, readTokens, signal }: AfterReady): Promise<void> {
  const token = readTokens().find(({ scope }) => mayDo(scope, 'chat'))?.token
  if (token === undefined) return
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  try {
    await (await fetch(`${url}/api/chat`, { method: 'POST', headers, body: '{}', signal })).text()
  } catch {
    // Then the first question is a little slower.
  }
}

/** A predecessor that drains still works on its runs: only what it leaves behind is ours. */
async function resumeWhenAlone({ runs, predecessor, signal }: AfterReady): Promise<void> {
  while (predecessor && isAlive(predecessor) && !signal.aborted) await sleep(LOOK_AGAIN_MS)
  if (!signal.aborted) await runs.resumeUnfinished()
}

async function keepBackups({ paths, settings, log, signal }: AfterReady): Promise<void> {
  const { backupEveryMs, backupsKeep } = settings.guardian
  let pauseMs = listBackups(paths.backups, 'agent').length > 0 ? backupEveryMs : FIRST_BACKUP_MS
  while (!signal.aborted) {
    await sleep(pauseMs)
    pauseMs = backupEveryMs
    if (signal.aborted) return
    const at = new Date().toISOString()
    const result = await backUp({ dbPath: paths.agentDb, backupsDir: paths.backups, keep: backupsKeep, at })
    if (!result.ok) log.warn({ reason: result.reason }, 'the backup of the journal failed')
  }
}

async function backUp(order: BackupOrder): Promise<BackupResult> {
  try {
    const worker = new Worker(new URL('./backupWorker.ts', import.meta.url), { workerData: order })
    const [result] = await once(worker, 'message')
    return result as BackupResult
  } catch (error) {
    return { ok: false, reason: messageOf(error) }
  }
}
