/** The wizard's questions about how a person is reached. A real message is sent before anything is written. */
import { randomBytes } from 'node:crypto'
import { WEBHOOK_FORMATS } from '../../shared/config/alertChannels.ts'
import { text } from '../../shared/messages/text.ts'
import { printedCommand } from '../../shared/printedCommand.ts'
import { type Answers, NOTIFY_TYPES, type NotifyAnswer } from './answers.ts'
import { portIn } from './flagValues.ts'
import type { Prompts } from './prompts.ts'
import { type Desk, tryAnsweredNotify } from './trials.ts'

/** Where most topics live. */
export const NTFY_SERVER = 'https://ntfy.sh'
/** Encrypted from the first byte. */
export const MAIL_PORT = 465

/** A topic that nobody guesses: whoever knows it reads the alerts. */
export function newTopic(): string {
  return `ottugi-${randomBytes(9).toString('hex')}`
}

/** Chooses a channel, asks what it takes, and tries it. Undefined when the person leaves. */
export async function askNotify(desk: Desk, prompts: Prompts, answers: Answers): Promise<Answers | undefined> {
  const { language, current } = desk
  const present = current.settings.alerts.channels.map(({ name }) => name).join(', ')
  const message = present === '' ? text(language, 'init.askNotify') : text(language, 'init.askNotifyAgain', { present })
  const type = await prompts.choose(
    message,
    NOTIFY_TYPES.map((value) => ({ value, label: text(language, `init.notify.${value}`) })),
    present === '' ? 'ntfy' : 'none',
  )
  if (type === undefined) return undefined
  if (type === 'none') return answers
  const notify = await ASK[type](desk, prompts)
  return notify && tried(desk, prompts, { ...answers, notify })
}

async function tried(desk: Desk, prompts: Prompts, answers: Answers): Promise<Answers | undefined> {
  const { language, context } = desk
  if (answers.notify?.type === 'telegram' && answers.notify.chat === '') {
    prompts.say(
      'info',
      text(language, 'init.pairLater', { command: printedCommand('notify pair telegram', context.home) }),
    )
    return answers
  }
  prompts.say('step', text(language, 'init.notifyTrying'))
  const { result, words } = await tryAnsweredNotify(desk, answers)
  if (result === 'cancelled') return undefined
  prompts.say(result === 'well' ? 'success' : 'warn', words)
  if (result === 'well') return answers
  const { notify: _, ...rest } = answers
  const next = await prompts.choose(text(language, 'init.askAfterRefusal'), [
    { value: 'again', label: text(language, 'init.choiceAgain') },
    { value: 'keep', label: text(language, 'init.choiceKeep') },
    { value: 'leave', label: text(language, 'init.choiceLeave') },
  ])
  if (next === undefined) return undefined
  if (next === 'again') return askNotify(desk, prompts, rest)
  return next === 'keep' ? answers : rest
}

type Ask = (desk: Desk, prompts: Prompts) => Promise<NotifyAnswer | undefined>

const ASK: Readonly<Record<Exclude<NotifyAnswer['type'], 'none'>, Ask>> = {
  ntfy: async ({ language, current }, prompts) => {
    const topic = await prompts.line({
      ...{ message: text(language, 'init.askTopic'), initial: current.secrets.get('NTFY_TOPIC') ?? newTopic() },
      check: (typed) => (/^[\w-]{1,64}$/.test(typed) ? undefined : text(language, 'init.badTopic')),
    })
    if (topic === undefined) return undefined
    const server = await prompts.line(needed(language, text(language, 'init.askServer'), NTFY_SERVER))
    if (server === undefined) return undefined
    const isSubscribed = await prompts.yesNo(text(language, 'init.askSubscribed', { topic }), true)
    return isSubscribed === undefined ? undefined : { type: 'ntfy', server, topic }
  },
  telegram: async ({ language, current }, prompts) => {
    const typed = await prompts.hidden(text(language, 'init.askBotToken'))
    if (typed === undefined) return undefined
    const chat = await prompts.line({
      ...{ message: text(language, 'init.askChat'), initial: current.secrets.get('TELEGRAM_CHAT_ID') ?? '' },
    })
    if (chat === undefined) return undefined
    return { type: 'telegram', token: typed || (current.secrets.get('TELEGRAM_BOT_TOKEN') ?? ''), chat }
  },
  email: askMail,
  webhook: async ({ language }, prompts) => {
    const url = await prompts.hidden(text(language, 'init.askWebhook'))
    if (url === undefined) return undefined
    const formats = WEBHOOK_FORMATS.filter((format) => format !== 'template')
    const format = await prompts.choose(
      text(language, 'init.askFormat'),
      formats.map((value) => ({ value, label: value })),
    )
    return format === undefined ? undefined : { type: 'webhook', url, format }
  },
}

async function askMail({ language }: Desk, prompts: Prompts): Promise<NotifyAnswer | undefined> {
  const host = await prompts.line(needed(language, text(language, 'init.askMailHost')))
  if (host === undefined) return undefined
  const port = await prompts.line({
    ...{ message: text(language, 'init.askMailPort'), initial: String(MAIL_PORT) },
    check: (typed) => (portIn(typed) ? undefined : text(language, 'init.badPort')),
  })
  if (port === undefined) return undefined
  const user = await prompts.line({ message: text(language, 'init.askMailUser') })
  if (user === undefined) return undefined
  const password = user === '' ? '' : await prompts.hidden(text(language, 'init.askMailPassword'))
  if (password === undefined) return undefined
  const from = await prompts.line(needed(language, text(language, 'init.askMailFrom'), user))
  if (from === undefined) return undefined
  const to = await prompts.line(needed(language, text(language, 'init.askMailTo'), from))
  if (to === undefined) return undefined
  return { type: 'email', host, port: portIn(port) ?? MAIL_PORT, user, password, from, to }
}

function needed(language: Desk['language'], message: string, initial = '') {
  return { message, initial, check: (typed: string) => (typed === '' ? text(language, 'init.needed') : undefined) }
}
