/** What begins with a slash in a conversation. */
import { type ApiCall, type ApiResult, callAgent } from '../../shared/http/agentApi.ts'
import { text } from '../../shared/messages/text.ts'
import { withSessions } from '../../shared/sessions/sessionsReader.ts'
import { alignRows } from '../columns.ts'
import { type ToolFacts, toolLines } from '../commands/tools.ts'
import type { CliContext } from '../context.ts'
import { terminalSafe } from '../terminalSafe.ts'

/** A conversation as it stands. A command gives the next one back. */
export type Conversation = {
  readonly session: string
  /** The model that is wished for; undefined leaves it to the agent. */
  readonly model: string | undefined
}

/** What a command did: what is printed, and how it goes on; undefined ends the conversation. */
export type Outcome = { readonly print: string; readonly next: Conversation | undefined }

type Command = (context: CliContext, talk: Conversation, words: string) => Promise<Outcome>

const stays = (talk: Conversation, print: string): Outcome => ({ print, next: talk })

const COMMANDS: Readonly<Record<string, Command>> = {
  help: async ({ language }, talk) => stays(talk, text(language, 'chat.help')),
  quit: async () => ({ print: '', next: undefined }),
  cost: async (context, talk) => stays(talk, costWords(context, talk)),
  model: async ({ language }, talk, name) => {
    if (name === '')
      return stays(talk, text(language, 'chat.model', { model: talk.model ?? text(language, 'chat.modelOfSettings') }))
    const model = name === 'default' ? undefined : name
    return {
      print: text(language, 'chat.model', { model: model ?? text(language, 'chat.modelOfSettings') }),
      next: { ...talk, model },
    }
  },
  tools: async (context, talk) => {
    const result = await callAgent(context.paths, { path: '/api/tools', scope: 'read' })
    if (!result.ok) return stays(talk, problemText(context.language, result))
    return stays(talk, toolLines(context, (result.value as { tools: readonly ToolFacts[] }).tools).join('\n'))
  },
  sessions: async (context, talk) =>
    stays(
      talk,
      await listed(context, { path: '/api/sessions', scope: 'read' }, 'sessions', [
        'session',
        'title',
        'lastAt',
        'runs',
      ]),
    ),
  compact: async (context, talk) => {
    const path = `/api/sessions/${encodeURIComponent(talk.session)}/compact`
    return stays(
      talk,
      saidBy(
        context,
        await callAgent(context.paths, { method: 'POST', path, body: {}, scope: 'chat' }),
        'chat.compacted',
      ),
    )
  },
  undo: async (context, talk) => {
    const path = `/api/sessions/${encodeURIComponent(talk.session)}/undo-compact`
    return stays(
      talk,
      saidBy(context, await callAgent(context.paths, { method: 'POST', path, body: {}, scope: 'chat' }), 'chat.undone'),
    )
  },
}

/** Runs the command in a line that begins with a slash. */
export async function runSlashCommand(context: CliContext, talk: Conversation, line: string): Promise<Outcome> {
  const [, name = '', words = ''] = /^\/(\S*)\s*(.*)$/.exec(line) ?? []
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!command) return stays(talk, text(context.language, 'agent.chatUnknown', { command: terminalSafe(`/${name}`) }))
  return command(context, talk, words.trim())
}

/** What is written down of the session: what was cancelled cost something too, and what was said on another day. */
function costWords({ language, paths }: CliContext, { session }: Conversation): string {
  const read = withSessions(paths.agentDb, undefined, (reader) => reader.find(session))
  if (!read.ok) return text(language, 'sessions.unreadable', { reason: terminalSafe(read.reason) })
  const { runs = 0, tokens = 0, costUsd = 0 } = read.value ?? {}
  return text(language, 'chat.cost', { runs, tokens, usd: costUsd.toFixed(4) })
}

function saidBy({ language }: CliContext, result: ApiResult, done: 'chat.compacted' | 'chat.undone'): string {
  return result.ok ? text(language, done) : problemText(language, result)
}

/** Why a call came to nothing, in one line. */
export function problemText(language: CliContext['language'], result: Extract<ApiResult, { ok: false }>): string {
  return result.why === 'problem' ? terminalSafe(result.detail) : text(language, 'chat.noAnswer')
}

async function listed(context: CliContext, call: ApiCall, field: string, columns: readonly string[]): Promise<string> {
  const result = await callAgent(context.paths, call)
  if (!result.ok) return problemText(context.language, result)
  const rows = (result.value as Readonly<Record<string, unknown>> | null)?.[field]
  if (!Array.isArray(rows) || rows.length === 0) return text(context.language, 'chat.none')
  return alignRows(rows.map((row) => columns.map((column) => terminalSafe(String(row[column] ?? '–'))))).join('\n')
}
