/** The watchdog's side of orders: with real files, a real process in the place of the agent, the real guardian, and its own database. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readBoots } from '../../src/shared/bootledger.ts'
import { bootId, monotonicMs, now } from '../../src/shared/clock.ts'
import { writeDesired } from '../../src/shared/desired.ts'
import type { Logger } from '../../src/shared/log.ts'
import { readMaintenance } from '../../src/shared/maintenance.ts'
import { textOf } from '../../src/shared/messages/text.ts'
import { leaveOrder, type OrderName, readOrderAnswer } from '../../src/shared/orderFiles.ts'
import { type HomePaths, homePaths } from '../../src/shared/paths.ts'
import { readStat } from '../../src/shared/procfs.ts'
import type { Beat } from '../../src/watchdog/loop.ts'
import { createOrderRequests } from '../../src/watchdog/orderRequests.ts'
import { openWatchStore, type WatchStore } from '../../src/watchdog/store.ts'
import { eventually } from '../agent/agentProcess.ts'

let paths: HomePaths
let store: WatchStore
let beat: Beat
let asked: string[]
const watch = { state: 'healthy', lastIncidentId: 0 }
const running: ChildProcess[] = []

beforeEach(() => {
  paths = homePaths(mkdtempSync(join(tmpdir(), 'ottugi-order-')))
  for (const folder of [paths.data, paths.run, paths.logs]) mkdirSync(folder, { mode: 0o700 })
  writeFileSync(paths.settings, 'model: { baseUrl: "http://127.0.0.1:9" }\n', { mode: 0o600 })
  writeDesired(paths.desired, 'running')
  store = openWatchStore(paths.watchdogDb)
  asked = []
  Object.assign(watch, { state: 'healthy', lastIncidentId: 0 })
  beat = newBeat()
})
afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
  }
  store.close()
  rmSync(paths.home, { recursive: true, force: true })
})

function newBeat(): Beat {
  const start = (apps: readonly string[]) => {
    asked.push(...apps)
    return Promise.resolve({ ok: true } as const)
  }
  const environment = { PATH: process.env['PATH'] ?? '' }
  return createOrderRequests({
    ...{ paths, store, environment, language: 'en' },
    supervisor: { start },
    log: { info() {}, warn() {}, error() {} } as unknown as Logger,
    state: () => watch.state,
    lastIncidentId: () => watch.lastIncidentId,
  })
}

let keys = 0
function leave(order: OrderName, more: object = {}): string {
  const key = `key-${++keys}`
  const { at, monoMs } = now()
  leaveOrder(paths, {
    ...{ order, key, minutes: null, reason: '', by: 'kim', at, bootId: bootId(), expiresMonoMs: monoMs + 60_000 },
    ...more,
  })
  return key
}

/** Beats until the order has its answer. */
async function answered(key: string): Promise<{ state: string; text: string }> {
  return eventually(() => {
    beat(monotonicMs(), false)
    const answer = readOrderAnswer(paths, key)
    return (
      answer &&
      answer.state !== 'taken' && { state: answer.state, text: answer.words ? textOf('en', answer.words) : '' }
    )
  })
}

/** A process in the place of the agent, which leads its own group. */
async function startStandIn(script = 'setInterval(() => {}, 1000); console.log("up")'): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'], detached: true })
  running.push(child)
  await once(child.stdout as NonNullable<typeof child.stdout>, 'data')
  const identity = { pid: child.pid, startTicks: readStat(child.pid ?? 0)?.startTicks, nonce: 'n1' }
  writeFileSync(paths.identityOf('agent'), JSON.stringify({ ...identity, app: 'agent', url: null }))
  return child
}

it('begins and ends a maintenance', async () => {
  const on = leave('maintenance-on', { minutes: 5, reason: 'new disk' })
  expect(await answered(on)).toMatchObject({ state: 'done', text: expect.stringContaining('Maintenance until') })
  const { monoMs } = now()
  expect(readMaintenance(paths, monoMs)).toMatchObject({ reason: 'new disk' })
  expect(readMaintenance(paths, monoMs + 5 * 60_000)).toBeUndefined()
  expect(await answered(leave('maintenance-off'))).toEqual({ state: 'done', text: 'Maintenance is over.' })
  expect(await answered(leave('maintenance-off'))).toEqual({ state: 'done', text: 'There was no maintenance.' })
})

it('asks the agent to end, announced as wished, and the supervisor where there is none', async () => {
  const agent = await startStandIn()
  const exited = once(agent, 'exit')
  expect(await answered(leave('restart'))).toMatchObject({
    state: 'done',
    text: expect.stringContaining('asked to end'),
  })
  expect((await exited)[1]).toBe('SIGTERM')
  expect(readBoots(paths.boots)).toMatchObject([{ app: 'agent', kind: 'reset', reason: 'ottugi restart' }])
  expect(asked).toEqual([])
  expect(await answered(leave('restart'))).toMatchObject({ state: 'done', text: expect.stringContaining('supervisor') })
  expect(asked).toEqual(['agent'])
})

