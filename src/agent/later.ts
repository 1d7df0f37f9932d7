/** What is loaded after the agent is ready, so that its start stays short: tools, schedule, and the routes to them. */
import type { Router } from 'express'
import type { Settings } from '../shared/config/schema.ts'
import type { Logger } from '../shared/log.ts'
import type { HomePaths } from '../shared/paths.ts'
import type { GuardedJournal } from './journal/guardedJournal.ts'
import type { Parts } from './parts.ts'
import type { Scheduling } from './scheduling.ts'

/** What it works with. */
export type LaterInput = {
  readonly paths: HomePaths
  readonly settings: Settings
  readonly journal: GuardedJournal
  readonly log: Logger
  readonly parts: Parts
  /** Aborted when this process begins to leave. */
  readonly leaving: AbortSignal
}

/** The later part of the agent. */
export type Later = {
  /** Loads the tools and the way to the model, or looks for one on this machine where no key is set. */
  readonly load: () => Promise<void>
  /** Loads what holds every tool call to the rules, where no call has done so yet. */
  readonly loadGates: () => Promise<void>
  /** The routes, loaded at the first call. */
  readonly routes: () => Promise<Router>
  /** Begins what the schedule says. */
  readonly startSchedule: () => Promise<void>
  /** Nothing begins any more. */
  readonly stop: () => Promise<void>
}

/** Builds it; nothing is loaded yet. */
export function createLater({ paths, settings, journal, log, parts, leaving }: LaterInput): Later {
  const { runs, tooling, gate, memory, readTokens, modelFacts, lacksKey } = parts
  let scheduling: Promise<Scheduling> | undefined
  let router: Promise<Router> | undefined
  const openSchedule = () => {
    scheduling ??= import('./scheduling.ts').then(({ openScheduling }) =>
      openScheduling({ paths, settings, journal, runs, log }),
    )
    return scheduling
  }
  const openRoutes = async () => {
    const [{ furtherRoutes }, opened] = await Promise.all([import('./http/furtherRoutes.ts'), openSchedule()])
    const { language, home } = modelFacts
    return furtherRoutes({ language, home, settings, readTokens, tooling, gate, memory, scheduling: opened, leaving })
  }
  return {
    load: async () => {
      // What is wrong with the schedule is said when it is begun: the other parts do not wait for that.
      const schedule = openSchedule().catch(() => undefined)
      await Promise.all([tooling.load(), schedule, lacksKey() ? gate.findLocal() : gate.warm()])
      // Made out of every schema, once.
      tooling.offers()
    },
    loadGates: async () => tooling.gates.ready?.(),
    routes: () => {
      router ??= openRoutes()
      return router
    },
    startSchedule: async () => {
      const { start } = await openSchedule()
      if (!leaving.aborted) start()
    },
    stop: async () => (await scheduling)?.stop(),
  }
}
