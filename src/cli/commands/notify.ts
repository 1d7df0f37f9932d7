/** `ottugi notify`: the channels by which a person is reached, and whether they really do. */
import { hostname } from 'node:os'
import type { Command } from 'commander'
import { plainNotice } from '../../alert/compose.ts'
import { sendAndWait } from '../../alert/courier.ts'
import { DELIVERY_LIMIT_MS } from '../../alert/dispatcher.ts'
import type { SenderJob, SenderLine } from '../../alert/job.ts'
import type { ChannelSettings } from '../../shared/config/alertChannels.ts'
import { loadSettings } from '../../shared/config/load.ts'
import { formatProblem } from '../../shared/config/problem.ts'
import type { Settings } from '../../shared/config/schema.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import { phrase } from '../../shared/messages/phrase.ts'
import { text, textOf } from '../../shared/messages/text.ts'
import { alignRows } from '../columns.ts'
import type { CliContext } from '../context.ts'
import { shapeOf } from '../shape.ts'
import { terminalSafe } from '../terminalSafe.ts'
import { pairTelegram } from './notifyPair.ts'

type Options = { readonly json?: boolean; readonly channel?: string }

/** Adds `notify` and its commands. */
export function registerNotify(program: Command, context: CliContext): void {
  const { language } = context
  const notify = program.command('notify').description(text(language, 'notify.about'))
  const json = ['--json', text(language, 'cli.optJsonLines')] as const
  notify
    .command('list', { isDefault: true })
    .description(text(language, 'notify.aboutList'))
    .option(...json)
    .action((options: Options) =>
      context.exit(withSettings(context, (settings) => listChannels(context, settings, options))),
    )
  notify
    .command('test')
    .description(text(language, 'notify.aboutTest'))
    .option('--channel <name>', text(language, 'notify.aboutChannel'))
    .option(...json)
    .action(async (options: Options) =>
      context.exit(await withSettings(context, (settings) => testChannels(context, settings, options))),
    )
  notify
    .command('pair')
    .argument('<type>', 'telegram')
    .description(text(language, 'notify.aboutPair'))
    .option('--channel <name>', text(language, 'notify.aboutChannel'))
    .option('--for <duration>', text(language, 'notify.aboutPairFor'), '10m')
    .action(async (_type: string, options: { readonly channel?: string; readonly for: string }) =>
      context.exit(await withSettings(context, (settings) => pairTelegram(context, settings, options))),
    )
}

/** The settings as the watchdog will read them, or what is wrong with them. */
function withSettings<Code extends number | Promise<number>>(
  { paths, environment, language, err }: CliContext,
  work: (settings: Settings) => Code,
): Code | number {
  const loaded = loadSettings({ settingsFile: paths.settings, envFile: paths.env, environment })
  if (loaded.ok) return work(loaded.settings)
  for (const problem of loaded.problems) err(formatProblem(problem, language))
  return EXIT.refused
}

/** `notify list`. Shows no secret: there is none in the settings. */
export function listChannels(context: CliContext, { alerts }: Settings, options: Options): number {
  const { language, out, paths } = context
  if (options.json) for (const channel of alerts.channels) out(JSON.stringify(channel))
  else if (alerts.channels.length === 0) out(text(language, 'notify.none', { folder: paths.alerts }))
  else
    for (const row of alignRows(
      alerts.channels.map(({ name, type, minSeverity, step }) => [
        name,
        type,
        text(language, 'notify.row', { severity: minSeverity, step }),
      ]),
    ))
      out(row)
  return EXIT.ok
}

/** `notify test`: the way that a real alert goes, from the sender on. */
export async function testChannels(context: CliContext, settings: Settings, options: Options): Promise<number> {
  const { language, err, paths, environment } = context
  const all = settings.alerts.channels
  const meant = options.channel === undefined ? all : all.filter(({ name }) => name === options.channel)
  if (all.length === 0) {
    err(text(language, 'notify.none', { folder: paths.alerts }))
    return EXIT.failed
  }
  if (meant.length === 0) {
    const names = all.map(({ name }) => name).join(', ')
    err(text(language, 'notify.unknownChannel', { name: terminalSafe(options.channel ?? ''), names }))
    return EXIT.usage
  }
  const home = { paths, environment, passEnv: settings.supervisor.passEnv }
  const lines = await sendAndWait(home, testJob(context, settings, meant), 2 * DELIVERY_LIMIT_MS)
  const results = meant.map((channel) => resultOf(channel, lines))
  for (const result of results) tellResult(context, result, options)
  return results.every(({ delivery }) => delivery.ok) ? EXIT.ok : EXIT.failed
}

type Result = ReturnType<typeof resultOf>

function tellResult(context: CliContext, { channel, delivery }: Result, options: Options): void {
  const { language, out } = context
  const { name, type } = channel
  const reason = delivery.ok ? null : textOf(language, delivery.reason)
  if (options.json) return out(JSON.stringify({ channel: name, type, ok: delivery.ok, reason }))
  const said = reason === null ? text(language, 'notify.sent') : text(language, 'notify.notSent', { reason })
  out(`${shapeOf(context, delivery.ok ? 'well' : 'wrong')} ${name} (${type}): ${terminalSafe(said)}`)
}

function testJob(
  { paths, language }: CliContext,
  { alerts }: Settings,
  channels: readonly ChannelSettings[],
): SenderJob {
  const wall = Date.now()
  const voice = { language, host: hostname(), link: alerts.link, timeZone: alerts.timeZone, wall }
  const body = text(language, 'notify.testBody')
  const jobs = channels.map((channel) => ({
    channel,
    notices: [plainNotice('test', { key: `-.test.${wall.toString(36)}.${channel.name}`, body }, voice)],
  }))
  return { envFile: paths.env, deadlineMs: DELIVERY_LIMIT_MS, channels: jobs }
}

function resultOf(channel: ChannelSettings, lines: readonly SenderLine[]) {
  const line = lines.find((one) => one.is === 'delivery' && one.channel === channel.name)
  const silent = { ok: false, kind: 'retry', reason: phrase('notify.why.child') } as const
  return { channel, delivery: line?.is === 'delivery' ? line.delivery : silent }
}
