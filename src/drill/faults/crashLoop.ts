/** Rows 18 and 19: an agent that cannot stay up. The settings are valid, and no check can foresee what they do. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { parse, stringify } from 'yaml'
import { BRAKE, type LedgerRecord } from '../../shared/bootledger.ts'
import { type Drill, expectThat, type Stage } from '../drill.ts'
import type { Ring } from '../ring.ts'
import { waitFor } from '../waitFor.ts'

/** Less than an agent needs: it starts, is ready, and ends when its heap is full. */
const TOO_SMALL_HEAP_MB = 16
/** The promise of row 19. */
const MOST_STARTS_A_MINUTE = 10

function change(ring: Ring, edit: (settings: Record<string, Record<string, unknown>>) => void): void {
  const settings = parse(readFileSync(ring.paths.settings, 'utf8')) as Record<string, Record<string, unknown>>
  edit(settings)
  writeFileSync(ring.paths.settings, stringify(settings))
}

function shrinkHeap(ring: Ring): void {
  change(ring, (settings) => {
    settings['agent'] = { ...settings['agent'], maxHeapMb: TOO_SMALL_HEAP_MB }
  })
}

/** Starts of the agent's process since `from`, refused ones included: each costs the machine one start. */
function startsSince(ring: Ring, from: number): number[] {
  const records = readFileSync(ring.paths.boots, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as LedgerRecord)
  const begun = records.filter(
    ({ app, kind, monoMs }) => app === 'agent' && monoMs >= from && (kind === 'start' || kind === 'refused'),
  )
  return [...new Map(begun.map((record) => [record.nonce, record.monoMs])).values()]
}

function mostInAMinute(starts: readonly number[]): number {
  return Math.max(
    0,
    ...starts.map((start) => starts.filter((other) => other >= start && other - start < BRAKE.windowMs).length),
  )
}

function lastMonoMs({ ring }: Stage): number {
  const line = readFileSync(ring.paths.boots, 'utf8').trimEnd().split('\n').at(-1) ?? '{}'
  return (JSON.parse(line) as LedgerRecord).monoMs
}

const withOlderConfig: Drill = {
  id: 'crash-loop-older-config',
  row: 18,
  title: 'crash loop while a good older config exists',
  options: { settings: { guardian: { knownGoodAfterMs: 1_000 } } },
  async run(stage) {
    const { ring, agent } = stage
    await waitFor('a last known good', 20_000, () => readKnownGood(ring) || undefined)
    const from = lastMonoMs(stage)
    const startedAt = performance.now()
    shrinkHeap(ring)
    process.kill(agent.pid, 'SIGKILL')
    await waitFor('the good settings to be back', 60_000, () =>
      readFileSync(ring.paths.settings, 'utf8').includes('maxHeapMb') ? undefined : true,
    )
    await ring.nextAgent(agent)
    const healedMs = performance.now() - startedAt
    const [incident] = await ring.closedIncidents(1, 60_000)
    expectThat(incident?.tier === 'guardian', `the guardian to heal it, got ${incident?.tier}`)
    const starts = startsSince(ring, from)
    expectThat(
      mostInAMinute(starts) <= MOST_STARTS_A_MINUTE,
      `at most ${MOST_STARTS_A_MINUTE} starts a minute, got ${starts.length}`,
    )
    return { healedMs, incident, note: `${starts.length} starts` }
  },
}

function readKnownGood(ring: Ring): boolean {
  return existsSync(ring.paths.knownGood) && readdirSync(ring.paths.knownGood).length > 0
}

const LOOP_MS = 65_000

const late: Drill = {
  id: 'crash-loop-late',
  row: 19,
  title: 'crash loop without an older config or safe mode, until the cause goes',
  options: { settings: { guardian: { safeMode: false } } },
  async run(stage) {
    const { ring, agent } = stage
    const from = lastMonoMs(stage)
    shrinkHeap(ring)
    process.kill(agent.pid, 'SIGKILL')
    const until = performance.now() + LOOP_MS
    await waitFor('a minute of the loop', LOOP_MS + 5_000, () => (performance.now() >= until ? true : undefined), 500)
    const starts = startsSince(ring, from)
    expectThat(starts.length >= 2, `a real loop, got ${starts.length} starts`)
    expectThat(
      mostInAMinute(starts) <= MOST_STARTS_A_MINUTE,
      `at most ${MOST_STARTS_A_MINUTE} starts a minute, got ${mostInAMinute(starts)}`,
    )
    const last = ring.living('agent')
    const mendedAt = performance.now()
    change(ring, (settings) => {
      delete settings['agent']?.['maxHeapMb']
    })
    await waitForWhole(ring, last?.nonce)
    const healedMs = performance.now() - mendedAt
    await waitFor(
      'the watch to be healthy',
      20_000,
      async () => (await ring.status()).state === 'healthy' || undefined,
      200,
    )
    return {
      healedMs,
      downMs: null,
      note: `at most ${mostInAMinute(starts)} starts a minute; ready again after the cause went`,
    }
  },
}

/** An agent with the mended settings: the one of the loop may still be alive for a moment. */
async function waitForWhole(ring: Ring, lastNonce: string | undefined): Promise<void> {
  await ring.nextAgent(lastNonce === undefined ? undefined : { nonce: lastNonce }, 120_000)
}

/** Rows 18 and 19. */
export const CRASH_LOOP_DRILLS: readonly Drill[] = [withOlderConfig, late]
