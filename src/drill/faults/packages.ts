/** Row 20: packages of the program are damaged or gone. The ring runs from a copy of the program, and has an npm of its own cache. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { BRAKE, readBoots } from '../../shared/bootledger.ts'
import { appRoot } from '../../shared/paths.ts'
import type { RuntimeFile } from '../../shared/runtimeFile.ts'
import { type Drill, expectThat, type Measured, type Stage } from '../drill.ts'
import { freePorts } from '../freePorts.ts'
import { lockfileWithoutHashes, startLocalRegistry } from '../localRegistry.ts'
import type { Ring } from '../ring.ts'
import { waitFor } from '../waitFor.ts'
import { expectOneIncident, expectOneOfEach, untilKnown } from './wholeAgain.ts'

/** npm, and recovery after it, try for some seconds each before a person is asked. */
const ALERT_LIMIT_MS = 60_000
/** The promise: as soon as the packages are there, so is the agent. */
const BACK_LIMIT_MS = 5_000
/** A Node and 170 packages, unpacked and synced. */
const REINSTALL_LIMIT_MS = 170_000
const MOST_STARTS_A_MINUTE = 10
/** Where a package lies that is out of its place. */
const AWAY = 'away'

/** Moves packages out of their place, as somebody's clean-up would; the result puts them back. */
function takeAway({ root }: Ring, names: readonly string[]): () => void {
  const move = (from: string, to: string) => {
    for (const name of names) {
      mkdirSync(dirname(join(to, name)), { recursive: true })
      renameSync(join(from, name), join(to, name))
    }
  }
  const [modules, away] = [join(root, 'node_modules'), join(root, AWAY)]
  move(modules, away)
  return () => move(away, modules)
}

/** All but the Node that everything runs on, and the links to it. */
function allButNode({ root }: Ring): string[] {
  const node = process.execPath.slice(join(appRoot, 'node_modules').length + 1).split('/')[0]
  return readdirSync(join(root, 'node_modules')).filter((name) => name !== '.bin' && name !== node)
}

/** Nothing listens there: the registry that cannot be reached. */
async function withoutRegistry({ root }: Ring): Promise<void> {
  const [port] = await freePorts(1)
  writeFileSync(join(root, '.npmrc'), `registry=http://127.0.0.1:${port}\n`)
}

/** Starts of the agent since then, refused ones too. */
function startsSince({ paths }: Ring, from: number): number {
  const begun = readBoots(paths.boots).filter(
    ({ app, kind, monoMs }) => app === 'agent' && monoMs > from && (kind === 'start' || kind === 'refused'),
  )
  return new Set(begun.map(({ nonce }) => nonce)).size
}

/** The text of the alert of the agent's incident. */
function alertOf({ paths }: Ring): Promise<string> {
  return waitFor('an alert about the packages', ALERT_LIMIT_MS, () => {
    const id = existsSync(paths.alertsOpen) ? readFileSync(paths.alertsOpen, 'utf8').split('\n')[0] : undefined
    return id ? readFileSync(join(paths.alerts, `${id}.md`), 'utf8') : undefined
  })
}

async function expectOthersUp({ living }: Ring, before: readonly (RuntimeFile | undefined)[]): Promise<void> {
  const [watchdog, dashboard] = [living('watchdog'), living('dashboard')]
  const same = watchdog?.nonce === before[0]?.nonce && dashboard?.nonce === before[1]?.nonce
  expectThat(watchdog !== undefined && dashboard !== undefined && same, 'watchdog and dashboard never to be away')
  const answer = await fetch(`${dashboard?.url}/livez`, { signal: AbortSignal.timeout(2_000) })
  expectThat(answer.ok, `the dashboard to answer, got ${answer.status}`)
}

