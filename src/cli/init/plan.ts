/** PURE. What answers come to: keys of the settings, secrets of `.env`, and what is done then. Only what differs from what is. */
import { knownProvider } from '../../shared/config/providerTable.ts'
import type { Answers, NotifyAnswer } from './answers.ts'
import type { Current } from './current.ts'

/** A value of a setting; `value` undefined: its default counts again. */
export type SettingChange = { readonly key: string; readonly value?: unknown }

/** A secret for `.env`. */
export type SecretChange = { readonly name: string; readonly value: string }

/** Everything that init would change. */
export type Plan = {
  readonly settings: readonly SettingChange[]
  readonly secrets: readonly SecretChange[]
  readonly service: 'user' | 'system' | undefined
  readonly start: boolean
}

/** What was written for one provider means nothing to another. */
const OF_THE_PROVIDER = ['baseUrl', 'keyVariable', 'inputUsdPerMTok', 'outputUsdPerMTok'] as const
const SMTP_PASSWORD = 'SMTP_PASSWORD'
const WEBHOOK_URL = 'WEBHOOK_URL'
const TLS_FROM_THE_START = 465

/** Makes the plan. */
export function planOf(answers: Answers, current: Current): Plan {
  const { settings } = current
  const service = answers.service === 'none' ? undefined : answers.service
  return {
    settings: [
      ...changed('language', answers.language, settings.language),
      ...modelChanges(answers, current),
      ...changed('budget.dayUsd', answers.dayUsd, settings.budget.dayUsd),
      ...changed('budget.monthUsd', answers.monthUsd, settings.budget.monthUsd),
      ...channelChange(answers.notify, current),
      ...changed('dashboard.host', answers.dashboardHost, settings.dashboard.host),
      ...changed('dashboard.port', answers.dashboardPort, settings.dashboard.port),
      ...changed('dashboard.publicUrl', answers.publicUrl, settings.dashboard.publicUrl),
    ],
    secrets: [...keySecret(answers, current), ...notifySecrets(answers.notify)].filter(
      ({ name, value }) => value !== '' && current.secrets.get(name) !== value,
    ),
    service,
    // A service starts by itself.
    start: answers.start === true && service === undefined,
  }
}

/** True where nothing would be done. */
export function isEmptyPlan({ settings, secrets, service, start }: Plan): boolean {
  return settings.length === 0 && secrets.length === 0 && service === undefined && !start
}

function changed(key: string, wanted: unknown, present: unknown): SettingChange[] {
  return wanted === undefined || wanted === present ? [] : [{ key, value: wanted }]
}

function modelChanges(answers: Answers, { settings: { model } }: Current): SettingChange[] {
  const isOther = answers.provider !== undefined && answers.provider !== model.provider
  const given = [
    ...changed('model.provider', answers.provider, model.provider),
    ...(isOther && answers.model !== undefined
      ? [{ key: 'model.name', value: answers.model }]
      : changed('model.name', answers.model, model.name)),
    ...changed('model.baseUrl', answers.baseUrl, isOther ? undefined : model.baseUrl),
  ]
  if (!isOther) return given
  const named = new Set(given.map(({ key }) => key))
  const reset = ['name', ...OF_THE_PROVIDER].map((name) => `model.${name}`).filter((key) => !named.has(key))
  return [...reset.map((key) => ({ key })), ...given]
}

/** The variable that the key of a provider stands in: what the settings say of the present one, else what the table says. */
export function keyVariableOf(provider: string | undefined, { settings: { model } }: Current): string {
  if (provider === undefined || provider === model.provider) return model.keyVariable
  return knownProvider(provider)?.keyVariable ?? model.keyVariable
}

function keySecret({ provider, key }: Answers, current: Current): SecretChange[] {
  const name = keyVariableOf(provider, current)
  return key === undefined || name === '' ? [] : [{ name, value: key }]
}

function channelChange(notify: NotifyAnswer | undefined, { channels }: Current): SettingChange[] {
  if (notify === undefined || notify.type === 'none') return []
  const channel = channelOf(notify)
  const others = channels.filter((one) => (one as { readonly name?: unknown } | null)?.name !== channel.name)
  const value = [...others, channel]
  return JSON.stringify(value) === JSON.stringify(channels) ? [] : [{ key: 'alerts.channels', value }]
}

/** The channel as it is written into the settings, named after its type. It holds no secret. */
export function channelOf(notify: Exclude<NotifyAnswer, { type: 'none' }>) {
  const base = { name: notify.type, type: notify.type }
  switch (notify.type) {
    case 'ntfy':
      return { ...base, server: notify.server }
    case 'telegram':
      return base
    case 'webhook':
      return { ...base, urlVariable: WEBHOOK_URL, format: notify.format }
    case 'email': {
      const { host, port, user, password, from, to } = notify
      const account = {
        ...(user === '' ? {} : { user }),
        ...(password === '' ? {} : { passwordVariable: SMTP_PASSWORD }),
      }
      return {
        ...base,
        host,
        port,
        tls: port === TLS_FROM_THE_START ? 'implicit' : 'starttls',
        ...account,
        from,
        to: [to],
      }
    }
  }
}

/** What such a channel reads from `.env`. */
export function notifySecrets(notify: NotifyAnswer | undefined): SecretChange[] {
  switch (notify?.type) {
    case 'ntfy':
      return [{ name: 'NTFY_TOPIC', value: notify.topic }]
    case 'telegram':
      return [
        { name: 'TELEGRAM_BOT_TOKEN', value: notify.token },
        { name: 'TELEGRAM_CHAT_ID', value: notify.chat },
      ]
    case 'email':
      return [{ name: SMTP_PASSWORD, value: notify.password }]
    case 'webhook':
      return [{ name: WEBHOOK_URL, value: notify.url }]
    default:
      return []
  }
}
