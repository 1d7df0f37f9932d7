/** The routes beside the conversation: tools, models, sessions, schedule. Loaded after the agent is ready. */
import express, { Router } from 'express'
import type { Settings } from '../../shared/config/schema.ts'
import { requireScope } from '../../shared/http/bearer.ts'
import { methodNotAllowed } from '../../shared/http/problem.ts'
import { homePaths } from '../../shared/paths.ts'
import type { Token } from '../../shared/tokens.ts'
import type { Memory } from '../memory.ts'
import type { AgentGate } from '../modelGate.ts'
import type { ModelFacts } from '../modelWords.ts'
import { proposeWith } from '../schedule/propose.ts'
import type { Scheduling } from '../scheduling.ts'
import type { Tooling } from '../tooling.ts'
import { sweepRoute } from './dataRoutes.ts'
import { modelTestRoute } from './modelRoutes.ts'
import { scheduleRoutes } from './scheduleRoutes.ts'
import { sessionRoutes } from './sessionRoutes.ts'
import { toolsRoute } from './toolRoutes.ts'

/** What they work with. */
export type FurtherParts = Pick<ModelFacts, 'language' | 'home'> & {
  readonly settings: Settings
  readonly readTokens: () => readonly Token[]
  readonly tooling: Tooling
  readonly gate: AgentGate
  readonly memory: Memory
  readonly scheduling: Scheduling
  /** Aborted when this process begins to leave. */
  readonly leaving: AbortSignal
}

/** All of them, to be mounted at the root. */
export async function furtherRoutes(parts: FurtherParts): Promise<Router> {
  const { settings, readTokens, tooling, gate, memory, scheduling, leaving, language, home } = parts
  const [read, chat] = [requireScope('read', readTokens), requireScope('chat', readTokens)]
  const { table, whyOff } = await tooling.load()
  const router = Router()
  const { available } = tooling.runner
  router
    .route('/api/tools')
    .get(read, toolsRoute({ tools: table, available, whyOff }))
    .all(methodNotAllowed('GET', 'HEAD'))
  const json = express.json({ limit: '16kb', strict: true, type: 'application/json' })
  router
    .route('/api/models/test')
    .post(chat, json, modelTestRoute({ ask: gate.askAside }))
    .all(methodNotAllowed('POST'))
  router
    .route('/api/data/sweep')
    .post(requireScope('admin', readTokens), json, sweepRoute({ file: homePaths(home).agentDb }))
    .all(methodNotAllowed('POST'))
  router.use(sessionRoutes({ ...memory, readTokens }))
  router.use(
    scheduleRoutes({
      schedule: scheduling.schedule,
      ...{ language, home, readTokens },
      nowMs: Date.now,
      eventsPerHour: settings.schedule.eventsPerHour,
      propose: proposeWith((request) => gate.askAside(request, leaving)),
    }),
  )
  return router
}
