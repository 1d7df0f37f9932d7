/** The flags of `ottugi init`: an answer to every question of the wizard. A secret is never an argument (arguments show in `ps`): it comes from a file, stdin or the environment. */
import type { Command } from 'commander'
import { WEBHOOK_FORMATS } from '../../shared/config/alertChannels.ts'
import { readConfigFile } from '../../shared/config/readConfigFile.ts'
import type { Language } from '../../shared/messages/message.ts'
import { text } from '../../shared/messages/text.ts'
import type { CliContext } from '../context.ts'
import { terminalSafe } from '../terminalSafe.ts'
import { type Answers, NOTIFY_TYPES, type NotifyAnswer, SERVICES, type ServiceAnswer } from './answers.ts'
import { MAIL_PORT, NTFY_SERVER, newTopic } from './askNotify.ts'
import type { Current } from './current.ts'
import { amountIn, portIn } from './flagValues.ts'
import { keyVariableOf } from './plan.ts'

/** What Commander makes of them. */
export type InitFlags = {
  readonly yes?: boolean
  readonly dryRun?: boolean
  /** False for `--no-test`. */
  readonly test: boolean
  readonly language?: string
  readonly provider?: string
  readonly model?: string
  readonly baseUrl?: string
  readonly keyFile?: string
  readonly keyFromEnv?: boolean
  readonly budgetDay?: string
  readonly budgetMonth?: string
  readonly notify?: string
  readonly notifySecretFile?: string
  readonly ntfyServer?: string
  readonly telegramChat?: string
  readonly mailHost?: string
  readonly mailPort?: string
  readonly mailUser?: string
  readonly mailFrom?: string
  readonly mailTo?: string
  readonly webhookFormat?: string
  readonly dashboardHost?: string
  readonly dashboardPort?: string
  readonly publicUrl?: string
  readonly service?: string
  readonly start?: boolean
}

const FLAGS = [
  ['--language <auto|en|ko>', 'init.flagLanguage'],
  ['--provider <name>', 'init.flagProvider'],
  ['--model <name>', 'init.flagModel'],
  ['--base-url <url>', 'init.flagBaseUrl'],
  ['--key-file <file>', 'init.flagKeyFile'],
  ['--key-from-env', 'init.flagKeyFromEnv'],
  ['--budget-day <usd>', 'init.flagDay'],
  ['--budget-month <usd>', 'init.flagMonth'],
  ['--notify <type>', 'init.flagNotify'],
  ['--notify-secret-file <file>', 'init.flagNotifySecret'],
  ['--ntfy-server <url>', 'init.flagNtfyServer'],
  ['--telegram-chat <id>', 'init.flagChat'],
  ['--mail-host <host>', 'init.flagMail'],
  ['--mail-port <port>', 'init.flagMail'],
  ['--mail-user <name>', 'init.flagMail'],
  ['--mail-from <address>', 'init.flagMail'],
  ['--mail-to <address>', 'init.flagMail'],
  ['--webhook-format <format>', 'init.flagFormat'],
  ['--dashboard-host <address>', 'init.flagHost'],
  ['--dashboard-port <port>', 'init.flagPort'],
  ['--public-url <url>', 'init.flagPublicUrl'],
  ['--service <user|system|none>', 'init.flagService'],
  ['--start', 'init.flagStart'],
  ['--no-test', 'init.flagNoTest'],
  ['--yes', 'init.flagYes'],
  ['--dry-run', 'init.flagDryRun'],
] as const

/** Adds them to a command. */
export function addFlags(command: Command, language: Language): Command {
  return FLAGS.reduce((built, [flag, about]) => built.option(flag, text(language, about)), command)
}

/** All of them in a row, for whoever has no terminal. */
export function flagWords(): string {
  return FLAGS.map(([flag]) => flag).join(' ')
}

/** Answers, or what is wrong with a flag, in words. */
export type FlagResult =
  | { readonly ok: true; readonly answers: Answers }
  | { readonly ok: false; readonly words: string }

