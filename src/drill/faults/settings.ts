/** Rows 10 and 11: settings that nobody can read, and settings that are valid and kill the agent. */
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Incident } from '../../shared/incident.ts'
import type { HomePaths } from '../../shared/paths.ts'
import { type Drill, expectThat, type Stage } from '../drill.ts'
import type { Ring } from '../ring.ts'
import { waitFor } from '../waitFor.ts'
import { degradedWhen, expectNobodyNeeded, expectOneIncident, expectOneOfEach, untilKnown } from './wholeAgain.ts'

/** A start counts as good after a second: a drill has no ten minutes. */
const SOON_GOOD = { settings: { guardian: { knownGoodAfterMs: 1_000 } } }
/** Longer than the agent lives with settings that kill it: those must not count as good. */
const LATER_GOOD = { settings: { guardian: { knownGoodAfterMs: 4_000 } } }
/** How long the agent may take to notice by itself that its settings were mended. */
const BY_ITSELF_MS = 5_000
const OPEN_BITS = 0o077

async function goodSettings({ paths }: Ring): Promise<string> {
  await waitFor(
    'the settings to be known as good',
    30_000,
    () => existsSync(join(paths.knownGood, 'known-good.json')) || undefined,
  )
  return readFileSync(paths.settings, 'utf8')
}

/** A key without its colon: no YAML any more. */
function writeTypo({ paths }: Ring): string {
  const typo = `${readFileSync(paths.settings, 'utf8')}budget\n  dayUsd: 5\n`
  writeFileSync(paths.settings, typo)
  return typo
}

async function killAndWait({ ring, agent }: Stage): Promise<number> {
  const startedAt = performance.now()
  process.kill(agent.pid, 'SIGKILL')
  const next = await ring.nextAgent(agent)
  const healedMs = performance.now() - startedAt
  expectThat(next.url === agent.url, `the same address ${agent.url}, got ${next.url}`)
  return healedMs
}

/** The texts of the bad files that were kept beside the settings. */
function keptFiles({ settings }: HomePaths): string[] {
  const names = readdirSync(dirname(settings)).filter((name) => name.startsWith(`${basename(settings)}.bad-`))
  return names.map((name) => readFileSync(join(dirname(settings), name), 'utf8'))
}

/** The good text is back, the bad one is kept, and the incident shows what differed. */
function expectRestored(ring: Ring, incident: Incident, good: string, bad: string): void {
  const restores = incident.actions.filter(({ action }) => action === 'restore_config')
  const line =
    bad
      .split('\n')
      .find((one) => !good.includes(one))
      ?.trim() ?? ''
  expectThat(readFileSync(ring.paths.settings, 'utf8') === good, 'the known good settings to be back')
  expectThat(keptFiles(ring.paths).join() === bad, 'the bad settings, and nothing else, to be kept beside them')
  expectThat(restores.length === 1, `one step back, got ${restores.length}`)
  expectThat(restores[0]?.result.includes(`-${line}`) === true, `the diff to show -${line}, got ${restores[0]?.result}`)
}

const settingsBroken: Drill = {
  id: 'settings-broken',
  row: 10,
  title: 'a typo in ottugi.yaml, known good settings exist',
  options: SOON_GOOD,
  async run(stage) {
    const { ring } = stage
    const good = await goodSettings(ring)
    const bad = writeTypo(ring)
    const healedMs = await killAndWait(stage)
    const incident = await expectOneIncident(ring, { tier: 'guardian', fault: 'settings-invalid', outcome: 'healed' })
    expectRestored(ring, incident, good, bad)
    await expectOneOfEach(ring)
    await expectNobodyNeeded(ring)
    return { healedMs, incident }
  },
}

