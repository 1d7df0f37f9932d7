/** The channels by which a person is reached: one object each in `alerts.channels`. No secret stands here: secrets are named, and stand in `.env`. */
import * as z from 'zod'
import { phrase } from '../messages/phrase.ts'
import { host, type RuleBroken, secretVariable, webAddress } from './fields.ts'
import { isLoopbackHost } from './loopback.ts'

/** What all channels have. Step 0 is told at once, step n when nobody acknowledged for n times `alerts.escalateMs`. */
const common = {
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/),
  minSeverity: z.enum(['info', 'warning', 'critical']).default('warning'),
  step: z.int().min(0).max(9).default(0),
}

/** A line that may stand in a header: no line break, nothing invisible. */
const line = z.string().regex(/^[^\p{Cc}]+$/u)
const port = z.int().min(1).max(65_535)

const ntfy = z.strictObject({
  type: z.literal('ntfy'),
  ...common,
  server: webAddress.default('https://ntfy.sh'),
  /** Who knows the topic can read it: it is a secret. */
  topicVariable: secretVariable.default('NTFY_TOPIC'),
  tokenVariable: secretVariable.optional(),
})

const telegram = z.strictObject({
  type: z.literal('telegram'),
  ...common,
  server: webAddress.default('https://api.telegram.org'),
  tokenVariable: secretVariable.default('TELEGRAM_BOT_TOKEN'),
  /** Written by `ottugi notify pair telegram`. */
  chatVariable: secretVariable.default('TELEGRAM_CHAT_ID'),
})

const email = z
  .strictObject({
    type: z.literal('email'),
    ...common,
    host,
    port: port.default(465),
    /** `none` is for a server on this machine only. */
    tls: z.enum(['implicit', 'starttls', 'none']).default('implicit'),
    user: line.optional(),
    passwordVariable: secretVariable.optional(),
    from: line,
    to: z.array(line).min(1).max(20),
  })
  .refine((channel) => channel.tls !== 'none' || isLoopbackHost(channel.host), {
    params: { expected: phrase('expected.mailTls') } satisfies RuleBroken,
  })

/** How the body of a webhook looks. */
export const WEBHOOK_FORMATS = ['generic', 'slack', 'discord', 'teams', 'gotify', 'healthchecks', 'template'] as const

const webhook = z
  .strictObject({
    type: z.literal('webhook'),
    ...common,
    urlVariable: secretVariable,
    format: z.enum(WEBHOOK_FORMATS).default('generic'),
    /** JSON with {placeholders}, for the format `template`. */
    template: z.string().min(2).max(10_000).optional(),
    tokenVariable: secretVariable.optional(),
  })
  .refine(({ format, template }) => (format === 'template') === (template !== undefined), {
    params: { expected: phrase('expected.webhookTemplate') } satisfies RuleBroken,
  })

const desktop = z.strictObject({ type: z.literal('desktop'), ...common })

const exec = z.strictObject({
  type: z.literal('exec'),
  ...common,
  /** Program and arguments; there is no shell. */
  command: z.array(z.string().min(1)).min(1).max(100),
})

const anyChannel = z.discriminatedUnion('type', [ntfy, telegram, email, webhook, desktop, exec])

/** The list of channels. Two of one name could not be told apart. */
export const channelList = z
  .array(anyChannel)
  .max(20)
  .refine((channels) => new Set(channels.map(({ name }) => name)).size === channels.length, {
    params: { expected: phrase('expected.channelNames') } satisfies RuleBroken,
  })

/** The settings of one channel. */
export type ChannelSettings = z.infer<typeof anyChannel>

/** The settings of the channels of one type. */
export type SettingsOf<Type extends ChannelSettings['type']> = Extract<ChannelSettings, { type: Type }>
