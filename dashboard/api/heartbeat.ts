/** `GET /api/heartbeat`: how it was, cell by cell. */
import type { RequestHandler } from 'express'
import { readHeartbeat } from '../../src/shared/metrics/heartbeatReader.ts'
import type { Reading } from '../../src/shared/watchdogReader.ts'
import type { DashboardContext } from '../context.ts'
import { HEARTBEAT_WINDOWS, type Heartbeat, type HeartbeatWindow } from '../contract.ts'
import { languageOf } from '../language.ts'
import { sendBadRequest, textParameter } from './reading.ts'
import { remembered } from './remembered.ts'
import { theDatabase } from './theDatabase.ts'
import { unknownOf } from './unknown.ts'

type HeartbeatContext = Pick<DashboardContext, 'language' | 'watchdogDb'>

/** The newest cell grows: made anew at least so often, in milliseconds. */
const LASTS_MS = 5_000
const HOUR_MS = 3_600_000
/** What cannot be read is a bar of cells that nothing is known of. */
const EMPTY: Readonly<Record<HeartbeatWindow, { readonly cellMs: number; readonly length: number }>> = {
  '24h': { cellMs: HOUR_MS / 4, length: 96 },
  '7d': { cellMs: 2 * HOUR_MS, length: 84 },
  '90d': { cellMs: 24 * HOUR_MS, length: 90 },
}

/** The bar of a window; 24 hours where none is named. */
export function heartbeatRoute(context: HeartbeatContext): RequestHandler {
  const { watchdogDb } = context
  const readers = new Map<string, (nowMs: number) => Reading<Omit<Heartbeat, 'asOf'>>>()
  const readerOf = (window: HeartbeatWindow) => {
    const make = (nowMs: number) =>
      watchdogDb.read(({ prepared }) => readHeartbeat(prepared(theDatabase), window, nowMs))
    const reader = readers.get(window) ?? remembered({ make, version: watchdogDb.version, lastsMs: LASTS_MS })
    readers.set(window, reader)
    return reader
  }
  return (request, response) => {
    const asked = textParameter(request, 'window') || '24h'
    const window = HEARTBEAT_WINDOWS.find((one) => one === asked)
    if (!window) return sendBadRequest(response, `window: expected ${HEARTBEAT_WINDOWS.join(', ')}.`)
    const nowMs = Date.now()
    const reading = readerOf(window)(nowMs)
    const unknown = unknownOf(languageOf(request, context), [{ what: 'watchdog.db', reading }])
    response.json({
      asOf: new Date(nowMs).toISOString(),
      ...(reading.ok ? reading.value : emptyBar(window, nowMs)),
      ...(unknown.length > 0 && { unknown }),
    } satisfies Heartbeat)
  }
}

function emptyBar(window: HeartbeatWindow, nowMs: number): Omit<Heartbeat, 'asOf'> {
  const { cellMs, length } = EMPTY[window]
  const lastMs = Math.floor(nowMs / cellMs) * cellMs
  const cells = Array.from({ length }, (_, index) => ({
    at: new Date(lastMs - (length - 1 - index) * cellMs).toISOString(),
    word: 'unknown' as const,
    downMs: 0,
    incidents: 0,
  }))
  return { window, cellMs, cells, available: null }
}
