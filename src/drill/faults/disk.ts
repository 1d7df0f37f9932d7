/** Row 16: the disk is full, in bytes or in inodes, while the agent is in use and while it starts. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Incident } from '../../shared/incident.ts'
import { isReserveWhole } from '../../shared/reserve.ts'
import type { RuntimeFile } from '../../shared/runtimeFile.ts'
import { type Drill, expectThat, type Measured, type Stage } from '../drill.ts'
import { startFakeProvider } from '../fakeProvider.ts'
import { type Filler, fillerOfBytes, fillerOfInodes } from '../filler.ts'
import type { Ring } from '../ring.ts'
import { waitFor } from '../waitFor.ts'
import { ask, useProvider } from './agentApi.ts'
import { chat, readRecords } from './chatRecords.ts'
import { degradedWhen, expectOneOfEach, untilKnown } from './wholeAgain.ts'

/**
 * Well above what counts as low, so that it is full because somebody filled it: what a quick machine writes down of all the answers
 * while it is asked must not make the disk low by itself.
 */
const DISK = { bytes: 256 * 1_024 * 1_024, inodes: 8_192 }
/** The promise of row 16. */
const LIMIT_MS = 5_000
/** Between two questions of the client that goes on asking. */
const ASK_PAUSE_MS = 20
/** A stranger who takes at once whatever is given up, for so long. */
const REFILL_MS = 20
const KEPT_FULL_MS = 8_000
const ROTATED_LOGS = ['agent.1.jsonl', 'watchdog.2.jsonl']

type Play = (stage: Stage, agent: RuntimeFile, filler: Filler) => Promise<Measured>

/** A ring that answers, has old logs, and is known to its watchdog; then the play. */
async function onStage(stage: Stage, makeFiller: (folder: string) => Filler, play: Play): Promise<Measured> {
  const { ring } = stage
  const provider = await startFakeProvider()
  const filler = makeFiller(dirname(ring.paths.home))
  try {
    const agent = await useProvider(ring, stage.agent, provider.url)
    for (const name of ROTATED_LOGS) writeFileSync(join(ring.paths.logs, name), '{}\n', { mode: 0o600 })
    await chat(ring, 3, 'before')
    await untilKnown(ring)
    return await play(stage, agent, filler)
  } finally {
    filler.clear()
    await provider.close()
  }
}

function expectFreed({ paths }: Ring): void {
  expectThat(!existsSync(paths.reserve), 'the reserve to be given up')
  const logs = readdirSync(paths.logs).filter((name) => ROTATED_LOGS.includes(name))
  expectThat(logs.length === 0, `the rotated logs to be gone, got ${logs.join(', ')}`)
}

/** Waits for the alert of the full disk; gives what it says. */
function alertOf({ paths }: Ring): Promise<string> {
  return waitFor('an alert about the disk', LIMIT_MS, () => {
    const names = existsSync(paths.alertsOpen) ? readFileSync(paths.alertsOpen, 'utf8').split('\n') : []
    const name = names.find((id) => id.startsWith('S'))
    return name ? readFileSync(join(paths.alerts, `${name}.md`), 'utf8') : undefined
  })
}

/** An answer that was given is on the disk, all of it: the question, the answer and its end. */
function expectKept(ring: Ring, runs: readonly string[]): void {
  const events = [...readRecords(ring).values()].map((record) => JSON.parse(record) as { run: string; type: string })
  for (const run of runs) {
    const ended = events.some((event) => event.run === run && event.type === 'run_ended')
    expectThat(ended, `the acknowledged run ${run} to be in the journal`)
  }
}

/** Asks until it is told to stop: what was acknowledged, and how often it was refused in words. */
function keepAsking(ring: Ring): { readonly stop: () => Promise<{ runs: string[]; refused: number }> } {
  const runs: string[] = []
  let refused = 0
  let isOver = false
  const course = (async () => {
    while (!isOver) {
      const { status, body } = await ask(ring, 'and now? '.padEnd(800, '.'))
      expectThat(status === 200 || status === 503, `an answer or a refusal in words, got ${status} ${body.detail}`)
      if (status === 200 && body.run) runs.push(body.run)
      else refused++
      // A client, not an attack: without a pause the agent of a starved machine has no time left to say how it is.
      await pause(ASK_PAUSE_MS)
    }
  })()
  // Its failure is told by `stop`.
  course.catch(() => {})
  return {
    stop: async () => {
      isOver = true
      await course
      return { runs, refused }
    },
  }
}

/** Everything is as it was before: by itself, and with the same processes. */
async function expectWhole(ring: Ring): Promise<Incident[]> {
  await degradedWhen(ring, 'nothing to be amiss', (sentences) => sentences.length === 0)
  await waitFor('the reserve to be set aside again', 20_000, () => isReserveWhole(ring.paths) || undefined, 100)
  const incidents = await ring.closedIncidents(1)
  await expectOneOfEach(ring)
  expectThat((await ring.status()).alertsOpen === 0, 'no open alert')
  expectThat((await ask(ring, 'whole again?')).status === 200, 'an answer')
  return incidents
}

