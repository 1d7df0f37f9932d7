/** `ottugi notify pair telegram`: one chat proves by a code that it belongs to whoever sits at this terminal. */
import { randomInt } from 'node:crypto'
import { sendAndWait } from '../../alert/courier.ts'
import { DELIVERY_LIMIT_MS } from '../../alert/dispatcher.ts'
import type { PollJob, SenderLine } from '../../alert/job.ts'
import type { SettingsOf } from '../../shared/config/alertChannels.ts'
import { setEnvVariable } from '../../shared/config/envFile.ts'
import type { Settings } from '../../shared/config/schema.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import { text, textOf } from '../../shared/messages/text.ts'
import type { CliContext } from '../context.ts'
import { parseDuration } from '../duration.ts'
import { inPreparedHome } from '../lifecycle/inPreparedHome.ts'
import { terminalSafe } from '../terminalSafe.ts'

type Options = { readonly channel?: string; readonly for: string }

/** How long Telegram may keep one question open. */
const WAIT_SECONDS = 20

/** Shows a code, waits until a chat sends it to the bot, and writes that chat into `.env`. The code works once, and for this call only. */
export function pairTelegram(context: CliContext, settings: Settings, options: Options): Promise<number> | number {
  const { language, err } = context
  const limitMs = parseDuration(options.for)
  if (limitMs === undefined) {
    err(text(language, 'cli.badValue', { what: '--for', expected: '90s, 10m, 1h', got: terminalSafe(options.for) }))
    return EXIT.usage
  }
  const channel = settings.alerts.channels.find(
    (one): one is SettingsOf<'telegram'> =>
      one.type === 'telegram' && (options.channel === undefined || one.name === options.channel),
  )
  if (!channel) {
    err(text(language, 'notify.pairNone'))
    return EXIT.failed
  }
  return inPreparedHome(context, () => waitForChat(context, settings, channel, limitMs))
}

async function waitForChat(
  context: CliContext,
  { supervisor }: Settings,
  channel: SettingsOf<'telegram'>,
  limitMs: number,
): Promise<number> {
  const { language, out, err, paths, environment } = context
  // Eight digits, guessable once in a hundred million, for some minutes.
  const pairCode = String(randomInt(10_000_000, 100_000_000))
  const begun = Date.now()
  out(text(language, 'notify.pairCode', { minutes: Math.max(1, Math.round(limitMs / 60_000)), code: pairCode }))
  const since = Math.floor(begun / 1_000) - 5
  let offset = 0
  for (let leftMs = limitMs; leftMs > 0; leftMs = begun + limitMs - Date.now()) {
    const waitSeconds = Math.min(WAIT_SECONDS, Math.ceil(leftMs / 1_000))
    const poll: PollJob = { channel, offset, since, waitSeconds, pairCode }
    const job = { envFile: paths.env, deadlineMs: DELIVERY_LIMIT_MS, channels: [], poll }
    const home = { paths, environment, passEnv: supervisor.passEnv }
    const answer = pollOf(await sendAndWait(home, job, waitSeconds * 1_000 + 2 * DELIVERY_LIMIT_MS))
    if (!answer?.ok) {
      const reason = answer ? textOf(language, answer.reason) : text(language, 'notify.why.child')
      err(text(language, 'notify.pairFailed', { reason }))
      return EXIT.unavailable
    }
    offset = answer.offset
    const paired = answer.commands.find((command) => command.command === 'pair')
    if (paired?.command === 'pair') return saveChat(context, channel, paired.chat)
  }
  err(text(language, 'notify.pairTimeout'))
  return EXIT.failed
}

function pollOf(lines: readonly SenderLine[]) {
  const line = lines.find((one) => one.is === 'poll')
  return line?.is === 'poll' ? line.result : undefined
}

function saveChat(
  { language, paths, out, err }: CliContext,
  { chatVariable }: SettingsOf<'telegram'>,
  chat: string,
): number {
  const saved = setEnvVariable(paths.env, chatVariable, chat)
  if (!saved.ok) {
    err(text(language, 'notify.pairNotSaved', { reason: saved.reason }))
    return EXIT.failed
  }
  out(text(language, 'notify.paired'))
  return EXIT.ok
}
