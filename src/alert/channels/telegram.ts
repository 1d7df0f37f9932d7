import { phrase } from '../../shared/messages/phrase.ts'
import { type Channel, DELIVERED, type Delivery, later, plainText, refused, withoutSecret } from './channel.ts'
import { request, verdictOn } from './http.ts'

/** Longest message of the Bot API. */
const MAX_LENGTH = 4_096

/** Telegram's Bot API, `sendMessage` (https://core.telegram.org/bots/api): plain text, so that nothing in it is markup. */
export const telegram: Channel<'telegram'> = async (notice, settings, { secret, signal }) => {
  const { tokenVariable, chatVariable, server } = settings
  const chat = secret(chatVariable)
  if (chat === undefined) return withoutSecret(chatVariable)
  const address = botAddress(server, secret(tokenVariable), 'sendMessage')
  if (address === undefined) return withoutSecret(tokenVariable)
  const text = [plainText(notice), ...(notice.hint ? [notice.hint] : [])].join('\n\n').slice(0, MAX_LENGTH)
  const body = {
    chat_id: chat,
    text,
    disable_notification: notice.severity === 'info',
    link_preview_options: { is_disabled: true },
  }
  const headers = { 'content-type': 'application/json' }
  const answer = await request({ url: address, headers, body: JSON.stringify(body) }, signal)
  return answer.ok ? verdict(answer.text, verdictOn(answer)) : answer
}

/** The address of a method; undefined without a token that looks like one. The token is part of it, so it is never shown. */
export function botAddress(server: string, token: string | undefined, method: string): string | undefined {
  if (token === undefined || !/^[\w:-]+$/.test(token)) return undefined
  return `${server.replace(/\/+$/, '')}/bot${token}/${method}`
}

/** Telegram says how long to wait in its answer, and may say no with a 200. */
function verdict(text: string, byStatus: Delivery): Delivery {
  const answer = parse(text)
  if (byStatus.ok) {
    if (answer?.ok !== false) return DELIVERED
    return refused(phrase('notify.why.http', { status: answer.error_code ?? 200 }))
  }
  const seconds = answer?.parameters?.retry_after
  return typeof seconds === 'number' && byStatus.kind === 'retry' ? later(byStatus.reason, seconds * 1_000) : byStatus
}

type BotAnswer = { ok?: boolean; error_code?: number; parameters?: { retry_after?: number } }

function parse(text: string): BotAnswer | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
