import {
  type DatabaseFacts,
  type DatabaseName,
  databasePath,
  type InspectDepth,
  inspectDatabase,
  readWitness,
} from '../../repair/database/inspect.ts'
import { lookAt } from '../../repair/fileState.ts'
import { listBackups } from '../../shared/backup.ts'
import { type LedgerRecord, readBoots } from '../../shared/bootledger.ts'
import { ownIdentity, sameProcess } from '../../shared/identity.ts'
import type { AppName } from '../../shared/paths.ts'
import type { Check, Finding, GuardianContext } from '../check.ts'
import { say } from '../say.ts'

/**
 * Are the databases sound? Every page is read after an unclean end; else only the schema and the end of the journal.
 * Preflight looks at the agent's own; the longer version at both. One that a living predecessor has open is left alone.
 */
export const databases: Check = {
  id: 'databases',
  title: 'databases',
  look: async (ctx) => {
    if (ctx.hasPredecessor) return []
    const names: DatabaseName[] = ctx.deep ? ['agent', 'watchdog'] : ['agent']
    const findings = await Promise.all(names.map((name) => judge(ctx, name)))
    return findings.flat()
  },
}

/** Above this, preflight leaves a repair to the longer version: it would take longer than a start may. */
const QUICKLY_REBUILT_BYTES = 64 * 1_024 * 1_024

async function judge(ctx: GuardianContext, name: DatabaseName): Promise<Finding[]> {
  const path = databasePath(ctx.paths, name)
  const facts = await inspectDatabase(path, depthFor(ctx, name))
  const repair = proposal(ctx, name)
  switch (facts.state) {
    case 'corrupt':
      return [
        finding(
          'database-corrupt',
          say(ctx.language, 'guardian.databaseCorrupt', { name, detail: facts.detail }),
          repair,
        ),
      ]
    case 'closed': {
      const human = say(ctx.language, 'guardian.databaseClosed.human', { path })
      return [
        finding('database-closed', say(ctx.language, 'guardian.databaseClosed', { name, detail: facts.detail }), {
          human,
        }),
      ]
    }
    default:
      return judgeEnd(ctx, name, facts)
  }
}

/** A database that is gone, or ends before what was acknowledged, has lost something although it is sound. */
function judgeEnd(
  ctx: GuardianContext,
  name: DatabaseName,
  facts: Extract<DatabaseFacts, { state: 'missing' | 'sound' }>,
): Finding[] {
  const repair = proposal(ctx, name)
  const witness = name === 'agent' ? readWitness(ctx.paths) : 0
  if (facts.state === 'missing') {
    if (listBackups(ctx.paths.backups, name).length === 0) return []
    const detail = say(ctx.language, 'guardian.fileMissing')
    return [finding('database-corrupt', say(ctx.language, 'guardian.databaseCorrupt', { name, detail }), repair)]
  }
  const seq = facts.headSeq ?? 0
  if (facts.headSeq === null || seq >= witness) return []
  return [finding('database-behind', say(ctx.language, 'guardian.databaseBehind', { name, seq, witness }), repair)]
}

function finding(fault: string, what: string, more: Pick<Finding, 'repair' | 'human'>): Finding {
  return { check: 'databases', severity: 'fail', what, fault, ...more }
}

function depthFor(ctx: GuardianContext, name: DatabaseName): InspectDepth {
  if (ctx.deep) return 'full'
  return endedCleanly(readBoots(ctx.paths.boots), name) ? 'quick' : 'pages'
}

/** Did the last process that had this database end as planned? Over reboots too: a power cut is the worst end of all. */
function endedCleanly(records: readonly LedgerRecord[], app: AppName): boolean {
  const own = ownIdentity()
  const others = records.filter((record) => record.app === app && !sameProcess(record, own))
  const last = others.findLast((record) => record.kind === 'start')
  if (!last) return true
  return others.some(
    (record) => record.kind === 'end' && record.planned && record.bootId === last.bootId && sameProcess(record, last),
  )
}

function proposal({ paths, deep }: GuardianContext, name: DatabaseName): Pick<Finding, 'repair'> {
  const isQuick = deep || (lookAt(databasePath(paths, name))?.size ?? 0) <= QUICKLY_REBUILT_BYTES
  return isQuick ? { repair: { action: 'restore_database', args: { database: name } } } : {}
}
