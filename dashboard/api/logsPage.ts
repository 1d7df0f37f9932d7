/** One page of the logs of several processes, newest first, and the mark where the next one begins. */
import { z } from 'zod'
import type { LogLine, Logs } from '../contractViews.ts'
import { type BackReader, type LogPlace, type ReadBudget, readBackwards } from './logsBackwards.ts'
import { LEVELS, type Level, type RoughLine, roughLine, shownLine } from './logsLine.ts'

/** The logs there are: of our processes, and the two ledgers. */
export const LOG_APPS = ['agent', 'watchdog', 'dashboard', 'recovery', 'usage'] as const
export type LogApp = (typeof LOG_APPS)[number]

/** What is asked for. `level` is the least one. */
export type LogQuery = {
  readonly apps: readonly LogApp[]
  readonly level: Level
  readonly text: string
  /** Only lines whose raw text holds this. */
  readonly holds?: string
  readonly limit: number
  readonly before: Mark | undefined
}

/** Where each log goes on; one that is not named is read to its end. */
export type Mark = Readonly<Partial<Record<LogApp, LogPlace>>>

/** So much is read for one page, in bytes. Where nothing fits the filter the page may be short, and goes on at its mark. */
const MOST_READ = 8 * 1_024 * 1_024
/** To mask a byte costs so many times what reading it does, and is taken from the same purse. */
const MASK_WEIGHT = 3

const placeField = z.strictObject({ file: z.string().regex(/^[0-9a-f]{16}$/), end: z.int().min(0) })
const markField = z.partialRecord(z.enum(LOG_APPS), placeField)

/** Reads one page. `redact` is the mask of now. */
export async function readLogPage(
  folder: string,
  query: LogQuery,
  redact: (text: string) => string,
): Promise<Omit<Logs, 'asOf'>> {
  const budget: ReadBudget = { left: MOST_READ }
  const weighed = (text: string) => {
    budget.left -= MASK_WEIGHT * text.length
    return redact(text)
  }
  const sources = await Promise.all(query.apps.map((app) => openSource(folder, app, query, budget)))
  try {
    for (const source of sources) await advance(source)
    const lines: LogLine[] = []
    // Without a budget a source may stand still: what is newer there must not be passed over.
    while (lines.length < query.limit && budget.left > 0) {
      const newest = newestOf(sources)
      if (!newest?.head) break
      const line = chosen(newest.head.rough, newest.app, query, weighed)
      if (line) lines.push(line)
      await advance(newest)
    }
    return { lines, next: markOf(sources) }
  } finally {
    await Promise.all(sources.map(({ reader }) => reader?.close()))
  }
}

/** Reads the mark that a page sent back; undefined for anything else. */
export function readMark(written: string): Mark | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(written, 'base64url').toString('utf8'))
    const parsed = markField.safeParse(value)
    return parsed.success ? (parsed.data as Mark) : undefined
  } catch {
    return undefined
  }
}

type Source = {
  readonly app: LogApp
  readonly reader: BackReader | undefined
  head: { readonly rough: RoughLine; readonly place: LogPlace } | undefined
}

async function openSource(folder: string, app: LogApp, { before }: LogQuery, budget: ReadBudget): Promise<Source> {
  const from = before?.[app]
  // A page that goes on, and names no place here: this log was read to its end.
  if (before && !from) return { app, reader: undefined, head: undefined }
  return { app, reader: await readBackwards(folder, app, { from, budget }), head: undefined }
}

async function advance(source: Source): Promise<void> {
  const neighbourAt = source.head?.rough.at ?? ''
  const line = await source.reader?.next()
  source.head = line && { rough: roughLine(line.bytes, source.app, neighbourAt), place: line.place }
}

function newestOf(sources: readonly Source[]): Source | undefined {
  return sources
    .filter(({ head }) => head !== undefined)
    .reduce<Source | undefined>(
      (best, one) => (best?.head && one.head && best.head.rough.at >= one.head.rough.at ? best : one),
      undefined,
    )
}

/** The line where it fits the filter. Text is looked for in what is shown, so that nobody can ask for a secret piece by piece. */
function chosen(
  rough: RoughLine,
  app: LogApp,
  { level, text, holds = '' }: LogQuery,
  redact: (text: string) => string,
): LogLine | undefined {
  if (LEVELS.indexOf(rough.level) < LEVELS.indexOf(level) || !rough.whole.includes(holds)) return undefined
  const wanted = text.toLowerCase()
  if (wanted && !mayHold(rough.whole, wanted)) return undefined
  const line = shownLine(rough, app, redact)
  return !wanted || `${line.text}\n${line.raw}`.toLowerCase().includes(wanted) ? line : undefined
}

/** Cheap, and right for what JSON writes as it is; a text with other signs is looked for in every line as it is shown. */
function mayHold(whole: string, wanted: string): boolean {
  return /["\\=]/.test(wanted) || whole.toLowerCase().includes(wanted)
}

function markOf(sources: readonly Source[]): string | null {
  const places = sources.flatMap(({ app, reader, head }) => {
    const place = head?.place ?? reader?.place()
    return place ? [[app, place] as const] : []
  })
  if (places.length === 0) return null
  return Buffer.from(JSON.stringify(Object.fromEntries(places))).toString('base64url')
}