const inUse: Play = async ({ ring, client }, agent, filler) => {
  const quiet = client.report()
  const asking = keepAsking(ring)
  const startedAt = performance.now()
  filler.fill()
  const alert = await alertOf(ring)
  const healedMs = performance.now() - startedAt
  expectThat(alert.includes(ring.paths.home), `an alert that says where to make room, got ${alert}`)
  expectFreed(ring)
  expectThat((await ask(ring, 'are you there?')).status === 200, 'an answer out of the reserve')
  await degradedWhen(ring, 'the disk to be named', (sentences) => sentences.some((one) => one.startsWith('disk:')))
  // The stranger takes what was freed, too: now nothing more can be written down.
  filler.fill()
  const { status, body } = await ask(ring, 'and without the reserve? '.padEnd(9_000, '.'))
  expectThat(status === 200 || (status === 503 && body.detail !== undefined), `a refusal in words, got ${status}`)
  const { runs, refused } = await asking.stop()
  filler.clear()
  const incidents = await expectWhole(ring)
  expectKept(ring, runs)
  const incident = incidents.find(({ id }) => id.startsWith('S'))
  expectThat(incidents.length === 1 && incident?.fault === 'disk-full', 'one incident, about the disk')
  const same = ring.living('agent')?.nonce === agent.nonce
  expectThat(same, 'the agent never to be touched')
  const failedRequests = client.report().failed - quiet.failed
  return {
    healedMs,
    incident,
    failedRequests,
    downMs: failedRequests === 0 ? 0 : client.report().downMs,
    falseRestarts: same ? 0 : 1,
    dataLost: 0,
    note: `alert after ${Math.round(healedMs)} ms; ${runs.length} answers kept, ${refused} refused in words`,
  }
}

const atStart: Play = async ({ ring, client }, agent, filler) => {
  const quiet = client.report()
  const startedAt = performance.now()
  filler.fill()
  process.kill(agent.pid, 'SIGKILL')
  await ring.nextAgent(agent, LIMIT_MS)
  const healedMs = performance.now() - startedAt
  expectFreed(ring)
  expectThat((await ask(ring, 'are you there?')).status === 200, 'an answer out of the reserve')
  await degradedWhen(ring, 'the disk to be named', (sentences) => sentences.some((one) => one.startsWith('disk:')))
  await alertOf(ring)
  await waitFor(
    'the start to be told',
    20_000,
    async () =>
      (await ring.incidents()).some(({ id, closedAt }) => id.startsWith('I') && closedAt !== null) || undefined,
    200,
  )
  filler.clear()
  const incidents = await expectWhole(ring)
  const incident = incidents.find(({ id }) => id.startsWith('I'))
  expectThat(incident?.outcome === 'degraded', `a degraded start to be told, got ${incident?.outcome}`)
  const { failed, downMs } = client.report()
  return { healedMs, incident, downMs, failedRequests: failed - quiet.failed, dataLost: 0 }
}

/** Nothing that we give up stays ours: as long as that lasts there is no agent, and as soon as it is over there is one. */
const keptFull: Play = async ({ ring, client }, agent, filler) => {
  await client.stop()
  filler.fill()
  const filling = setInterval(filler.fill, REFILL_MS)
  try {
    process.kill(agent.pid, 'SIGKILL')
    const until = performance.now() + KEPT_FULL_MS
    await waitFor('some time', KEPT_FULL_MS + 1_000, () => performance.now() >= until || undefined, 100)
  } finally {
    clearInterval(filling)
  }
  filler.clear()
  const clearedAt = performance.now()
  const next = await ring.nextAgent(agent, LIMIT_MS)
  const healedMs = performance.now() - clearedAt
  await expectWhole(ring)
  const isSame = ring.living('agent')?.nonce === next.nonce
  // PM2 cannot stand a full disk and may end of it: then its successor has brought an agent of its own, without a gap.
  const isHandedOver = (await ring.incidents()).some(({ id }) => id.startsWith('P'))
  expectThat(isSame || isHandedOver, 'one restart, or a hand-over from a PM2 that ended of the full disk')
  return { healedMs, downMs: null, failedRequests: 0, dataLost: 0, note: 'ready again after somebody made room' }
}

function diskDrill(id: string, title: string, makeFiller: (folder: string) => Filler, play: Play): Drill {
  return { id, row: 16, title, disk: DISK, run: (stage) => onStage(stage, makeFiller, play) }
}

/** Row 16. */
export const DISK_DRILLS: readonly Drill[] = [
  diskDrill('disk-full', 'not a free byte on the disk while the agent is in use', fillerOfBytes, inUse),
  diskDrill('inodes-exhausted', 'not a free inode on the disk while the agent is in use', fillerOfInodes, inUse),
  diskDrill('disk-full-at-start', 'not a free byte on the disk, and SIGKILL', fillerOfBytes, atStart),
  diskDrill('inodes-exhausted-at-start', 'not a free inode on the disk, and SIGKILL', fillerOfInodes, atStart),
  diskDrill('disk-kept-full', 'SIGKILL while a stranger takes whatever is given up, for 8 s', fillerOfBytes, keptFull),
]
