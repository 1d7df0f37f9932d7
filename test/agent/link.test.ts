/** The link over a real socket, with a real worker and a fake watchdog at the other end. */
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Identity } from '../../src/shared/identity.ts'
import { type AgentMessage, createLineReader, encodeLine, LINK } from '../../src/shared/link.ts'
import { type HomePaths, homePaths } from '../../src/shared/paths.ts'
import { readStat } from '../../src/shared/procfs.ts'
import { eventually } from './agentProcess.ts'

let paths: HomePaths
let watchdog: FakeWatchdog
let child: ChildProcess

beforeEach(async () => {
  paths = homePaths(mkdtempSync(join(tmpdir(), 'ottugi-link-')))
  mkdirSync(paths.run)
  watchdog = await listen()
})

afterEach(async () => {
  child?.kill('SIGKILL')
  await watchdog.close()
  rmSync(paths.home, { recursive: true, force: true })
})

type FakeWatchdog = {
  readonly messages: AgentMessage[]
  readonly connections: () => number
  /** Whom it says it is, from now on; null says nothing. */
  readonly speakAs: (identity: Identity | null) => void
  readonly hangUp: () => void
  readonly close: () => Promise<void>
}

async function listen(): Promise<FakeWatchdog> {
  const messages: AgentMessage[] = []
  let identity: Identity | null = null
  let count = 0
  let hangUp = () => {}
  const server: Server = createServer((socket) => {
    count++
    hangUp = () => socket.destroy()
    socket.on('error', () => {})
    socket.on(
      'data',
      createLineReader((value) => messages.push(value as AgentMessage), hangUp),
    )
    const timer = setInterval(() => identity && socket.write(encodeLine({ type: 'beat', identity })), LINK.beatMs)
    socket.on('close', () => clearInterval(timer))
  })
  await new Promise<void>((resolve) => server.listen(paths.linkSocket, resolve))
  return {
    messages,
    connections: () => count,
    speakAs: (next) => {
      identity = next
    },
    hangUp: () => hangUp(),
    close: () => {
      hangUp()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function startLinked(): ChildProcess {
  child = fork(join(import.meta.dirname, 'linkedProcess.ts'), [paths.home], { env: { PATH: process.env['PATH'] } })
  return child
}

const beats = () => watchdog.messages.filter((message) => message.type === 'beat')
const stacks = () => watchdog.messages.filter((message) => message.type === 'stack')

it('says who it is, then beats, and comes back when the connection breaks', async () => {
  const { pid } = startLinked()
  await eventually(() => beats().length >= 3)
  expect(watchdog.messages[0]).toMatchObject({ type: 'hello', identity: { pid } })
  expect(beats().at(-1)).toMatchObject({ phase: 'ready', busyUntilMonoMs: null })
  expect(beats().at(-1)?.mainAgeMs).toBeLessThan(LINK.mainLateMs)
  watchdog.hangUp()
  await eventually(() => watchdog.connections() === 2)
  expect(await eventually(() => watchdog.messages.findLast(({ type }) => type === 'hello'))).toBeDefined()
})

it('reports a blocked loop and its stack once, and lets it go on', async () => {
  startLinked()
  await eventually(() => beats().length >= 2)
  child.send({ block: 'javascript', ms: 3_000 })
  const freed = once(child, 'message')
  const [stack] = await eventually(() => stacks().length > 0 && stacks())
  expect(stack?.frames[0]).toMatch(/^spinForTheTest \(file:.*linkedProcess\.ts:\d+:\d+\)$/)
  await eventually(() => beats().some(({ mainAgeMs }) => mainAgeMs > 2_000))
  await freed
  await eventually(() => (beats().at(-1)?.mainAgeMs ?? 1_000) < LINK.mainLateMs)
  expect(stacks().length).toBe(1)
})

it('does not call the end of a long step that was announced a hang', async () => {
  startLinked()
  await eventually(() => beats().length >= 2)
  child.send({ block: 'announced', ms: 3_000 })
  const freed = once(child, 'message')
  await eventually(() => beats().some(({ busyUntilMonoMs }) => busyUntilMonoMs !== null))
  await freed
  const seen = beats().length
  await eventually(() => beats().length > seen)
  const unannounced = beats().filter(({ busyUntilMonoMs }) => busyUntilMonoMs === null)
  expect(Math.max(...unannounced.map(({ mainAgeMs }) => mainAgeMs))).toBeLessThan(2_000)
})

it('goes on beating while the main thread is blocked in native code, without a stack', async () => {
  startLinked()
  await eventually(() => beats().length >= 2)
  child.send({ block: 'native', ms: 2_500 })
  const freed = once(child, 'message')
  await eventually(() => beats().some(({ mainAgeMs }) => mainAgeMs > 2_000))
  await freed
  await eventually(() => (beats().at(-1)?.mainAgeMs ?? 1_000) < LINK.mainLateMs)
  expect(stacks()).toEqual([])
})

it('does not call itself hung after it was stopped and continued', async () => {
  startLinked()
  await eventually(() => beats().length >= 2)
  child.kill('SIGSTOP')
  await sleep(2_500)
  const before = beats().length
  child.kill('SIGCONT')
  await eventually(() => beats().length >= before + 4)
  expect(Math.max(...beats().map(({ mainAgeMs }) => mainAgeMs))).toBeLessThan(2_000)
})

it('ends a watchdog that is stopped, and nobody else', async () => {
  const sleeper = spawn('sleep', ['60'])
  const exited = once(sleeper, 'exit')
  const startTicks = readStat(sleeper.pid ?? 0)?.startTicks ?? 0
  watchdog.speakAs({ pid: sleeper.pid ?? 0, startTicks, nonce: 'x' })
  startLinked()
  await eventually(() => beats().length >= 3)
  sleeper.kill('SIGSTOP')
  expect(await exited).toEqual([null, 'SIGKILL'])
})

it('leaves a process alone that has the pid of a silent watchdog, but not its start time', async () => {
  const sleeper = spawn('sleep', ['60'])
  watchdog.speakAs({ pid: sleeper.pid ?? 0, startTicks: 1, nonce: 'x' })
  startLinked()
  await eventually(() => beats().length >= 3)
  watchdog.speakAs(null)
  await eventually(() => beats().length >= 18)
  expect(sleeper.exitCode ?? sleeper.signalCode).toBe(null)
  sleeper.kill('SIGKILL')
})
