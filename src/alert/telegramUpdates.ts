/** What a paired chat says: `getUpdates` of the Bot API, and nothing but the few commands that we know. */
import { phrase } from '../shared/messages/phrase.ts'
import { later, withoutSecret } from './channels/channel.ts'
import { request, verdictOn } from './channels/http.ts'
import { botAddress } from './channels/telegram.ts'
import type { ChatCommand, PollJob, SenderLine } from './job.ts'

type PollResult = Extract<SenderLine, { is: 'poll' }>['result']

type Update = {
  readonly update_id: number
  readonly message?: {
    readonly date?: number
    readonly text?: string
    readonly chat?: { readonly id?: number | string }
    readonly from?: { readonly username?: string; readonly first_name?: string }
  }
}

/** Asks once. Everything from another chat, from before the alert, or not a command of ours is dropped without a word. */
export async function pollChat(
  job: PollJob,
  secret: (name: string) => string | undefined,
  signal: AbortSignal,
): Promise<PollResult> {
  const { tokenVariable, chatVariable, server } = job.channel
  const address = botAddress(server, secret(tokenVariable), 'getUpdates')
  if (address === undefined) return withoutSecret(tokenVariable)
  const chat = secret(chatVariable)
  if (chat === undefined && job.pairCode === undefined) return withoutSecret(chatVariable)
  const body = { offset: job.offset, timeout: job.waitSeconds, limit: 50, allowed_updates: ['message'] }
  const headers = { 'content-type': 'application/json' }
  const answer = await request({ url: address, headers, body: JSON.stringify(body) }, signal)
  if (!answer.ok) return answer
  const verdict = verdictOn(answer)
  if (!verdict.ok) return verdict
  const updates = updatesIn(answer.text)
  if (updates === undefined) return later(phrase('notify.why.http', { status: answer.status }))
  const commands = updates.flatMap((update) => commandIn(update, job, chat) ?? [])
  const offset = updates.reduce((next, { update_id }) => Math.max(next, update_id + 1), job.offset)
  return { ok: true, offset, commands }
}

function updatesIn(text: string): Update[] | undefined {
  try {
    const answer = JSON.parse(text) as { ok?: unknown; result?: unknown }
    if (answer.ok !== true || !Array.isArray(answer.result)) return undefined
    return answer.result.filter((update: Update | null) => Number.isSafeInteger(update?.update_id))
  } catch {
    return undefined
  }
}

function commandIn(
  { message }: Update,
  job: PollJob,
  chat: string | undefined,
): (ChatCommand & { by: string }) | undefined {
  const from = message?.chat?.id
  if (typeof message?.text !== 'string' || from === undefined || (message.date ?? 0) < job.since) return undefined
  const by = `telegram:${message.from?.username ?? message.from?.first_name ?? String(from)}`.slice(0, 60)
  if (job.pairCode !== undefined) {
    return message.text.trim() === `/pair ${job.pairCode}` ? { command: 'pair', chat: String(from), by } : undefined
  }
  const command = String(from) === chat ? parseCommand(message.text) : undefined
  return command && { ...command, by }
}

/** `/ack`, `/ack I7`, `/safe_mode on|off`; Telegram adds the bot's name in groups. Undefined for everything else. */
export function parseCommand(text: string): ChatCommand | undefined {
  const [word = '', argument, ...rest] = text.trim().split(/\s+/)
  const command = word.replace(/@\w+$/, '')
  if (rest.length > 0) return undefined
  if (command === '/ack') {
    if (argument === undefined) return { command: 'ack', id: null }
    return /^[A-Za-z]{1,2}\d{1,9}$/.test(argument) ? { command: 'ack', id: argument.toUpperCase() } : undefined
  }
  if (command === '/safe_mode' && (argument === 'on' || argument === 'off'))
    return { command: 'safeMode', on: argument === 'on' }
  return undefined
}
