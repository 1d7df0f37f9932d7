/** The steps of a recorded run in words: when, what, for how much. Whatever a model, a tool or a person wrote cannot move the cursor. */
import { text } from '../../shared/messages/text.ts'
import { callsIn, numberIn, type RecordedEvent, textIn } from '../../shared/sessions/recorded.ts'
import type { CliContext } from '../context.ts'
import { formatDuration, formatTime } from '../duration.ts'
import { safeLines, terminalSafe } from '../terminalSafe.ts'

/** What is said of an event: a line, and a text below it. */
type Told = { readonly line: string; readonly body?: string }
type Teller = (context: CliContext, data: RecordedEvent['data']) => Told

const LONGEST_INPUT = 400
const INDENT = '      '

/** Prints all of them, and what they came to. */
export function tellEvents(context: CliContext, events: readonly RecordedEvent[]): void {
  const { language, out } = context
  const [first] = events
  if (!first) return
  const { run, session, at } = first
  out(text(language, 'replay.head', { run: terminalSafe(run), session: terminalSafe(session), at: formatTime(at) }))
  const startMs = Date.parse(at)
  for (const event of events) tellEvent(context, event, Date.parse(event.at) - startMs)
  if (!events.some(({ type }) => type === 'run_ended')) out(text(language, 'replay.notEnded'))
  const ofType = (type: string) => events.filter((event) => event.type === type)
  const cost = ofType('model_answered').reduce((sum, { data }) => sum + numberIn(data, 'costUsd'), 0)
  const last = events.at(-1) ?? first
  out(
    text(language, 'replay.total', {
      calls: ofType('model_answered').length,
      tools: ofType('tool_ended').length,
      cost: cost.toFixed(4),
      took: formatDuration(Date.parse(last.at) - startMs, language),
    }),
  )
}

function tellEvent(context: CliContext, { seq, type, data }: RecordedEvent, afterMs: number): void {
  const teller = Object.hasOwn(TELLERS, type) ? TELLERS[type] : undefined
  const { line, body = '' } = teller ? teller(context, data) : { line: terminalSafe(type) }
  context.out(`#${seq}  +${formatDuration(afterMs, context.language)}  ${line}`)
  if (body !== '') context.out(safeLines(body).replace(/^/gm, INDENT))
}

const TELLERS: Readonly<Record<string, Teller>> = {
  message_in: ({ language }, data) => ({ line: text(language, 'replay.asked'), body: textIn(data) }),
  steered: ({ language }, data) => ({ line: text(language, 'replay.steered'), body: textIn(data) }),
  hinted: ({ language }, data) => ({ line: text(language, 'replay.hinted'), body: textIn(data) }),
  model_asked: ({ language }, data) => ({
    line: text(language, 'replay.modelAsked', { model: modelIn(data), turns: numberIn(data, 'turns') }),
    body: textIn(data, 'why'),
  }),
  model_answered: tellAnswer,
  gate_decided: ({ language }, data) => ({
    line: text(language, 'replay.verdict', {
      tool: terminalSafe(textIn(data, 'tool')),
      verdict: terminalSafe(textIn(data, 'verdict')),
      rule: terminalSafe(textIn(data, 'rule')),
      reason: terminalSafe(textIn(data, 'reason')),
    }),
  }),
  tool_started: ({ language }, data) => ({
    line: text(language, 'replay.toolStarted', {
      tool: terminalSafe(textIn(data, 'tool')),
      safety: terminalSafe(textIn(data, 'safety')),
    }),
  }),
  tool_ended: ({ language }, data) => ({
    line: text(language, 'replay.toolEnded', {
      tool: terminalSafe(textIn(data, 'tool')),
      how: terminalSafe(textIn(data, 'how')),
      took: formatDuration(numberIn(data, 'tookMs'), language),
    }),
    body: textIn(data),
  }),
  cancel_asked: ({ language }) => ({ line: text(language, 'replay.cancelAsked') }),
  run_ended: ({ language }, data) => ({
    line: text(language, 'replay.ended', {
      finish: terminalSafe(textIn(data, 'finish')),
      reason: terminalSafe(textIn(data, 'reason')),
    }).trimEnd(),
  }),
}

function tellAnswer({ language }: CliContext, data: RecordedEvent['data']): Told {
  const usage = (data['usage'] ?? {}) as RecordedEvent['data']
  const cost = numberIn(data, 'costUsd').toFixed(4)
  const took = formatDuration(numberIn(data, 'latencyMs'), language)
  const model = modelIn(data)
  if (typeof data['text'] !== 'string') {
    return {
      line: text(language, 'replay.modelFailed', {
        model,
        reason: terminalSafe(textIn(data, 'stopReason')),
        cost,
        took,
      }),
    }
  }
  const input =
    numberIn(usage, 'inputTokens') + numberIn(usage, 'cacheReadTokens') + numberIn(usage, 'cacheWriteTokens')
  const calls = callsIn(data).map(({ name, input: given, broken }) =>
    text(language, 'replay.called', {
      tool: name,
      input: (broken ?? JSON.stringify(given) ?? '').slice(0, LONGEST_INPUT),
    }),
  )
  return {
    line: text(language, 'replay.modelAnswered', { model, input, output: numberIn(usage, 'outputTokens'), cost, took }),
    body: [textIn(data), ...calls].filter((line) => line !== '').join('\n'),
  }
}

function modelIn(data: RecordedEvent['data']): string {
  const provider = textIn(data, 'provider')
  return terminalSafe(provider === '' ? textIn(data, 'model') : `${provider}/${textIn(data, 'model')}`)
}
