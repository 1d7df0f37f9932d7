import type { Request, RequestHandler, Response } from 'express'
import { SERIES } from '../../src/shared/metrics/seriesNames.ts'
import { MOST_POINTS, readSeries } from '../../src/shared/metrics/seriesReader.ts'
import type { DashboardContext } from '../context.ts'
import type { Series } from '../contractViews.ts'
import { languageOf } from '../language.ts'
import { countIn, sendBadRequest, sendUnread, textParameter } from './reading.ts'
import { csvOf } from './seriesCsv.ts'
import { theDatabase } from './theDatabase.ts'

const DAY_MS = 86_400_000
const POINTS = 300
/** Nothing is kept longer; what lies further apart is a mistake. */
const LONGEST_MS: number = 500 * DAY_MS

/** `GET /api/series?name=&from=&to=&points=&format=`: see the contract. `from` and `to` are ISO times or milliseconds; default: the last 24 hours. */
export function seriesRoute(context: Pick<DashboardContext, 'watchdogDb' | 'language'>): RequestHandler {
  return (request, response) => {
    const nowMs = Date.now()
    const question = questionIn(request, nowMs)
    if (typeof question === 'string') return sendBadRequest(response, question)
    const reading = context.watchdogDb.read((database) => readSeries(database.prepared(theDatabase), question))
    if (!reading.ok) return sendUnread(response, languageOf(request, context), 'watchdog.db', reading.reason)
    send(response, { asOf: new Date(nowMs).toISOString(), ...reading.value }, textParameter(request, 'format'))
  }
}

function send(response: Response, series: Series, format: string): void {
  response.set('Cache-Control', 'no-store')
  if (format !== 'csv') return void response.json(series)
  const name = `ottugi-${series.asOf.slice(0, 19).replaceAll(':', '-')}.csv`
  response.set('Content-Disposition', `attachment; filename="${name}"`)
  response.type('text/csv; charset=utf-8').send(csvOf(series))
}

type Question = Parameters<typeof readSeries>[1]

/** What is asked for, or what is wrong with it, in a sentence. */
function questionIn(request: Request, nowMs: number): Question | string {
  const format = textParameter(request, 'format')
  if (!['', 'json', 'csv'].includes(format)) return 'format: expected json or csv.'
  const names = [...new Set(textParameter(request, 'name').split(',').filter(Boolean))]
  const stranger = names.find((name) => !SERIES.has(name))
  if (names.length === 0 || stranger !== undefined) {
    return `name: expected some of ${[...SERIES.keys()].join(', ')}, separated by commas.`
  }
  const points = countIn(request, 'points', { initial: POINTS, most: MOST_POINTS })
  if (points === undefined) return `points: expected a whole number from 1 to ${MOST_POINTS}.`
  const toMs = timeIn(request, 'to', nowMs)
  const fromMs = timeIn(request, 'from', (toMs ?? nowMs) - DAY_MS)
  if (toMs === undefined || fromMs === undefined)
    return 'from, to: expected a time (ISO 8601) or milliseconds since 1970.'
  if (fromMs >= toMs || toMs - fromMs > LONGEST_MS)
    return 'from, to: expected a beginning before an end, at most 500 days apart.'
  return { names, fromMs, toMs, points, nowMs }
}

/** No later than the end of the year 9999. */
const LAST_MS = 253_402_300_800_000

function timeIn(request: Request, name: string, initial: number): number | undefined {
  const given = textParameter(request, name)
  if (given === '') return initial
  const ms = /^\d{1,15}$/.test(given) ? Number(given) : given.length <= 40 ? Date.parse(given) : Number.NaN
  return ms >= 0 && ms <= LAST_MS ? ms : undefined
}
