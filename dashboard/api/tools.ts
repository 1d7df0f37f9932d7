/** `GET /api/tools`: what the running agent offers, how it went in the last 24 hours, and its jobs. */
import type { RequestHandler } from 'express'
import { type Look, MISSING } from '../../src/shared/heldDatabase.ts'
import { callAgent } from '../../src/shared/http/agentApi.ts'
import { text } from '../../src/shared/messages/text.ts'
import { type JobRow, jobOfRow } from '../../src/shared/schedule/scheduleReader.ts'
import type { DashboardContext } from '../context.ts'
import type { ToolFigures } from '../contract.ts'
import type { ToolLine, Tools } from '../contractViews.ts'
import { languageOf } from '../language.ts'
import { createDayWindow } from './overviewDay.ts'
import { toolFigures } from './overviewFigures.ts'
import { remembered } from './remembered.ts'
import { unknownOf } from './unknown.ts'

type ToolContext = Pick<DashboardContext, 'language' | 'paths' | 'agentDb'>

/** A page waits no longer for an agent that hangs, in milliseconds. */
const DEADLINE_MS = 1_000
const FIGURES_LAST_MS = 15_000

/** While the agent is down `tools` is null; figures and jobs come out of its database. */
export function toolsRoute(context: ToolContext): RequestHandler {
  const { agentDb, paths } = context
  const day = createDayWindow()
  const figures = remembered({
    make: (nowMs) => {
      const version = agentDb.version()
      return agentDb.read((database): ToolFigures[] => toolFigures(day.read(database, version, nowMs)))
    },
    version: agentDb.version,
    lastsMs: FIGURES_LAST_MS,
  })
  return async (request, response) => {
    const language = languageOf(request, context)
    const tools = await askTools(paths)
    const counted = figures(Date.now())
    const jobs = agentDb.read(jobsIn)
    const unread = unknownOf(
      language,
      [counted, jobs].filter(isBroken).map((reading) => ({ what: 'agent.db', reading })),
    )
    const unasked = tools ? [] : [{ what: 'agent', why: text(language, 'dashboardServer.agentDown') }]
    response.json({
      asOf: new Date().toISOString(),
      tools,
      figures: counted.ok ? counted.value : [],
      jobs: jobs.ok ? jobs.value : [],
      ...(unread.length + unasked.length > 0 && { unknown: [...unasked, ...unread] }),
    } satisfies Tools)
  }
}

/** A home without a journal has no figures, and lacks none. */
function isBroken(reading: { readonly ok: boolean; readonly reason?: string }): boolean {
  return !reading.ok && reading.reason !== MISSING
}

async function askTools(paths: DashboardContext['paths']): Promise<ToolLine[] | null> {
  const signal = AbortSignal.timeout(DEADLINE_MS)
  const result = await callAgent(paths, { path: '/api/tools', scope: 'read', signal })
  const listed = result.ok ? (result.value as { tools?: unknown } | null)?.tools : undefined
  return Array.isArray(listed) ? listed.map(lineOf) : null
}

function lineOf(given: unknown): ToolLine {
  const { name, description, safety, risk, isOn } = (given ?? {}) as Partial<Record<string, unknown>>
  return {
    name: String(name ?? ''),
    description: String(description ?? ''),
    safety: String(safety ?? ''),
    risk: typeof risk === 'number' ? risk : 0,
    available: isOn === true,
    why: null,
  }
}

function jobsIn(database: Look): Tools['jobs'] {
  if (!database.get("SELECT 1 FROM sqlite_schema WHERE name = 'slots'")) return []
  return database.all<JobRow>('SELECT data, paused, next_ms FROM jobs ORDER BY created_ms, id').map(jobOfRow)
}
