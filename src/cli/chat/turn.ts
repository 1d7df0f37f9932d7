/** One question of a conversation: its answer as it comes, the tools as they run, and a person's yes or no in between. */
import { randomUUID } from 'node:crypto'
import { styleText } from 'node:util'
import { callAgent } from '../../shared/http/agentApi.ts'
import { type AgentAnswer, type AnswerEvent, askAgent, cancelRun } from '../../shared/http/agentClient.ts'
import { text } from '../../shared/messages/text.ts'
import { endSentence, isAnswered, resultSentence } from '../commands/run.ts'
import type { CliContext } from '../context.ts'
import { safeLines, terminalSafe } from '../terminalSafe.ts'
import type { Key, Keyboard } from './keyboard.ts'
import { createMarkdownPrinter, type MarkdownPrinter } from './markdownLines.ts'
import { type Conversation, problemText, type Tally } from './slashCommands.ts'
import { type JournalEvent, toolLine } from './toolLines.ts'

/** What a turn is held at. */
export type TurnStage = {
  readonly context: CliContext
  readonly keyboard: Keyboard
  readonly write: (text: string) => void
  readonly columns: () => number
}

type Said = 'yes' | 'no' | 'always'
const ANSWERS: Readonly<Record<string, Said>> = { y: 'yes', n: 'no', a: 'always' }

/** Asks, shows, and gives the conversation back with what it has cost. Esc or Ctrl-C ends the turn, in the agent as well. */
export async function takeTurn(stage: TurnStage, talk: Conversation, message: string): Promise<Conversation> {
  const { context, keyboard } = stage
  const id = randomUUID()
  const controller = new AbortController()
  const question = createQuestion(stage)
  const printer = createMarkdownPrinter({ write: stage.write, columns: stage.columns, styled: context.colour })
  const release = keyboard.keys((key) => {
    if (question.take(key)) return
    if (key.name !== 'escape' && !(key.ctrl && key.name === 'c')) return
    void cancelRun(context.paths, id)
    controller.abort()
  })
  const { session, model } = talk
  const result = await askAgent(
    context.paths,
    { id, message, session, ...(model ? { model } : {}) },
    { signal: controller.signal, onEvent: (event) => show(stage, { printer, question }, event) },
  )
  release()
  printer.pause()
  if (result.ok) {
    if (!isAnswered(result.answer)) context.err(endSentence(context, result.answer))
    return { ...talk, tally: add(talk.tally, result.answer) }
  }
  context.err(result.why === 'cancelled' ? text(context.language, 'chat.stopped') : resultSentence(context, result))
  return talk
}

type Shown = { readonly printer: MarkdownPrinter; readonly question: Question }

function show(stage: TurnStage, { printer, question }: Shown, event: AnswerEvent): void {
  const { context, write } = stage
  if (event.event === 'text') return printer.push(event.delta)
  printer.pause()
  if (event.event === 'again') return context.err(text(context.language, 'agent.connectionLost'))
  if (event.event !== 'event') return
  const line = toolLine(event, context.language)
  if (line) write(`${context.colour ? styleText('dim', line, { validateStream: false }) : line}\n`)
  question.hear(event)
}

/** The question that waits for a key, if there is one. */
type Question = { readonly hear: (event: JournalEvent) => void; readonly take: (key: Key) => boolean }

/** Asks one thing at a time; what is answered elsewhere meanwhile is not asked any more. */
function createQuestion({ context, write }: TurnStage): Question {
  const waiting: { call: string; approval: string; words: string }[] = []
  const ask = () => {
    if (waiting[0]) write(waiting[0].words)
  }
  const answer = async (approval: string, said: Said) => {
    const body = { verdict: said === 'no' ? 'denied' : 'approved', ...(said === 'always' ? { always: 'session' } : {}) }
    const path = `/api/approvals/${encodeURIComponent(approval)}`
    const result = await callAgent(context.paths, { method: 'POST', path, body, scope: 'approve' })
    if (!result.ok) context.err(problemText(context.language, result))
  }
  return {
    hear: ({ type, data }) => {
      const call = String(data['call'])
      const isAsked = type === 'gate_decided' && data['verdict'] === 'ask'
      if (!isAsked) {
        const at = waiting.findIndex((one) => one.call === call)
        if (at >= 0) waiting.splice(at, 1)
        if (at === 0) ask()
        return
      }
      const plan = safeLines(String(data['plan'] ?? data['tool'])).replaceAll('\n', '\n  ')
      const words = text(context.language, 'chat.ask', { plan, reason: terminalSafe(String(data['reason'] ?? '')) })
      waiting.push({ call, approval: String(data['approval']), words })
      if (waiting.length === 1) ask()
    },
    take: ({ name }) => {
      const first = waiting[0]
      const said = name === undefined ? undefined : ANSWERS[name]
      if (!first || !said) return false
      waiting.shift()
      write(`${text(context.language, `chat.${said}`)}\n`)
      void answer(first.approval, said)
      ask()
      return true
    },
  }
}

function add(tally: Tally, { usage, costUsd }: AgentAnswer): Tally {
  return {
    turns: tally.turns + 1,
    input: tally.input + (usage?.inputTokens ?? 0),
    output: tally.output + (usage?.outputTokens ?? 0),
    usd: tally.usd + costUsd,
  }
}