/** Without a registry: one alert that says what to type, few starts, and the agent as soon as the packages are back. */
async function offline({ ring, client }: Stage, agent: RuntimeFile, names: readonly string[]): Promise<Measured> {
  await untilKnown(ring)
  await withoutRegistry(ring)
  const before = [ring.living('watchdog'), ring.living('dashboard')]
  const from = readBoots(ring.paths.boots).at(-1)?.monoMs ?? 0
  const startedAt = performance.now()
  const putBack = takeAway(ring, names)
  let alertMs: number
  try {
    process.kill(agent.pid, 'SIGKILL')
    const alert = await alertOf(ring)
    alertMs = performance.now() - startedAt
    const command = `cd ${ring.root} && npm ci --ignore-scripts`
    expectThat(alert.includes(command), `an alert that says: ${command}, got ${alert}`)
    // Somebody has to come and read it: meanwhile it stays braked.
    const until = startedAt + BRAKE.maxHoldMs / 2
    await waitFor('half a minute', BRAKE.maxHoldMs, () => performance.now() >= until || undefined, 200)
    await expectOthersUp(ring, before)
  } finally {
    putBack()
  }
  const backAt = performance.now()
  const starts = startsSince(ring, from)
  expectThat(starts <= MOST_STARTS_A_MINUTE / 2, `a braked agent, got ${starts} starts in half a minute`)
  await ring.nextAgent(agent, BACK_LIMIT_MS)
  const healedMs = performance.now() - backAt
  const incident = await expectOneIncident(ring, { fault: 'dependencies', outcome: 'escalated' })
  await expectOneOfEach(ring)
  expectThat((await ring.status()).alertsOpen === 0, 'no open alert')
  const { failed } = client.report()
  return {
    healedMs,
    incident,
    downMs: null,
    failedRequests: failed,
    note: `alert after ${Math.round(alertMs)} ms, ${starts} starts`,
  }
}

/** With a registry: by itself. */
async function reinstalled({ ring }: Stage, agent: RuntimeFile): Promise<Measured> {
  await untilKnown(ring)
  const registry = await startLocalRegistry(appRoot)
  try {
    const lockfile = join(ring.root, 'package-lock.json')
    writeFileSync(lockfile, lockfileWithoutHashes(readFileSync(lockfile, 'utf8')))
    writeFileSync(join(ring.root, '.npmrc'), `registry=${registry.url}\n`)
    const before = [ring.living('watchdog'), ring.living('dashboard')]
    const startedAt = performance.now()
    const modules = join(ring.root, 'node_modules')
    rmSync(join(modules, 'express'), { recursive: true })
    rmSync(join(modules, 'yaml', 'package.json'))
    process.kill(agent.pid, 'SIGKILL')
    await ring.nextAgent(agent, REINSTALL_LIMIT_MS)
    const healedMs = performance.now() - startedAt
    await expectOthersUp(ring, before)
    for (const file of ['express/package.json', 'yaml/package.json']) {
      const [own, other] = [join(modules, file), join(appRoot, 'node_modules', file)].map((path) =>
        readFileSync(path, 'utf8'),
      )
      expectThat(own === other, `${file} as it was`)
    }
    const incident = await expectOneIncident(ring, { tier: 'guardian', fault: 'dependencies', outcome: 'healed' })
    const left = readdirSync(ring.root).filter((name) => /broken|install/.test(name))
    expectThat(left.length === 0, `nothing to be left, got ${left.join(', ')}`)
    await expectOneOfEach(ring)
    return { healedMs, incident, dataLost: 0 }
  } finally {
    await registry.close()
  }
}

/** What the rings of these drills have on their PATH. */
function noNpm(): string | undefined {
  const folders = ['/usr/local/bin', '/usr/bin', '/bin']
  return folders.some((folder) => existsSync(join(folder, 'npm')))
    ? undefined
    : `missing: npm in ${folders.join(delimiter)}`
}

const base = { row: 20, ownCheckout: true, missing: noNpm } as const

/** Row 20. */
export const PACKAGE_DRILLS: readonly Drill[] = [
  {
    ...base,
    id: 'packages-damaged-offline',
    title: 'a package removed, SIGKILL, and no registry',
    run: (stage) => offline(stage, stage.agent, ['express']),
  },
  {
    ...base,
    id: 'packages-gone-offline',
    title: 'all packages gone but Node, SIGKILL, and no registry',
    run: (stage) => offline(stage, stage.agent, allButNode(stage.ring)),
  },
  {
    ...base,
    id: 'packages-reinstalled',
    title: 'two packages damaged, SIGKILL, with a registry',
    run: (stage) => reinstalled(stage, stage.agent),
  },
]
