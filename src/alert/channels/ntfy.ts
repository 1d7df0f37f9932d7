import { type Channel, withoutSecret } from './channel.ts'
import { isHeaderSafe } from './headerText.ts'
import { deliver } from './http.ts'

const PRIORITY = { info: 2, warning: 4, critical: 5 } as const
const TAGS = { info: 'information_source', warning: 'warning', critical: 'rotating_light' } as const

/** ntfy (https://docs.ntfy.sh/publish/): the JSON form, because headers carry no Korean. A topic may be read by everybody who knows it, so it is a secret. */
export const ntfy: Channel<'ntfy'> = async (notice, { server, topicVariable, tokenVariable }, { secret, signal }) => {
  const topic = secret(topicVariable)
  if (topic === undefined) return withoutSecret(topicVariable)
  const token = tokenVariable === undefined ? undefined : secret(tokenVariable)
  if (tokenVariable !== undefined && (token === undefined || !isHeaderSafe(token))) return withoutSecret(tokenVariable)
  const { title, body, link, severity, kind } = notice
  const message = {
    topic,
    title,
    message: body,
    priority: kind === 'recovery' ? 3 : PRIORITY[severity],
    tags: [kind === 'recovery' ? 'white_check_mark' : TAGS[severity]],
    ...(link ? { click: link } : {}),
  }
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const headers = { 'content-type': 'application/json', ...authorization }
  return deliver({ url: server, headers, body: JSON.stringify(message) }, signal)
}
