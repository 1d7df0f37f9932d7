/** What a turn of the agent costs, with journal, gates and budget on, and a provider that answers at once over the real wire. */
import { setTimeout as delay } from 'node:timers/promises'
import type { HomePaths } from '../../src/shared/paths.ts'
import { type Agent, makeHome, type Provider, removeHome, startAgent, startProvider } from './agentAlone.ts'
import { conversationFigures, promptTokens } from './conversation.ts'
import { round } from './drillBench.ts'
import { pssMiB } from './idle.ts'
import type { Bench, Figure, Outcome } from './measurement.ts'
import { resumeFigures } from './resume.ts'
import { quantileOf } from './statistics.ts'

const WARM_UP = 50
const WARM_TURNS = 1_000
/** A session is left for a new one after so many turns: what is measured is a turn, not the length of a history. */
const TURNS_A_SESSION = 10
const SESSIONS = 64
const THROUGHPUT_MS = 10_000
const IDLE_SESSIONS = 1_000
const MANY_TURNS = 10_000
const LANES = 8
/** Longer than the rest after which the agent gives memory back. */
const SETTLE_MS = 8_000
/** A person who types right after the start comes about then. */
const LATER_MS = 1_000

/** `--rows turns`. */
export const TURNS_BENCH: Bench = {
  id: 'turns',
  groups: ['agent'],
  title: 'turns of the agent',
  async run({ times }) {
    const provider = await startProvider()
    const paths = makeHome(provider.url)
    try {
      return await measureAll(paths, provider, times)
    } finally {
      await provider.close()
      removeHome(paths)
    }
  },
}

async function measureAll(paths: HomePaths, provider: Provider, times: number): Promise<Outcome> {
  // The first start of a home fills its compile cache: every later one is the usual one.
  const filling = await startAgent(paths)
  await filling.turn('filling')
  await delay(LATER_MS)
  await filling.end('SIGTERM')
  const starts = await measureStarts(paths, times)
  say('warm')
  const long = await measureLongLife(paths)
  say('resume')
  const resumed = await resumeFigures(provider)
  say('conversation')
  return {
    figures: {
      ...startFigures(starts),
      ...turnFigures(long),
      ...memoryFigures(long),
      ...resumed,
      prompt: {
        title: 'base prompt: system text and tools',
        unit: 'times',
        values: [promptTokens(provider.lastBody())],
        note: 'tokens of four characters',
      },
      ...(await conversationFigures()),
    },
  }
}

function say(what: string): void {
  process.stderr.write(`${what} `)
}

type Starts = { readonly ready: number[]; readonly atOnce: number[]; readonly later: number[] }

/** Every start is asked once: in turn at the moment in which it is ready, and a second later. */
async function measureStarts(paths: HomePaths, times: number): Promise<Starts> {
  const starts: Starts = { ready: [], atOnce: [], later: [] }
  for (let turn = 0; turn < 2 * times; turn++) {
    const agent = await startAgent(paths)
    starts.ready.push(agent.readyMs)
    if (turn % 2 === 1) await delay(LATER_MS)
    const took = await agent.turn(`first-${turn}`)
    ;(turn % 2 === 1 ? starts.later : starts.atOnce).push(took)
    await agent.end('SIGTERM')
    process.stderr.write('.')
  }
  return starts
}

type LongLife = {
  readonly atReady: number
  readonly loaded: number
  readonly warm: readonly number[]
  readonly perSecond: number
  readonly idle: number
  readonly after: number
}

/** One agent through everything that a long life brings. */
async function measureLongLife(paths: HomePaths): Promise<LongLife> {
  const agent = await startAgent(paths)
  const atReady = pssMiB(agent.pid)
  await agent.turn('loaded')
  await delay(SETTLE_MS)
  const loaded = pssMiB(agent.pid)
  const warm = await warmTurns(agent)
  const perSecond = await throughput(agent)
  say('idle')
  for (let index = 0; index < IDLE_SESSIONS; index++) await agent.turn(`idle-${index}`)
  await delay(SETTLE_MS)
  const idle = pssMiB(agent.pid)
  say('many')
  await manyTurns(agent)
  await delay(SETTLE_MS)
  const after = pssMiB(agent.pid)
  await agent.end('SIGTERM')
  return { atReady, loaded, warm, perSecond, idle, after }
}

async function warmTurns(agent: Agent): Promise<number[]> {
  for (let index = 0; index < WARM_UP; index++) await agent.turn(`warm-up-${Math.floor(index / TURNS_A_SESSION)}`)
  const times: number[] = []
  for (let index = 0; index < WARM_TURNS; index++)
    times.push(await agent.turn(`warm-${Math.floor(index / TURNS_A_SESSION)}`))
  return times
}

async function throughput(agent: Agent): Promise<number> {
  const from = performance.now()
  let turns = 0
  const talk = async (session: number) => {
    for (let index = 0; performance.now() < from + THROUGHPUT_MS; index++) {
      await agent.turn(`many-${session}-${Math.floor(index / TURNS_A_SESSION)}`)
      turns++
    }
  }
  await Promise.all(Array.from({ length: SESSIONS }, (_, session) => talk(session)))
  return (turns / (performance.now() - from)) * 1_000
}

async function manyTurns(agent: Agent): Promise<void> {
  let left = MANY_TURNS
  const talk = async (lane: number) => {
    for (; left > 0; left--) await agent.turn(`long-${lane}-${Math.floor(left / TURNS_A_SESSION / LANES)}`)
  }
  await Promise.all(Array.from({ length: LANES }, (_, lane) => talk(lane)))
}

function startFigures({ ready, atOnce, later }: Starts): Record<string, Figure> {
  return {
    ready: { title: 'start of the agent alone → ready', unit: 'ms', values: ready.map(round) },
    first: { title: 'first turn, a second after ready', unit: 'ms', values: later.map(round) },
    firstAtOnce: {
      title: 'first turn, sent at the moment of ready',
      unit: 'ms',
      values: atOnce.map(round),
      note: 'it waits for the SDK and the tools, which are loaded after ready',
    },
  }
}

function turnFigures({ warm, perSecond }: LongLife): Record<string, Figure> {
  return {
    warm: { title: 'warm turn', unit: 'ms', values: warm.map(round) },
    warmMedian: { title: 'warm turn, median', unit: 'ms', values: [round(quantileOf(warm, 0.5) ?? Number.NaN)] },
    perTurn: {
      title: `time for a turn with ${SESSIONS} sessions at once`,
      unit: 'ms',
      values: [Math.round(100_000 / perSecond) / 100],
      note: `${Math.round(perSecond)} turns a second`,
    },
  }
}

function memoryFigures({ atReady, loaded, idle, after }: LongLife): Record<string, Figure> {
  const pss = (title: string, value: number): Figure => ({
    title: `${title} (PSS)`,
    unit: 'MiB',
    values: [round(value)],
  })
  return {
    atReady: pss('memory at ready', atReady),
    loaded: pss('memory after the first turn, everything loaded', loaded),
    idle: pss(`memory with ${IDLE_SESSIONS} idle sessions`, idle),
    after: pss(`memory after ${MANY_TURNS} further turns`, after),
    growth: {
      title: `growth of the memory since the first turn, after all of these turns`,
      unit: '%',
      values: [round((after / loaded - 1) * 100)],
    },
  }
}