it('ends the group of an agent that was asked to leave and does not', async () => {
  const agent = await startStandIn('process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("up")')
  const exited = once(agent, 'exit')
  await answered(leave('restart'))
  beat(monotonicMs() + 14_000, false)
  expect(agent.signalCode).toBe(null)
  beat(monotonicMs() + 16_000, false)
  expect((await exited)[1]).toBe('SIGKILL')
})

it('never restarts against a stop that was wished, nor with settings that would not come back', async () => {
  const agent = await startStandIn()
  writeDesired(paths.desired, 'stopped')
  expect(await answered(leave('restart'))).toMatchObject({
    state: 'refused',
    text: expect.stringContaining('on purpose'),
  })
  expect(await answered(leave('drill'))).toMatchObject({ state: 'refused' })
  writeDesired(paths.desired, 'running')
  writeFileSync(paths.settings, 'agnet: { port: 1 }\n')
  expect(await answered(leave('restart'))).toMatchObject({ state: 'refused', text: expect.stringContaining('agnet') })
  expect([agent.exitCode, agent.signalCode, readBoots(paths.boots), asked]).toEqual([null, null, [], []])
})

it('kills a healthy agent for a drill, says so in its incident, and not again at once', async () => {
  watch.state = 'repairing'
  const agent = await startStandIn()
  expect(await answered(leave('drill'))).toMatchObject({ state: 'refused', text: expect.stringContaining('repairing') })
  watch.state = 'healthy'
  const exited = once(agent, 'exit')
  expect(await answered(leave('drill'))).toMatchObject({ state: 'done' })
  expect((await exited)[1]).toBe('SIGKILL')
  const incident = { id: 'I1', openedAt: now().at, closedAt: null, fault: 'exited', symptom: 'exited' } as const
  const rest = { tier: 'keepalive', outcome: 'open', downMs: null, detectMs: 1, actions: [], modelCalls: 0 } as const
  store.saveIncident({ ...incident, ...rest, costUsd: 0, human: null })
  watch.lastIncidentId = 1
  beat(monotonicMs(), false)
  beat(monotonicMs(), false)
  expect(store.incident('I1')?.actions).toMatchObject([{ action: 'drill', args: { by: 'kim' } }])
  await startStandIn()
  expect(await answered(leave('drill'))).toMatchObject({ state: 'refused', text: expect.stringContaining('2 minutes') })
})

it('has the guardian put safe mode on and off, and the last known good settings back', async () => {
  expect(await answered(leave('safe-mode-on'))).toMatchObject({ state: 'done' })
  expect(existsSync(paths.safeMode)).toBe(true)
  expect(await answered(leave('safe-mode-off'))).toMatchObject({ state: 'done' })
  expect(existsSync(paths.safeMode)).toBe(false)
  const nothing = await answered(leave('roll-back-settings'))
  expect(nothing).toMatchObject({ state: 'refused', text: expect.stringContaining('no known good settings') })
  mkdirSync(paths.knownGood, { mode: 0o700 })
  const good = { settingsText: '# good\n', settingsHash: 'h', lockfileHash: null, databaseBackup: null }
  writeFileSync(join(paths.knownGood, 'known-good.json'), JSON.stringify({ ...good, version: '1', savedAt: now().at }))
  expect(await answered(leave('roll-back-settings'))).toMatchObject({ state: 'done' })
  expect(readFileSync(paths.settings, 'utf8')).toBe('# good\n')
})

it('does nothing for an order of another boot, an old one, or one that a killed watchdog had taken', async () => {
  const agent = await startStandIn()
  const old = leave('restart', { expiresMonoMs: monotonicMs() - 1 })
  const foreign = leave('restart', { bootId: 'the boot before' })
  expect([await answered(old), await answered(foreign)]).toMatchObject([{ state: 'refused' }, { state: 'refused' }])
  const taken = leave('restart')
  const answers = join(paths.data, 'requests', 'answers')
  writeFileSync(
    join(answers, `${taken}.json`),
    JSON.stringify({ order: 'restart', key: taken, state: 'taken', words: null, at: now().at }),
  )
  newBeat()(monotonicMs(), false)
  expect(readOrderAnswer(paths, taken)?.state).toBe('taken')
  expect([agent.exitCode, agent.signalCode]).toEqual([null, null])
})

it('throws away what is no order, and goes on', async () => {
  const folder = join(paths.data, 'requests', 'orders')
  mkdirSync(folder, { recursive: true })
  for (let index = 0; index < 30; index++) writeFileSync(join(folder, `a${index}.json`), '{"order":"reboot"}')
  expect(await answered(leave('maintenance-off'))).toMatchObject({ state: 'done' })
})
