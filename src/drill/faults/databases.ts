/** Row 14: the agent's database is damaged: its header, a page in the middle, the end of its write-ahead log. */
import { closeSync, openSync, readdirSync, readFileSync, statSync, truncateSync, writeSync } from 'node:fs'
import Database from 'better-sqlite3'
import { isAlive } from '../../shared/identity.ts'
import type { RuntimeFile } from '../../shared/runtimeFile.ts'
import { type Drill, expectThat, type Measured, type Stage } from '../drill.ts'
import { startFakeProvider } from '../fakeProvider.ts'
import type { Ring } from '../ring.ts'
import { waitFor } from '../waitFor.ts'
import { ask, useProvider } from './agentApi.ts'
import { chat, expectExactLoss, readRecords, statedLoss } from './chatRecords.ts'
import { expectNobodyNeeded, expectOneIncident, expectOneOfEach, untilKnown } from './wholeAgain.ts'

/** The last known good comes with a backup: so there is one soon after the start. */
const SOON_BACKED_UP = { settings: { guardian: { knownGoodAfterMs: 4_000 } } }
/** Where that comes too early, the next regular backup is a minute away. */
const BACKUP_LIMIT_MS = 90_000
const PAGE_BYTES = 4_096
const MAGIC_BYTES = 16

/** A backup that was begun after `since` and is whole. */
async function backupSince({ paths }: Ring, since: Date): Promise<void> {
  const earliest = `agent-${since.toISOString().replace(/[:.]/g, '-')}`
  await waitFor(
    'a backup of what was said',
    BACKUP_LIMIT_MS,
    () =>
      readdirSync(paths.backups).some(
        (name) => name.endsWith('.db') && name.startsWith('agent-') && name >= earliest,
      ) || undefined,
  )
}

/** Four answers that are checkpointed and backed up, and six more that stand in the write-ahead log alone. */
async function fillJournal(stage: Stage, providerUrl: string): Promise<RuntimeFile> {
  const { ring } = stage
  const first = await useProvider(ring, stage.agent, providerUrl)
  await chat(ring, 4, 'early')
  // A planned end writes the log into the database.
  expectThat((await ring.ottugi('restart')).code === 0, 'the restart to work')
  const agent = await ring.nextAgent(first)
  await backupSince(ring, new Date())
  await chat(ring, 6, 'late')
  return agent
}

/** The damaged files, and nothing else, lie in quarantine: nothing was deleted. */
function expectQuarantined({ paths }: Ring): void {
  const files = readdirSync(paths.quarantine, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  expectThat(
    files.some(({ name }) => name === 'agent.db'),
    `agent.db in quarantine, got ${files.map(({ name }) => name).join(', ')}`,
  )
}

function killAgent({ pid, startTicks }: RuntimeFile): void {
  process.kill(pid, 'SIGKILL')
  // Its files are let go within a moment; a successor needs far longer to begin.
  while (isAlive({ pid, startTicks }));
}

/** The course of all three: a filled journal, the damage, a sound journal again, and the count of what is gone. */
async function drillDamage(stage: Stage, damage: (ring: Ring, agent: RuntimeFile) => void): Promise<Measured> {
  const { ring, client } = stage
  const provider = await startFakeProvider()
  try {
    const agent = await fillJournal(stage, provider.url)
    await untilKnown(ring)
    const before = readRecords(ring)
    const quiet = client.report()
    const startedAt = performance.now()
    damage(ring, agent)
    await ring.nextAgent(agent)
    const healedMs = performance.now() - startedAt
    const incident = await expectOneIncident(ring, { tier: 'guardian', outcome: 'healed' })
    const gone = expectExactLoss(before, readRecords(ring), statedLoss(incident))
    expectQuarantined(ring)
    expectThat((await ask(ring, 'after')).status === 200, 'a new question to be answered')
    await expectOneOfEach(ring)
    await expectNobodyNeeded(ring)
    const failedRequests = client.report().failed - quiet.failed
    return {
      healedMs,
      incident,
      failedRequests,
      dataLost: 0,
      downMs: incident.downMs,
      note: `${gone} of ${before.size} events lost, all of them said`,
    }
  } finally {
    await provider.close()
  }
}

function overwrite(file: string, offset: number, length: number): void {
  const fd = openSync(file, 'r+')
  try {
    writeSync(fd, Buffer.alloc(length, 0xff), 0, length, offset)
  } finally {
    closeSync(fd)
  }
}

/** What SQLite does by itself when its log has grown long: everything stands in the database alone. */
function emptyLog({ paths }: Ring): void {
  const db = new Database(paths.agentDb, { fileMustExist: true })
  try {
    db.pragma('wal_checkpoint(TRUNCATE)')
  } finally {
    db.close()
  }
}

const header: Drill = {
  id: 'db-header',
  row: 14,
  title: 'the header of agent.db overwritten while the agent runs',
  options: SOON_BACKED_UP,
  run: (stage) => drillDamage(stage, ({ paths }) => overwrite(paths.agentDb, 0, MAGIC_BYTES)),
}

const page: Drill = {
  id: 'db-page',
  row: 14,
  title: 'a page of agent.db overwritten that no backup has, then SIGKILL',
  options: SOON_BACKED_UP,
  run: (stage) =>
    drillDamage(stage, (ring, agent) => {
      const { paths } = ring
      emptyLog(ring)
      const at = readFileSync(paths.agentDb).indexOf('late 3 ')
      overwrite(paths.agentDb, at - (at % PAGE_BYTES), PAGE_BYTES)
      killAgent(agent)
    }),
}

const wal: Drill = {
  id: 'db-wal',
  row: 14,
  title: 'SIGKILL, then half of the write-ahead log is cut off',
  options: SOON_BACKED_UP,
  run: (stage) =>
    drillDamage(stage, ({ paths }, agent) => {
      killAgent(agent)
      const log = `${paths.agentDb}-wal`
      truncateSync(log, Math.floor(statSync(log).size / 2))
    }),
}

/** Row 14. */
export const DATABASE_DRILLS: readonly Drill[] = [header, page, wal]
