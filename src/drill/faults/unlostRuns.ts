/** Questions that are under way while something breaks, and the proof that none of those which were accepted is lost. */
import type { RuntimeFile } from '../../shared/runtimeFile.ts'
import { expectThat } from '../drill.ts'
import { startFakeProvider } from '../fakeProvider.ts'
import type { Ring } from '../ring.ts'
import { waitFor } from '../waitFor.ts'
import { type Answer, askAs, runOf, useProvider } from './agentApi.ts'

/** How long the model thinks: some runs are always under way. */
const THINK_MS = 3_000
const ASK_EVERY_MS = 700
const FINISH_LIMIT_MS = 60_000

type Asked = { readonly id: string; readonly answer: Promise<Answer | undefined> }

export type Asking = {
  /** Stops asking, waits until every run that was accepted is finished, and gives how many never were. */
  readonly lostRuns: () => Promise<number>
  /** How many there were, and how many outlived the process that had taken them. */
  readonly summary: () => string
  /** Asks no more, and ends the model: also where the drill fails before it comes to the count. */
  readonly stop: () => Promise<void>
}

/** Points the agent at a slow model (which restarts it), then asks without a pause. */
export async function startAsking(ring: Ring, agent: RuntimeFile): Promise<Asking> {
  const provider = await startFakeProvider(undefined, THINK_MS)
  await useProvider(ring, agent, provider.url)
  const asked: Asked[] = []
  const timer = setInterval(() => {
    const id = `drill-${asked.length + 1}`
    // No answer: refused, or the agent left with the question.
    asked.push({ id, answer: askAs(ring, id, `question ${id}`).catch(() => undefined) })
  }, ASK_EVERY_MS)
  let words = ''
  return {
    lostRuns: async () => {
      clearInterval(timer)
      const counts = await settle(ring, asked)
      words = `${counts.accepted} runs accepted, ${counts.handedOver} of them finished by the successor`
      return counts.accepted - counts.finished
    },
    summary: () => words,
    stop: async () => {
      clearInterval(timer)
      await provider.close()
    },
  }
}

async function settle(ring: Ring, asked: readonly Asked[]) {
  const counts = { accepted: 0, finished: 0, handedOver: 0 }
  for (const { id, answer } of asked) {
    const wasAnswered = (await answer)?.status === 200
    // What the journal does not know was never accepted; its client was not told otherwise.
    if (!wasAnswered && (await known(ring, id)).status === 404) continue
    counts.accepted++
    await waitFor(`${id} to be finished`, FINISH_LIMIT_MS, () => finished(ring, id), 100)
    counts.finished++
    if (!wasAnswered) counts.handedOver++
  }
  expectThat(counts.accepted > 0, 'runs that were accepted, got none')
  return counts
}

/** What the agent knows of a run. A connection that was kept from its predecessor breaks at the first use: it is asked again. */
function known(ring: Ring, id: string): Promise<Answer> {
  return waitFor(`the agent to say what it knows of ${id}`, FINISH_LIMIT_MS, () =>
    runOf(ring, id).catch(() => undefined),
  )
}

async function finished(ring: Ring, id: string): Promise<true | undefined> {
  const { body } = await known(ring, id)
  if (body.finish === null || body.finish === undefined) return undefined
  expectThat(body.text === `echo: question ${id}`, `the answer to ${id}, got ${JSON.stringify(body)}`)
  return true
}
