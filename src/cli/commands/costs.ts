/** `ottugi costs`: what the models cost, by model, day, session or job. Reads the journal; nothing needs to run. */
import type { Command } from 'commander'
import { loadSettings } from '../../shared/config/load.ts'
import type { Settings } from '../../shared/config/schema.ts'
import { type CostKey, type CostRow, type CostSum, groupCosts, readCosts, sumCosts } from '../../shared/costsReader.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import { text } from '../../shared/messages/text.ts'
import { startOfMonth } from '../../shared/startOfMonth.ts'
import { startOfDay } from '../../shared/status.ts'
import type { CliContext } from '../context.ts'
import { parseDuration } from '../duration.ts'
import { terminalSafe } from '../terminalSafe.ts'
import { costLines, csvLines } from './costsTable.ts'
import { interrupted, watchCosts } from './costsWatch.ts'

type Options = {
  readonly by?: string
  readonly since?: string
  readonly json?: boolean
  readonly csv?: boolean
  readonly watch?: boolean
}

/** What `costs` has to say. `spend` is of today and this month, against the limits where the settings can be read. */
export type Costs = {
  readonly by: CostKey
  readonly since: string
  readonly groups: readonly { readonly key: string | null; readonly sum: CostSum }[]
  readonly total: CostSum
  readonly spend: Spend
}

/** Spending against its limits; null: no limit, or the settings cannot be read. */
export type Spend = {
  readonly todayUsd: number
  readonly dayLimitUsd: number | null
  readonly todayTokens: number
  readonly dayLimitTokens: number | null
  readonly monthUsd: number
  readonly monthLimitUsd: number | null
}

/** Adds `costs`. */
export function registerCosts(program: Command, context: CliContext): void {
  const { language } = context
  program
    .command('costs')
    .description(text(language, 'costs.about'))
    .option('--by <what>', text(language, 'costs.optBy'), 'model')
    .option('--since <when>', text(language, 'costs.optSince'), '30d')
    .option('--json', text(language, 'cli.optJson'))
    .option('--csv', text(language, 'costs.optCsv'))
    .option('--watch', text(language, 'costs.optWatch'))
    .action(async (options: Options) => context.exit(await costs(context, options)))
}

/** Prints the table, or what a program wants; with --watch until it is interrupted. */
export async function costs(context: CliContext, options: Options): Promise<number> {
  const { language, err, paths, isTerminal } = context
  const asked = parse(options, Date.now())
  if (!asked.ok) {
    err(text(language, asked.key, { got: terminalSafe(asked.got) }))
    return EXIT.usage
  }
  if (!options.watch) return show(context, asked, options)
  if (!isTerminal || options.json || options.csv) {
    err(text(language, 'costs.watchNeedsTerminal'))
    return EXIT.usage
  }
  const draw = () => void show(context, asked, options)
  await watchCosts({ folder: paths.data, draw, out: context.out, until: interrupted() })
  return EXIT.ok
}

function show(context: CliContext, { by, sinceMs }: Asked, options: Options): number {
  const { language, out, err } = context
  const read = collect(context, by, sinceMs)
  if (!read.ok) {
    err(text(language, 'costs.unreadable', { reason: terminalSafe(read.reason) }))
    return EXIT.failed
  }
  if (options.json) out(JSON.stringify(read.costs, null, 2))
  else for (const line of options.csv ? csvLines(read.costs) : costLines(language, read.costs)) out(line)
  return EXIT.ok
}

type Collected = { readonly ok: true; readonly costs: Costs } | { readonly ok: false; readonly reason: string }

function collect({ paths, environment }: CliContext, by: CostKey, sinceMs: number): Collected {
  const nowMs = Date.now()
  const monthMs = startOfMonth(nowMs)
  const read = readCosts(paths.agentDb, new Date(Math.min(sinceMs, monthMs)).toISOString())
  if (!read.ok) return read
  const loaded = loadSettings({ settingsFile: paths.settings, envFile: paths.env, environment })
  const since = new Date(sinceMs).toISOString()
  const rows = read.value.filter(({ at }) => at >= since)
  const groups = groupCosts(rows, by)
  const spend = spendOf(read.value, loaded.ok ? loaded.settings.budget : undefined, nowMs)
  return { ok: true, costs: { by, since, groups, total: sumCosts(rows), spend } }
}

function spendOf(rows: readonly CostRow[], budget: Settings['budget'] | undefined, nowMs: number): Spend {
  const since = (ms: number) => {
    const at = new Date(ms).toISOString()
    return sumCosts(rows.filter((row) => row.at >= at))
  }
  const today = since(startOfDay(nowMs))
  return {
    todayUsd: today.usd,
    dayLimitUsd: budget?.dayUsd ?? null,
    todayTokens: today.inputTokens + today.outputTokens,
    dayLimitTokens: budget?.dayTokens || null,
    monthUsd: since(startOfMonth(nowMs)).usd,
    monthLimitUsd: budget?.monthUsd || null,
  }
}

type Asked = { readonly by: CostKey; readonly sinceMs: number }
type Parsed =
  | ({ readonly ok: true } & Asked)
  | { readonly ok: false; readonly key: 'costs.badBy' | 'costs.badSince'; readonly got: string }

const KEYS: readonly CostKey[] = ['model', 'day', 'session', 'job']

function parse({ by = 'model', since = '30d' }: Options, nowMs: number): Parsed {
  const key = KEYS.find((one) => one === by)
  if (!key) return { ok: false, key: 'costs.badBy', got: by }
  const sinceMs = momentOf(since, nowMs)
  return sinceMs === undefined ? { ok: false, key: 'costs.badSince', got: since } : { ok: true, by: key, sinceMs }
}

const DAY_MS = 86_400_000

/** `90m`, `12h`, `7d` before now, or the beginning of a day of the reader's zone. */
function momentOf(given: string, nowMs: number): number | undefined {
  const date = /^(\d{4})-(\d\d)-(\d\d)$/.exec(given)
  if (date) {
    const at = new Date(Number(date[1]), Number(date[2]) - 1, Number(date[3]))
    // A day that no month has becomes one of the next.
    return at.getDate() === Number(date[3]) && at.getMonth() === Number(date[2]) - 1 ? at.getTime() : undefined
  }
  const days = /^(\d{1,5})d$/.exec(given)
  const ms = days ? Number(days[1]) * DAY_MS : parseDuration(given)
  return ms !== undefined && ms > 0 && ms < nowMs ? nowMs - ms : undefined
}
