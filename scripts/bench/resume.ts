/** How long runs wait that a kill has cut off: until the next process has claimed them all, and until the last of them has ended. */
import Database from 'better-sqlite3'
import { waitFor } from '../../src/drill/waitFor.ts'
import type { HomePaths } from '../../src/shared/paths.ts'
import { type Agent, makeHome, type Provider, removeHome, startAgent } from './agentAlone.ts'
import { round } from './drillBench.ts'
import type { Figure } from './measurement.ts'

const RESUMED_RUNS = 1_000
const AT_ONCE = 100

/** The figures of one such restart. */
export async function resumeFigures(provider: Provider): Promise<Record<string, Figure>> {
  const { claimed, finished } = await resume(provider)
  const figure = (until: string, value: number): Figure => ({
    title: `${RESUMED_RUNS} runs after SIGKILL: start → ${until}`,
    unit: 'ms',
    values: [round(value)],
  })
  return { resumed: figure('all claimed and going on', claimed), finished: figure('all finished', finished) }
}

type Resumed = { readonly claimed: number; readonly finished: number }

/** Many runs whose answers are kept back, SIGKILL, and the time from the next start until the new process has claimed the last of them, and ended it. In a home of its own. */
async function resume(provider: Provider): Promise<Resumed> {
  const paths = makeHome(provider.url)
  try {
    const agent = await startAgent(paths)
    provider.hold(true)
    for (let from = 0; from < RESUMED_RUNS; from += AT_ONCE) await beginRuns(agent, from)
    await agent.end('SIGKILL')
    provider.hold(false)
    const before = provider.answered()
    const startedAt = performance.now()
    const next = await startAgent(paths)
    const areClaimed = async () => (leftOver(paths, next.pid) === 0 ? true : undefined)
    await waitFor('the runs to be claimed', 120_000, areClaimed, 5)
    const claimed = performance.now() - startedAt
    // The agent itself is asked only when its provider has seen all of them: counting runs is work for it.
    const areAnswered = async () => (provider.answered() - before >= RESUMED_RUNS ? true : undefined)
    await waitFor('the runs to be answered', 120_000, areAnswered, 5)
    const areFinished = async () => ((await next.unfinished()) === 0 ? true : undefined)
    await waitFor('the runs to be finished', 120_000, areFinished, 20)
    const finished = performance.now() - startedAt
    await next.end('SIGTERM')
    return { claimed, finished }
  } finally {
    removeHome(paths)
  }
}

/** Unfinished runs that this process does not hold; what it holds is with its model, or waits in its lane. */
function leftOver({ agentDb }: HomePaths, pid: number): number {
  const database = new Database(agentDb, { readonly: true })
  try {
    const others = 'SELECT count(*) FROM leases WHERE owner NOT LIKE ?'
    return Number(database.prepare<[string], number>(others).pluck().get(`%:${pid}:%`))
  } finally {
    database.close()
  }
}

/** Begins some runs, and goes away when they are accepted: a run goes on without its client, and a server holds so many connections only. */
async function beginRuns(agent: Agent, from: number): Promise<void> {
  const away = new AbortController()
  const pending = Array.from({ length: AT_ONCE }, (_, index) =>
    agent.turn(`resume-${from + index}`, { id: `resume-${from + index}`, signal: away.signal }).catch(() => 0),
  )
  const areTaken = async () => ((await agent.unfinished()) >= from + AT_ONCE ? true : undefined)
  await waitFor('the runs to be accepted', 60_000, areTaken, 50)
  away.abort()
  await Promise.all(pending)
}
