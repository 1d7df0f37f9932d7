/** One question of a conversation: its answer as it comes, the tools as they run, and a person's yes or no in between. */
import { styleText } from 'node:util'
import { callAgent } from '../../shared/http/agentApi.ts'
import { type AgentResult, type AnswerEvent, askAgent, cancelRun } from '../../shared/http/agentClient.ts'
import { text } from '../../shared/messages/text.ts'
import { newId } from '../../shared/newId.ts'
import { printedCommand } from '../../shared/printedCommand.ts'
import { endSentence, isAnswered, resultSentence } from '../commands/run.ts'
import type { CliContext } from '../context.ts'
import { safeLines, terminalSafe } from '../terminalSafe.ts'
import { readAnswer, type Said } from './answerKeys.ts'
import type { Key, Keyboard } from './keyboard.ts'
import { createMarkdownPrinter, type MarkdownPrinter } from './markdownLines.ts'
import { type Conversation, problemText } from './slashCommands.ts'
import { type JournalEvent, toolLine } from './toolLines.ts'

/** What a turn is held at. */
export type TurnStage = {
  readonly context: CliContext
  readonly keyboard: Keyboard
  readonly write: (text: string) => void
  readonly columns: () => number
  readonly rows: () => number
}

/**
 * Asks, shows, and gives the conversation back. Esc or Ctrl-C ends the turn, in the agent as well;
 * undefined when the person did not want to wait for that and leaves.
 */
export async function takeTurn(
  stage: TurnStage,
  talk: Conversation,
  message: string,
): Promise<Conversation | undefined> {
  const { context, keyboard } = stage
  const id = newId(Date.now())
  const question = createQuestion(stage)
  const printer = createMarkdownPrinter({ ...stage, styled: context.colour })
  const stop = createStop(context, id)
  const release = keyboard.keys((key) => question.take(key) || stop.take(key))
  const { session, model } = talk
  const result = await askAgent(
    context.paths,
    { id, message, session, ...(model ? { model } : {}) },
    { signal: stop.leaving, onEvent: (event) => show(stage, { printer, question }, event) },
  )
  const isLost = stop.end(result)
  release()
  printer.pause()
  if (isLost) context.err(text(context.language, 'chat.notStopped', { command: runCommand(context, id) }))
  else if (!result.ok)
    context.err(isStopped(result) ? text(context.language, 'chat.stopped') : resultSentence(context, result))
  else if (!isAnswered(result.answer)) context.err(endSentence(context, result.answer))
  return stop.leaving.aborted ? undefined : talk
}

function runCommand({ paths }: CliContext, run: string): string {
  return printedCommand(`replay ${run}`, paths.home)
}

function isStopped(result: AgentResult): boolean {
  return !result.ok && (result.why === 'cancelled' || (result.why === 'problem' && result.name === 'cancelled'))
}

/** The wish to stop: told to the agent until it has written it down. A second Ctrl-C does not wait for that. */
function createStop({ paths }: CliContext, id: string) {
  const [over, leaving] = [new AbortController(), new AbortController()]
  let [isWished, isHeard] = [false, false]
  return {
    leaving: leaving.signal,
    take: (key: Key): boolean => {
      const isInterrupt = key.ctrl === true && key.name === 'c'
      if (!isInterrupt && key.name !== 'escape') return false
      if (isWished && isInterrupt) leaving.abort()
      if (isWished) return true
      isWished = true
      void cancelRun(paths, id, over.signal).then((heard) => {
        isHeard = heard
      })
      return true
    },
    /** The turn is over. True when nobody knows whether the wish was heard. */
    end: (result: AgentResult): boolean => {
      over.abort()
      const isKnown = isHeard || result.ok || (result.why === 'problem' && !leaving.signal.aborted)
      return isWished && !isKnown
    },
  }
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
  let typedMs = Number.NEGATIVE_INFINITY
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
    take: (key) => {
      const [first] = waiting
      const read = readAnswer(key, { isAsked: first !== undefined, typedMs, nowMs: performance.now() })
      typedMs = read.typedMs
      const { said } = read
      if (!first || !said) return false
      waiting.shift()
      write(`${text(context.language, `chat.${said}`)}\n`)
      void answer(first.approval, said)
      ask()
      return true
    },
  }
}