/** Reads the flags, and the secrets from where they say. Changes nothing. */
export async function answersFrom(context: CliContext, current: Current, flags: InitFlags): Promise<FlagResult> {
  const reader = createReader(context)
  const notify = flags.notify === undefined ? undefined : await notifyFrom(current, flags, reader)
  const key = await keyFrom(context, current, flags, reader)
  const answers = {
    ...given('language', reader.oneOf('--language', flags.language, ['auto', 'en', 'ko'])),
    ...given('provider', flags.provider),
    ...given('model', flags.model),
    ...given('baseUrl', flags.baseUrl),
    ...given('key', key),
    ...given('dayUsd', reader.amount('--budget-day', flags.budgetDay)),
    ...given('monthUsd', reader.amount('--budget-month', flags.budgetMonth)),
    ...given('notify', notify),
    ...given('dashboardHost', flags.dashboardHost),
    ...given('dashboardPort', reader.port('--dashboard-port', flags.dashboardPort)),
    ...given('publicUrl', flags.publicUrl),
    ...given('service', reader.oneOf<ServiceAnswer>('--service', flags.service, SERVICES)),
    ...given('start', flags.start),
  }
  return reader.problems.length === 0 ? { ok: true, answers } : { ok: false, words: reader.problems.join('\n') }
}

function given<Name extends string, Value>(name: Name, value: Value | undefined): { [K in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { [K in Name]?: Value }
}

type Reader = ReturnType<typeof createReader>

/** Reads values, and keeps what is wrong with them: all of it is told at once. */
function createReader({ language, input }: CliContext) {
  const problems: string[] = []
  const wrong = (what: string, expected: string, got: string): undefined => {
    problems.push(terminalSafe(text(language, 'cli.badValue', { what, expected, got: JSON.stringify(got) })))
  }
  const parsed = <Value>(
    { what, expected }: { readonly what: string; readonly expected: string },
    written: string | undefined,
    parse: (typed: string) => Value | undefined,
  ): Value | undefined => (written === undefined ? undefined : (parse(written) ?? wrong(what, expected, written)))
  return {
    problems,
    oneOf: <Value extends string>(what: string, written: string | undefined, values: readonly Value[]) =>
      parsed({ what, expected: values.join(', ') }, written, (typed) => values.find((value) => value === typed)),
    amount: (what: string, written: string | undefined) => parsed({ what, expected: '5, 0.50' }, written, amountIn),
    port: (what: string, written: string | undefined) => parsed({ what, expected: '0–65535' }, written, portIn),
    needed: (what: string, written: string | undefined): string => written || (wrong(what, 'TEXT', '') ?? ''),
    /** The first line of a file, or of stdin for `-`. */
    secret: async (what: string, file: string | undefined): Promise<string> => {
      const content = file === '-' ? await readAll(input) : fileText(file)
      const line = content?.split(/\r?\n/)[0]?.trim()
      return line || (wrong(what, 'FILE, -', file ?? '') ?? '')
    },
  }
}

async function keyFrom(
  context: CliContext,
  current: Current,
  flags: InitFlags,
  reader: Reader,
): Promise<string | undefined> {
  if (flags.keyFile !== undefined) return reader.secret('--key-file', flags.keyFile)
  if (!flags.keyFromEnv) return undefined
  const name = keyVariableOf(flags.provider, current)
  return reader.needed(`--key-from-env (${name})`, context.environment[name])
}

async function notifyFrom(current: Current, flags: InitFlags, reader: Reader): Promise<NotifyAnswer> {
  const type = reader.oneOf('--notify', flags.notify, NOTIFY_TYPES) ?? 'none'
  const secret = () => reader.secret('--notify-secret-file', flags.notifySecretFile)
  switch (type) {
    case 'ntfy': {
      const present = current.secrets.get('NTFY_TOPIC')
      const topic = flags.notifySecretFile === undefined ? present || newTopic() : await secret()
      return { type, server: flags.ntfyServer ?? NTFY_SERVER, topic }
    }
    case 'telegram':
      return { type, token: await secret(), chat: flags.telegramChat ?? '' }
    case 'webhook': {
      const format = reader.oneOf('--webhook-format', flags.webhookFormat ?? 'generic', WEBHOOK_FORMATS)
      return { type, url: await secret(), format: format ?? 'generic' }
    }
    case 'email': {
      const user = flags.mailUser ?? ''
      const from = reader.needed('--mail-from', flags.mailFrom ?? flags.mailUser)
      return {
        ...{ type, user, from, host: reader.needed('--mail-host', flags.mailHost) },
        port: reader.port('--mail-port', flags.mailPort) ?? MAIL_PORT,
        password: user === '' ? '' : await secret(),
        to: reader.needed('--mail-to', flags.mailTo ?? from),
      }
    }
    case 'none':
      return { type }
  }
}

function fileText(path: string | undefined): string | undefined {
  const file = path === undefined ? undefined : readConfigFile(path)
  return file?.ok ? file.text : undefined
}

async function readAll(input: CliContext['input']): Promise<string> {
  let content = ''
  for await (const chunk of input) content += String(chunk)
  return content
}
