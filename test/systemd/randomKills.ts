/** Kills of processes of the tree, chosen at random, while questions come in: all of it comes back each time, and nothing that was accepted is lost. */
import { setTimeout as delay } from 'node:timers/promises'
import { startFakeProvider } from '../../src/drill/fakeProvider.ts'
import { waitFor } from '../../src/drill/waitFor.ts'
import { callAgent } from '../../src/shared/http/agentApi.ts'
import { askAgent } from '../../src/shared/http/agentClient.ts'
import type { HomePaths } from '../../src/shared/paths.ts'
import { ringOf, run } from './inside.ts'
import { installSystem, LIMIT_MS, type Seen, SYSTEM_HOME } from './stage.ts'

/** Some questions are always under way. */
const THINK_MS = 1_500
const ASK_EVERY_MS = 700

/** So many kills, spread over the minutes. */
export async function randomKills(minutes: string, count: string): Promise<Seen> {
  const ring = ringOf(SYSTEM_HOME)
  const model = await startFakeProvider(undefined, THINK_MS)
  installSystem(ring, { model: model.url })
  await ring.ready()
  const asking = startAsking(ring.paths)
  const pauseMs = (Number(minutes) * 60_000) / Number(count)
  let back = 0
  for (let kills = 0; kills < Number(count); kills++) {
    const pids = ring.pids()
    const pid = pids[Math.floor(Math.random() * pids.length)]
    if (pid !== undefined) run('kill', '-KILL', String(pid))
    await delay(pauseMs)
    await ring.ready()
    back++
  }
  const messages = await asking.settle()
  const strangers = await ring.settled()
  await model.close()
  return { kills: Number(count), back, strangers, ...messages }
}

type Question = { readonly id: string; isAccepted: boolean; readonly done: Promise<unknown> }

/** Asks without a pause. `settle` stops that, waits for every run that was accepted, and counts those that never came to their answer. */
function startAsking(paths: HomePaths) {
  const questions: Question[] = []
  const timer = setInterval(() => questions.push(ask(paths, `kill-${questions.length + 1}`)), ASK_EVERY_MS)
  return {
    async settle() {
      clearInterval(timer)
      await Promise.all(questions.map(({ done }) => done))
      const accepted = questions.filter(({ isAccepted }) => isAccepted)
      let lost = 0
      for (const { id } of accepted) if (!(await cameToItsAnswer(paths, id))) lost++
      return { asked: questions.length, accepted: accepted.length, lost }
    },
  }
}

function ask(paths: HomePaths, id: string): Question {
  const question: { id: string; isAccepted: boolean; done: Promise<unknown> } = {
    id,
    isAccepted: false,
    done: Promise.resolve(),
  }
  question.done = askAgent(
    paths,
    { id, message: `question ${id}`, by: 'program' },
    {
      onEvent: ({ event }) => {
        // The agent says so once it stands in its journal.
        if (event === 'run') question.isAccepted = true
      },
    },
  )
  return question
}

/** What the journal says of it. */
async function cameToItsAnswer(paths: HomePaths, id: string): Promise<boolean> {
  const end = await waitFor(`${id} to come to its end`, LIMIT_MS, async () => {
    const found = await callAgent(paths, { path: `/api/runs/${id}`, scope: 'read' })
    if (!found.ok) return found.why === 'problem' ? { text: found.name } : undefined
    const { finish, text } = found.value as { readonly finish: string | null; readonly text?: string }
    return finish === null ? undefined : { text }
  }).catch(() => undefined)
  return end?.text === `echo: question ${id}`
}
