/**
 * kill -9, again and again, through many runs of ten steps: no run is lost, no unsafe call is begun twice, no keyed effect happens twice.
 * `OTTUGI_CHAOS_RUNS=200` makes it as large as one likes.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openSqliteJournal } from '../../../src/agent/journal/sqliteJournal.ts'
import { divergence } from '../../../src/agent/runs/divergence.ts'
import { foldRun } from '../../../src/agent/runs/fold.ts'
import { rulesOf } from '../../../src/agent/runs/work.ts'
import { type FakeAnthropic, startFakeAnthropic } from '../../fakes/anthropic.ts'
import { playPlan } from '../loop/brain.ts'
import { type Effect, partsOf } from '../loop/parts.ts'
import { runName } from './questions.ts'

const RUNS = Number(process.env['OTTUGI_CHAOS_RUNS'] ?? 8)
const KILL_EVERY_MS = 200
/** How long an effect takes, so that kills fall between its beginning and its end. */
const EFFECT_MS = 5

let provider: FakeAnthropic
let counter: Server
let folder: string
/** What reached the counting server, whole, in order. A keyed effect with a key that is known changes nothing there. */
const arrived: Effect[] = []
const applied = new Map<string, number>()

beforeAll(async () => {
  provider = await startFakeAnthropic(playPlan)
  folder = mkdtempSync(join(tmpdir(), 'ottugi-chaos-'))
  const keys = new Set<string>()
  counter = createServer(async (request, response) => {
    if (request.method === 'GET') return void response.end('warm')
    const effect = JSON.parse(await text(request)) as Effect
    const place = placeOf(effect)
    arrived.push(effect)
    if (effect.tool !== 'put' || !keys.has(effect.key)) applied.set(place, (applied.get(place) ?? 0) + 1)
    if (effect.tool === 'put') keys.add(effect.key)
    await sleep(EFFECT_MS)
    response.end(`${effect.tool} done`)
  }).listen(0, '127.0.0.1')
  await once(counter, 'listening')
})

afterAll(async () => {
  await provider.close()
  counter.closeAllConnections()
  counter.close()
  rmSync(folder, { recursive: true, force: true })
})

function placeOf({ run, tool, input }: Pick<Effect, 'run' | 'tool' | 'input'>): string {
  return `${run} ${tool} ${JSON.stringify(input)}`
}

/** One life, ended by SIGKILL unless everything is done before. */
async function live(file: string): Promise<'done' | 'killed'> {
  const counterUrl = `http://127.0.0.1:${(counter.address() as AddressInfo).port}`
  const child = fork(join(import.meta.dirname, 'life.ts'), [file, provider.url, counterUrl, String(RUNS)])
  const exited = once(child, 'exit')
  const messages: unknown[] = []
  let onDone = () => {}
  child.on('message', (message) => {
    messages.push(message)
    if (message === 'ready') setTimeout(onDone, KILL_EVERY_MS)
    if (message === 'done') onDone()
  })
  await Promise.race([new Promise<void>((resolve) => (onDone = resolve)), exited])
  child.kill('SIGKILL')
  const [, signal] = await exited
  expect(signal).toBe('SIGKILL')
  return messages.includes('done') ? 'done' : 'killed'
}

it(`loses and repeats nothing in ${RUNS} runs`, { timeout: 600_000 }, async () => {
  const file = join(folder, 'agent.db')
  let kills = 0
  while ((await live(file)) === 'killed') kills++

  const journal = openSqliteJournal(file)
  const rules = rulesOf(partsOf({ journal, url: provider.url }))
  const unsafe = { done: 0, unknown: 0 }
  for (let index = 0; index < RUNS; index++) {
    const events = journal.eventsOfRun(runName(index))
    const run = foldRun(events)
    expect([run?.end, run?.text]).toEqual([{ finish: 'answered' }, `done ${index}`])
    expect(divergence(events, rules)).toEqual([])
    const calls = new Map(
      events.flatMap((event) =>
        (event.type === 'model_answered' ? (event.data.calls ?? []) : []).map((call) => [call.id, call]),
      ),
    )
    for (const event of events) {
      if (event.type !== 'tool_ended') continue
      const call = calls.get(event.data.call)
      const times = applied.get(placeOf({ run: runName(index), tool: event.data.tool, input: call?.input })) ?? 0
      if (event.data.tool === 'put') expect([event.data.how, times]).toEqual(['done', 1])
      if (event.data.tool !== 'send') continue
      unsafe[event.data.how === 'done' ? 'done' : 'unknown']++
      if (event.data.how === 'done') expect(times).toBe(1)
      else expect([event.data.how, times <= 1]).toEqual(['unknown', true])
    }
  }
  expect(journal.unfinishedRuns()).toEqual([])
  journal.close()
  const again =
    arrived.filter(({ tool }) => tool === 'put').length -
    [...applied.keys()].filter((place) => place.includes(' put ')).length
  console.log(
    `chaos: ${RUNS} runs, ${kills} kills, ${unsafe.done} unsafe calls done, ${unsafe.unknown} unknown, ${again} keyed effects asked for again`,
  )
})
