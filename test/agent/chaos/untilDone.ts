/** kill -9, again and again, through many runs of ten steps over one database, and what came of it: shared by the test and the bench. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RunEvent } from '../../../src/agent/journal/event.ts'
import { openSqliteJournal } from '../../../src/agent/journal/sqliteJournal.ts'
import { divergence } from '../../../src/agent/runs/divergence.ts'
import { foldRun } from '../../../src/agent/runs/fold.ts'
import { rulesOf } from '../../../src/agent/runs/work.ts'
import { startFakeAnthropic } from '../../fakes/anthropic.ts'
import { playPlan } from '../loop/brain.ts'
import { type Effect, partsOf } from '../loop/parts.ts'
import { runName } from './questions.ts'

/** What came of all runs together. */
export type ChaosResult = {
  readonly kills: number
  /** Runs that did not come to their answer, or are unfinished. */
  readonly lost: number
  /** Events that the loop would not have come to by what stands before them. */
  readonly diverged: number
  /** Keyed effects that did not happen exactly once. */
  readonly keyedNotOnce: number
  /** Unsafe calls that happened more than once, or are said to be done and never happened. */
  readonly unsafeWrong: number
  readonly unsafeDone: number
  readonly unsafeUnknown: number
  /** Keyed effects that were asked for again, under the same key. */
  readonly askedAgain: number
}

const KILL_EVERY_MS = 200
/** How long an effect takes, so that kills fall between its beginning and its end. */
const EFFECT_MS = 5

/** Runs it to the end: lives follow one another, each ended by SIGKILL, until every run has ended. */
export async function killUntilDone(runs: number): Promise<ChaosResult> {
  const folder = mkdtempSync(join(tmpdir(), 'ottugi-chaos-'))
  const provider = await startFakeAnthropic(playPlan)
  const counter = await startCounter()
  try {
    const file = join(folder, 'agent.db')
    let kills = 0
    while ((await live([file, provider.url, counter.url, String(runs)])) === 'killed') kills++
    return { kills, ...judge(file, { runs, providerUrl: provider.url }, counter) }
  } finally {
    await provider.close()
    counter.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

type Counter = {
  readonly url: string
  /** What reached it, whole, in order. */
  readonly arrived: Effect[]
  /** How often each effect was applied; a keyed one with a key that is known changes nothing. */
  readonly applied: Map<string, number>
  readonly close: () => void
}

async function startCounter(): Promise<Counter> {
  const arrived: Effect[] = []
  const applied = new Map<string, number>()
  const keys = new Set<string>()
  const server: Server = createServer(async (request, response) => {
    if (request.method === 'GET') return void response.end('warm')
    const effect = JSON.parse(await text(request)) as Effect
    const place = placeOf(effect)
    arrived.push(effect)
    if (effect.tool !== 'put' || !keys.has(effect.key)) applied.set(place, (applied.get(place) ?? 0) + 1)
    if (effect.tool === 'put') keys.add(effect.key)
    await sleep(EFFECT_MS)
    response.end(`${effect.tool} done`)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, arrived, applied, close }
}

function placeOf({ run, tool, input }: Pick<Effect, 'run' | 'tool' | 'input'>): string {
  return `${run} ${tool} ${JSON.stringify(input)}`
}

/** One life, ended by SIGKILL in any case. */
async function live(words: readonly string[]): Promise<'done' | 'killed'> {
  const child = fork(join(import.meta.dirname, 'life.ts'), words)
  const exited = once(child, 'exit')
  let isDone = false
  let onEnough = () => {}
  child.on('message', (message) => {
    if (message === 'ready') setTimeout(onEnough, KILL_EVERY_MS)
    if (message !== 'done') return
    isDone = true
    onEnough()
  })
  await Promise.race([new Promise<void>((resolve) => (onEnough = resolve)), exited])
  child.kill('SIGKILL')
  const [, signal] = await exited
  if (signal !== 'SIGKILL') throw new Error(`a life ended by itself: ${signal ?? 'an exit'}`)
  return isDone ? 'done' : 'killed'
}

type Judged = Omit<ChaosResult, 'kills'>

function judge(file: string, { runs, providerUrl }: { runs: number; providerUrl: string }, counter: Counter): Judged {
  const journal = openSqliteJournal(file)
  const rules = rulesOf(partsOf({ journal, url: providerUrl }))
  const names = Array.from({ length: runs }, (_, index) => runName(index))
  const all = names.map((name) => journal.eventsOfRun(name))
  const lost = all.filter((events, index) => foldRun(events)?.text !== `done ${index}`).length
  const unfinished = journal.unfinishedRuns().length
  journal.close()
  const calls = all.flatMap((events, index) => callsOf(events, names[index] ?? '', counter))
  const { arrived, applied } = counter
  const puts = [...applied.keys()].filter((place) => place.includes(' put ')).length
  const sends = calls.filter(({ tool }) => tool === 'send')
  return {
    lost: Math.max(lost, unfinished),
    diverged: all.flatMap((events) => divergence(events, rules)).length,
    keyedNotOnce: calls.filter(({ tool, how, times }) => tool === 'put' && (how !== 'done' || times !== 1)).length,
    unsafeWrong: sends.filter(({ how, times }) => (how === 'done' ? times !== 1 : how !== 'unknown' || times > 1))
      .length,
    unsafeDone: sends.filter(({ how }) => how === 'done').length,
    unsafeUnknown: sends.filter(({ how }) => how === 'unknown').length,
    askedAgain: arrived.filter(({ tool }) => tool === 'put').length - puts,
  }
}

/** Every call that has an end, and how often its effect happened. */
function callsOf(events: readonly RunEvent[], run: string, { applied }: Counter) {
  const asked = new Map(
    events.flatMap((event) =>
      (event.type === 'model_answered' ? (event.data.calls ?? []) : []).map((call) => [call.id, call]),
    ),
  )
  return events.flatMap((event) => {
    if (event.type !== 'tool_ended') return []
    const { tool, how, call } = event.data
    return [{ tool, how, times: applied.get(placeOf({ run, tool, input: asked.get(call)?.input })) ?? 0 }]
  })
}
