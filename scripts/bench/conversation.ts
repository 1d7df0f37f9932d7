/** What a long conversation costs where the provider caches: the new tokens of a turn, not its history. And how long the prompt is that every call begins with. */
import Database from 'better-sqlite3'
import type { ModelAnswer } from '../../src/agent/journal/event.ts'
import { startFakeAnthropic } from '../../test/fakes/anthropic.ts'
import { makeHome, removeHome, startAgent } from './agentAlone.ts'
import type { Figure } from './measurement.ts'

const TURNS = 60
const CHARACTERS_A_TOKEN = 4
const SESSION = 'conversation'

/** Tokens of the system text and the tools in a request as it was sent, at four characters each as in English prose: no tokenizer of a provider is at hand. */
export function promptTokens(body: string): number {
  const { system = '', tools = [] } = JSON.parse(body) as {
    readonly system?: string | readonly { readonly text: string }[]
    readonly tools?: readonly object[]
  }
  const words = typeof system === 'string' ? system : system.map(({ text }) => text).join('')
  return Math.ceil((words.length + JSON.stringify(tools).length) / CHARACTERS_A_TOKEN)
}

/** One conversation of many turns with a provider that caches as the real one does. */
export async function conversationFigures(): Promise<Record<string, Figure>> {
  const provider = await startFakeAnthropic({ do: 'echo' })
  const paths = makeHome(provider.url)
  try {
    const agent = await startAgent(paths)
    for (let turn = 0; turn < TURNS; turn++) await agent.turn(SESSION)
    await agent.end('SIGTERM')
    return figuresOf(answersIn(paths.agentDb).map(({ usage }) => usage))
  } finally {
    await provider.close()
    removeHome(paths)
  }
}

function answersIn(file: string): ModelAnswer[] {
  const database = new Database(file, { readonly: true })
  const rows = database
    .prepare<[string], { data: string }>(
      "SELECT data FROM events WHERE session = ? AND type = 'model_answered' ORDER BY seq",
    )
    .all(SESSION)
  database.close()
  return rows.map(({ data }) => JSON.parse(data) as ModelAnswer)
}

function figuresOf(usages: readonly ModelAnswer['usage'][]): Record<string, Figure> {
  // The first call writes the prompt into the cache.
  const paid = usages.slice(1).map(({ inputTokens, cacheWriteTokens }) => inputTokens + cacheWriteTokens)
  const last = usages.at(-1)
  const whole = last ? last.inputTokens + last.cacheWriteTokens + last.cacheReadTokens : 0
  return {
    newTokens: {
      title: `tokens paid in full or written to the cache, each turn of ${TURNS} of one conversation`,
      unit: 'times',
      values: paid,
      note: `the last call was ${whole} tokens long`,
    },
  }
}
