/** `ottugi chat`: a conversation with the running agent. */
import type { Command } from 'commander'
import { EXIT } from '../../shared/exitCodes.ts'
import { text } from '../../shared/messages/text.ts'
import { newId } from '../../shared/newId.ts'
import { npmOrOttugi, printedCommand } from '../../shared/printedCommand.ts'
import { readLiving } from '../../shared/runtimeFile.ts'
import { type Keyboard, openKeyboard } from '../chat/keyboard.ts'
import { type Conversation, runSlashCommand } from '../chat/slashCommands.ts'
import { takeTurn } from '../chat/turn.ts'
import type { CliContext } from '../context.ts'

const USUAL_COLUMNS = 80
const USUAL_ROWS = 24

type ChatOptions = { readonly session?: string; readonly model?: string }

/** Adds `chat`. */
export function registerChat(program: Command, context: CliContext): void {
  const { language } = context
  program
    .command('chat')
    .description(text(language, 'cli.chat'))
    .option('--session <id>', text(language, 'cli.session'))
    .option('--model <name>', text(language, 'chat.optModel'))
    .action(async (options: ChatOptions) => context.exit(await chat(context, options)))
}

/** Talks until /quit, Ctrl-D, or Ctrl-C on an empty line. Needs a terminal. */
export async function chat(context: CliContext, options: ChatOptions): Promise<number> {
  const { language, paths, out, err } = context
  if (!context.isTerminal) {
    err(text(language, 'agent.chatNeedsTerminal', { command: printedCommand('run -e "…"', paths.home) }))
    return EXIT.usage
  }
  if (!readLiving(paths, 'agent')) {
    err(text(language, 'agent.unreachable', { command: npmOrOttugi('start', paths.home) }))
    return EXIT.unavailable
  }
  const session = options.session ?? newId(Date.now())
  out(text(language, 'chat.hello', { session }))
  const keyboard = openKeyboard(context.input, process.stdout)
  try {
    await talkOn(context, keyboard, { session, model: options.model })
  } finally {
    keyboard.close()
  }
  return EXIT.ok
}

async function talkOn(context: CliContext, keyboard: Keyboard, first: Conversation): Promise<void> {
  const stage = {
    ...{ context, keyboard },
    write: (piece: string) => void process.stdout.write(piece),
    columns: () => process.stdout.columns ?? USUAL_COLUMNS,
    rows: () => process.stdout.rows ?? USUAL_ROWS,
  }
  let talk: Conversation | undefined = first
  while (talk) {
    const line = (await keyboard.line('> '))?.trim()
    if (line === undefined) return
    if (line === '') continue
    // A command is a line; what was pasted may begin with a path.
    if (!line.startsWith('/') || line.includes('\n')) {
      talk = await takeTurn(stage, talk, line)
      continue
    }
    const { print, next } = await runSlashCommand(context, talk, line)
    if (print) context.out(print)
    talk = next
  }
}
