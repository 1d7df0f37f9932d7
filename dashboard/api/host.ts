import type { RequestHandler } from 'express'
import { SERIES } from '../../src/shared/metrics/seriesNames.ts'
import type { DashboardContext } from '../context.ts'
import type { Host } from '../contractViews.ts'
import { languageOf } from '../language.ts'
import type { ReadMachine } from './hostMachine.ts'
import type { ReadHost } from './hostNow.ts'
import { unknownOf } from './unknown.ts'

type Parts = Pick<DashboardContext, 'watchdogDb' | 'language'> & {
  readonly readHost: ReadHost
  readonly readMachine: ReadMachine
}

/** `GET /api/host`: the machine now, what it is, and which series there are. */
export function hostRoute({ readHost, readMachine, watchdogDb, ...parts }: Parts): RequestHandler {
  return async (request, response) => {
    const machine = await readMachine()
    const nowMs = Date.now()
    const written = watchdogDb.read((database) => database.get('SELECT 1 FROM metric_seconds LIMIT 1') !== undefined)
    const host: Host = {
      asOf: new Date(nowMs).toISOString(),
      now: readHost(nowMs),
      machine,
      series: [...SERIES.keys()],
      unknown: unknownOf(languageOf(request, parts), [{ what: 'watchdog.db', reading: written }]),
    }
    response.json(host)
  }
}