const settingsUnreadable: Drill = {
  id: 'settings-unreadable',
  row: 10,
  title: 'ottugi.yaml with mode 000',
  options: SOON_GOOD,
  missing: () => (process.getuid?.() === 0 ? 'needs an ordinary user: root reads a file of any mode' : undefined),
  async run(stage) {
    const { ring } = stage
    const good = await goodSettings(ring)
    chmodSync(ring.paths.settings, 0)
    const healedMs = await killAndWait(stage)
    const incident = await expectOneIncident(ring, { tier: 'guardian', fault: 'wrong-mode', outcome: 'healed' })
    expectThat(readFileSync(ring.paths.settings, 'utf8') === good, 'the settings to be as they were')
    expectThat((statSync(ring.paths.settings).mode & OPEN_BITS) === 0, 'the settings to be closed to others')
    await expectOneOfEach(ring)
    await expectNobodyNeeded(ring)
    return { healedMs, incident }
  },
}

const settingsWithoutGood: Drill = {
  id: 'settings-no-known-good',
  row: 10,
  title: 'a typo in ottugi.yaml, nothing known good: safe mode, left when it is mended',
  async run(stage) {
    const { ring } = stage
    await untilKnown(ring)
    const own = readFileSync(ring.paths.settings, 'utf8')
    const bad = writeTypo(ring)
    const healedMs = await killAndWait(stage)
    const seen = stage.client.report()
    const incident = await expectOneIncident(ring, { tier: 'guardian', fault: 'settings-invalid', outcome: 'degraded' })
    await expectSafeMode(ring)
    expectThat(readFileSync(ring.paths.settings, 'utf8') === bad, "the owner's file to be left as it is")
    writeFileSync(ring.paths.settings, own)
    const how = await wholeWithOwnSettings(ring)
    await expectOneOfEach(ring)
    await expectNobodyNeeded(ring)
    return { healedMs, incident, downMs: seen.downMs, failedRequests: seen.failed, note: how }
  },
}

async function expectSafeMode(ring: Ring): Promise<void> {
  const said = await degradedWhen(ring, 'safe mode to be said', (sentences) =>
    sentences.some((sentence) => sentence.startsWith('safeMode:')),
  )
  expectThat(
    (await ring.status()).safeMode?.reason === 'settings-invalid',
    `safe mode in the status beside ${said.join(' ')}`,
  )
}

/** Leaves safe mode by itself once the file is mended. */
async function wholeWithOwnSettings(ring: Ring): Promise<string> {
  const startedAt = performance.now()
  const isWhole = async () => ((await ring.status()).safeMode === null ? true : undefined)
  await waitFor('safe mode to be left', BY_ITSELF_MS, isWhole, 100)
  await degradedWhen(ring, 'nothing to be amiss', (sentences) => sentences.length === 0)
  return `whole by itself ${((performance.now() - startedAt) / 1_000).toFixed(1)} s after it was mended`
}

/** No check can foresee how much memory the agent will need: this is less. */
const TOO_SMALL_MB = '16'

const settingsCrash: Drill = {
  id: 'settings-crash',
  row: 11,
  title: 'a valid setting with which the agent dies again and again',
  options: LATER_GOOD,
  async run(stage) {
    const { ring } = stage
    const good = await goodSettings(ring)
    const change = await ring.ottugi('config', 'set', 'agent.maxHeapMb', TOO_SMALL_MB)
    expectThat(change.code === 0, `the change to be allowed, got ${change.err}`)
    const bad = readFileSync(ring.paths.settings, 'utf8')
    const startedAt = performance.now()
    // As its owner would; the agent is ready for a moment, so that the command itself may think well of it.
    const restarted = ring.ottugi('restart')
    await waitFor(
      'the known good settings to be back',
      40_000,
      () => readFileSync(ring.paths.settings, 'utf8') === good || undefined,
    )
    const doomed = ring.living('agent')
    await ring.nextAgent(doomed)
    const healedMs = performance.now() - startedAt
    await restarted
    const incident = await expectOneIncident(ring, { tier: 'guardian', fault: 'crash-loop', outcome: 'healed' })
    expectRestored(ring, incident, good, bad)
    await expectOneOfEach(ring)
    await expectNobodyNeeded(ring)
    return { healedMs, incident, note: `${(await ring.status()).agent.restarts24h} ends before it held` }
  },
}

/** Rows 10 and 11. */
export const SETTINGS_DRILLS: readonly Drill[] = [
  settingsBroken,
  settingsUnreadable,
  settingsWithoutGood,
  settingsCrash,
]
