import { rmdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { syncFolder } from '../../shared/atomicFile.ts'
import { newestSoundBackup } from '../../shared/backup.ts'
import { now } from '../../shared/clock.ts'

import { type ActionContext, defineAction, HOLDS, refuse } from '../action.ts'
import { exactly, integerFrom, oneOf, optional } from '../closedSet.ts'
import {
  COMPANIONS,
  DATABASES,
  type DatabaseName,
  databasePath,
  inspectDatabase,
  readWitness,
} from '../database/inspect.ts'
import { rebuildDatabase } from '../database/rebuild.ts'
import type { BesideAgent } from '../database/settleAgent.ts'
import { readUsage } from '../database/usageLedger.ts'
import { fileId, lookAt, setModeOf } from '../fileState.ts'
import { lookAtHeld, moveFile, removeFile } from '../heldFile.ts'
import { ensureFolder, holdFolder, inFolder } from '../heldFolder.ts'
import { writersOf } from '../holders.ts'

type Args = { readonly database: DatabaseName; readonly witnessSeq: number | null }
type Snapshot = {
  /** Names of the files that are moved away: the database, and what SQLite kept beside it. */
  readonly names: readonly string[]
}

const pathOf = (ctx: ActionContext, { database }: Args) => databasePath(ctx.paths, database)
const quarantineOf = (ctx: ActionContext) => join(ctx.paths.quarantine, ctx.repairId)

/** Only the agent has numbered events, and so a witness. */
function witnessOf(ctx: ActionContext, { database, witnessSeq }: Args): number {
  return database === 'agent' ? Math.max(witnessSeq ?? 0, readWitness(ctx.paths)) : 0
}

/** The witness is written with each event: after it nothing was begun. Where there is none, anything may have been until now. */
function besideAgent({ paths }: ActionContext): BesideAgent {
  const nowMs = Date.parse(now().at)
  const begunUntilMs = Math.floor(Math.min(nowMs, lookAt(paths.journalWitness)?.mtimeMs ?? nowMs))
  return { nowMs, begunUntilMs, usage: readUsage(join(paths.logs, 'usage.jsonl')) }
}

/** A link or a pipe in the place of a database: SQLite would follow it, and write beside what it leads to. */
function isOdd(path: string): boolean {
  return lookAt(path)?.isFile() === false
}

/** Builds the new database in the folder of the repair, which is held meanwhile. True when there is one. */
async function rebuild(ctx: ActionContext, args: Args, backup: string | undefined) {
  ensureFolder(ctx.paths.home, ctx.folder, 'rebuild')
  const held = holdFolder(ctx.paths.home, join(ctx.folder, 'rebuild'))
  try {
    const witness = witnessOf(ctx, args)
    const beside = besideAgent(ctx)
    const { file, note } = await rebuildDatabase({
      path: pathOf(ctx, args),
      backup,
      folder: held.path,
      witness,
      beside,
    })
    const made = file ? lookAt(file) : undefined
    if (file && made) setModeOf(file, fileId(made), 0o600)
    return { file: file ? join(ctx.folder, 'rebuild', basename(file)) : undefined, note }
  } finally {
    held.close()
  }
}

/**
 * Moves a damaged database into quarantine, together with its write-ahead log, and puts a sound one in its place: the newest backup, with
 * all that can still be read of the damaged one. What is lost is counted. Nothing is ever deleted.
 */
export const restoreDatabase = defineAction<Args, Snapshot>({
  id: 'restore_database',
  why: 'A database is damaged, or has lost its end: rebuild it from the newest backup and what can still be read.',
  risk: 1,
  timeLimitMs: 120_000,
  parseArgs: exactly({ database: oneOf(DATABASES), witnessSeq: optional(integerFrom(0, Number.MAX_SAFE_INTEGER)) }),
  precondition: async (ctx, args) => {
    const path = pathOf(ctx, args)
    const odd = COMPANIONS.find((companion) => isOdd(`${path}${companion}`))
    if (odd !== undefined) return refuse(`${args.database}.db${odd} is not a regular file`)
    const [holder] = writersOf(path)
    if (holder !== undefined) return refuse(`process ${holder} has the database open`)
    const facts = await inspectDatabase(path, 'full')
    if (facts.state === 'corrupt') return HOLDS
    if (facts.state === 'closed')
      return refuse(`the database cannot be opened, which says nothing of its content: ${facts.detail}`)
    const backup = await newestSoundBackup(ctx.paths.backups, args.database)
    if (facts.state === 'missing') return backup ? HOLDS : refuse('there is no database and no backup')
    return (facts.headSeq ?? 0) < witnessOf(ctx, args) ? HOLDS : refuse('the database is sound')
  },
  plan: ({ database }) =>
    `move ${database}.db into quarantine and rebuild it from the newest backup and what can be read`,
  snapshot: (ctx, args) => {
    const path = pathOf(ctx, args)
    return {
      names: COMPANIONS.map((companion) => `${basename(path)}${companion}`).filter((name) =>
        lookAt(join(dirname(path), name)),
      ),
    }
  },
  act: async (ctx, args, { names }) => {
    const path = pathOf(ctx, args)
    const backup = await newestSoundBackup(ctx.paths.backups, args.database)
    const { home, quarantine } = ctx.paths
    const rebuilt = await rebuild(ctx, args, backup)
    ctx.progress('act:rebuilt')
    ensureFolder(home, dirname(quarantine), basename(quarantine))
    ensureFolder(home, quarantine, ctx.repairId)
    for (const name of names) {
      moveFile(home, join(dirname(path), name), join(quarantineOf(ctx), name))
      ctx.progress(`act:moved ${name}`)
    }
    if (rebuilt.file) moveFile(home, rebuilt.file, path)
    syncFolder(dirname(path))
    const from = backup ? `from ${basename(backup)} and what could be read` : 'from what could be read'
    return {
      note: `rebuilt ${args.database}.db ${from}: ${rebuilt.note}; the damaged files are in data/quarantine/${ctx.repairId}`,
    }
  },
  undo: (ctx, args, { names }) => {
    const path = pathOf(ctx, args)
    const { home } = ctx.paths
    const moved = names.filter((name) => lookAtHeld(home, join(quarantineOf(ctx), name)))
    const isAllMoved = moved.length === names.length
    // Once everything was moved, what lies in the place now is the rebuilt one.
    if (isAllMoved && lookAtHeld(home, quarantineOf(ctx))) removeFile(home, path)
    for (const name of moved) moveFile(home, join(quarantineOf(ctx), name), join(dirname(path), name))
    if (lookAtHeld(home, quarantineOf(ctx))) inFolder(home, ctx.paths.quarantine, (at) => rmdirSync(at(ctx.repairId)))
  },
  postcondition: async (ctx, args) => {
    const facts = await inspectDatabase(pathOf(ctx, args), 'full')
    if (facts.state === 'missing') return HOLDS
    if (facts.state !== 'sound') return refuse(`the rebuilt database is not sound: ${facts.detail}`)
    return facts.headSeq === null || facts.headSeq >= witnessOf(ctx, args)
      ? HOLDS
      : refuse('the rebuilt database would give numbers out twice')
  },
  examples: {
    allowed: [{ database: 'agent' }, { database: 'watchdog' }, { database: 'agent', witnessSeq: 812 }],
    refused: [
      { args: { database: '/home/me/other.db' }, reason: 'a path is no name of a database of ours' },
      { args: { database: 'agent', backup: 'agent-x.db' }, reason: 'the newest sound backup is found, not named' },
    ],
  },
})
