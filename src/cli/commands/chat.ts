/** `ottugi chat`: a conversation with the running agent, a line at a time. */
import { randomUUID } from 'node:crypto'
import { createInterface, type Interface } from 'node:readline/promises'
import type { Command } from 'commander'
import { EXIT } from '../../shared/exitCodes.ts'
import { type AgentAnswer, askAgent, cancelRun } from '../../shared/http/agentClient.ts'
import { text } from '../../shared/messages/text.ts'
import { npmOrOttugi, printedCommand } from '../../shared/printedCommand.ts'
import { readLiving } from '../../shared/runtimeFile.ts'
import type { CliContext } from '../context.ts'
import { printEvent, resultSentence } from './run.ts'

/** Adds `chat`. */
export function registerChat(program: Command, context: CliContext): void {
  program
    .command('chat')
    .description(text(context.language, 'cli.chat'))
    .option('--session <id>', text(context.language, 'cli.session'))
    .action(async (options: { session?: string }) => context.exit(await chat(context, options)))
}

/** What a conversation came to so far. */
type Tally = { readonly turns: number; readonly input: number; readonly output: number; readonly usd: number }

/** Talks until /quit, Ctrl-D, or Ctrl-C at the prompt. Needs a terminal. */
export async function chat(context: CliContext, options: { readonly session?: string }): Promise<number> {
  const { language, paths, out, err } = context
  if (!context.isTerminal) {
    err(text(language, 'agent.chatNeedsTerminal', { command: printedCommand('run -e "…"', paths.home) }))
    return EXIT.usage
  }
  if (!readLiving(paths, 'agent')) {
    err(text(language, 'agent.unreachable', { command: npmOrOttugi('start', paths.home) }))
    return EXIT.unavailable
  }
  const session = options.session ?? randomUUID()
  out(text(language, 'agent.chatHello', { session }))
  const terminal = createInterface({ input: context.input, output: process.stdout })
  let tally: Tally = { turns: 0, input: 0, output: 0, usd: 0 }
  for (;;) {
    const line = await askLine(terminal)
    if (line === undefined || line === '/quit') break
    if (line === '') continue
    if (line.startsWith('/')) out(commandAnswer(context, line, tally))
    else tally = await turn({ context, terminal, session }, line, tally)
  }
  terminal.close()
  return EXIT.ok
}

/** The next line, or undefined at the end of the input or after Ctrl-C. */
async function askLine(terminal: Interface): Promise<string | undefined> {
  const controller = new AbortController()
  const stop = () => controller.abort()
  terminal.once('SIGINT', stop).once('close', stop)
  try {
    return (await terminal.question('> ', { signal: controller.signal })).trim()
  } catch {
    return undefined
  } finally {
    terminal.off('SIGINT', stop).off('close', stop)
  }
}

function commandAnswer({ language }: CliContext, command: string, { usd, ...counts }: Tally): string {
  if (command === '/help') return text(language, 'agent.chatHelp')
  if (command === '/cost') return text(language, 'agent.chatCost', { ...counts, usd: usd.toFixed(4) })
  return text(language, 'agent.chatUnknown', { command })
}

type Conversation = { readonly context: CliContext; readonly terminal: Interface; readonly session: string }

/** One question and its answer; Ctrl-C gives the run up, also in the agent. */
async function turn({ context, terminal, session }: Conversation, message: string, tally: Tally): Promise<Tally> {
  const id = randomUUID()
  const controller = new AbortController()
  const stop = () => {
    void cancelRun(context.paths, id)
    controller.abort()
  }
  terminal.once('SIGINT', stop)
  const result = await askAgent(
    context.paths,
    { id, message, session },
    {
      signal: controller.signal,
      onEvent: (event) => printEvent(context, event, (piece) => void process.stdout.write(piece)),
    },
  )
  terminal.off('SIGINT', stop)
  if (!result.ok) {
    context.err(resultSentence(context, result))
    return tally
  }
  context.out('')
  return add(tally, result.answer)
}

function add(tally: Tally, { usage, costUsd }: AgentAnswer): Tally {
  return {
    turns: tally.turns + 1,
    input: tally.input + usage.inputTokens,
    output: tally.output + usage.outputTokens,
    usd: tally.usd + costUsd,
  }
}
