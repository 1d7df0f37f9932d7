import type { SettingsOf } from '../../shared/config/alertChannels.ts'
import { phrase } from '../../shared/messages/phrase.ts'
import type { Notice } from '../notice.ts'
import { type Channel, plainText, refused, withoutSecret } from './channel.ts'
import { isHeaderSafe } from './headerText.ts'
import { deliver } from './http.ts'
import { BODIES, fillTemplate } from './webhookFormats.ts'

/** Any address that takes a POST. The address itself is a secret (who knows a Slack address can write there), so only its name is in the settings. */
export const webhook: Channel<'webhook'> = async (notice, settings, { secret, signal }) => {
  const { urlVariable, tokenVariable, format } = settings
  const written = secret(urlVariable)
  if (written === undefined) return withoutSecret(urlVariable)
  const address = URL.parse(written)
  if (address === null || !/^https?:$/.test(address.protocol))
    return refused(phrase('notify.why.address', { name: urlVariable }))
  const token = tokenVariable === undefined ? undefined : secret(tokenVariable)
  if (tokenVariable !== undefined && (token === undefined || !isHeaderSafe(token))) return withoutSecret(tokenVariable)
  const body = bodyOf(notice, settings)
  if (body === undefined) return refused(phrase('notify.why.template'))
  const headers = {
    'content-type': contentType(settings),
    'idempotency-key': notice.key,
    ...authorization(format, token),
  }
  return deliver({ url: targetOf(address, notice, format).href, headers, body }, signal)
}

function authorization(format: string, token: string | undefined): Record<string, string> {
  if (token === undefined) return {}
  return format === 'gotify' ? { 'x-gotify-key': token } : { authorization: `Bearer ${token}` }
}

function contentType({ format }: SettingsOf<'webhook'>): string {
  return format === 'healthchecks' ? 'text/plain; charset=utf-8' : 'application/json'
}

/** Healthchecks (https://healthchecks.io/docs/http_api/): `/fail` says that it is down, the bare address that it is up. */
function targetOf(address: URL, { kind }: Notice, format: string): URL {
  if (format !== 'healthchecks' || !['open', 'escalation', 'worse', 'reminder'].includes(kind)) return address
  const failed = new URL(address)
  failed.pathname = `${address.pathname.replace(/\/+$/, '')}/fail`
  return failed
}

function bodyOf(notice: Notice, { format, template }: SettingsOf<'webhook'>): string | undefined {
  if (format === 'healthchecks') return plainText(notice)
  if (format === 'template') return fillTemplate(template ?? '', notice)
  return JSON.stringify(BODIES[format](notice))
}
