/** The first screen: gathered from both databases and the small files, each part by itself, so that one that cannot be read hides no other. */
import { statSync } from 'node:fs'
import { readBoots } from '../../src/shared/bootledger.ts'
import { type Look, MISSING } from '../../src/shared/heldDatabase.ts'
import type { Language } from '../../src/shared/messages/message.ts'
import { gatherStatus, type Status, startOfDay } from '../../src/shared/status.ts'
import type { Reading } from '../../src/shared/watchdogReader.ts'
import type { DashboardContext } from '../context.ts'
import type { HostNow, Overview } from '../contract.ts'
import { createDayWindow } from './overviewDay.ts'
import { modelFigures, sessionFigures, sum, toolFigures } from './overviewFigures.ts'
import { healingSince, newestIncidents, openIncidents, RECOVERY_DAYS, watchIn } from './overviewIncidents.ts'
import { agentSpent, healerSpent, moneyOf } from './overviewMoney.ts'
import { sentenceOf } from './overviewSentence.ts'
import { remembered } from './remembered.ts'
import { unknownOf } from './unknown.ts'
import { createQuestions } from './waiting.ts'

/** Gives the first screen in a language. */
export type OverviewReader = (language: Language, nowMs: number) => Overview

type OverviewContext = Pick<DashboardContext, 'paths' | 'settings' | 'supervisor' | 'agentDb' | 'watchdogDb'> & {
  /** The machine now, where it is measured. */
  readonly readHost: (nowMs: number) => HostNow | null
}

const SHOWN_INCIDENTS = 5
/** Figures over a sliding window are made anew at least so often, in milliseconds. */
const WINDOW_LASTS_MS = 15_000
/** An answer is given again to whoever asks within this time, in milliseconds. */
const ANSWER_LASTS_MS = 250

/** Makes the reader. What it computed is shared by all who ask. */
export function createOverview(context: OverviewContext): OverviewReader {
  const { agentDb, watchdogDb, settings, paths } = context
  const agentPart = remembered({ make: agentReader(context), version: agentDb.version, lastsMs: WINDOW_LASTS_MS })
  const watchPart = remembered({ make: watchReader(context), version: watchdogDb.version, lastsMs: WINDOW_LASTS_MS })
  const boots = remembered({
    make: () => readBoots(paths.boots),
    version: () => changeOf(paths.boots),
    lastsMs: WINDOW_LASTS_MS,
  })
  const questions = createQuestions(paths.approvals)
  const facts = (nowMs: number) => {
    const agent = agentPart(nowMs)
    const watch = watchPart(nowMs)
    const { unpricedCalls } = agent.figures
    const money = moneyOf({ agent: agent.spent, healerTodayUsd: watch.healerTodayUsd, unpricedCalls, settings }, nowMs)
    const status = statusOf(
      context,
      { watch, boots: boots(nowMs), spentUsd: money.todayUsd + money.healerTodayUsd },
      nowMs,
    )
    return { agent, watch, money, status, waiting: questions(nowMs), host: context.readHost(nowMs) }
  }
  const current = remembered({ make: facts, version: () => '', lastsMs: ANSWER_LASTS_MS })
  return (language, nowMs) => wordOverview(current(nowMs), language, nowMs)
}

function changeOf(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false })
  return stats ? `${stats.ino}:${stats.size}:${stats.mtimeMs}` : ''
}

const NO_FIGURES = { models: [], tools: [], sessions: sessionFigures([]), unpricedCalls: 0 }

function agentReader({ agentDb }: OverviewContext) {
  const day = createDayWindow()
  return (nowMs: number) => {
    const version = agentDb.version()
    const events = agentDb.read((database) => day.read(database, version, nowMs))
    const spent = agentDb.read((database) => agentSpent(database, nowMs))
    const figures = events.ok
      ? {
          models: modelFigures(events.value),
          tools: toolFigures(events.value),
          sessions: sessionFigures(events.value),
          unpricedCalls: sum(events.value, (event) => (event.isPriced || event.tokens === 0 ? 0 : 1)),
        }
      : NO_FIGURES
    return { events, spent, figures }
  }
}

function watchReader({ watchdogDb }: OverviewContext) {
  return (nowMs: number) => {
    const read = <T>(look: (database: Look) => T) => watchdogDb.read(look)
    return {
      watch: read(watchIn),
      newest: read((database) => newestIncidents(database, SHOWN_INCIDENTS)),
      open: read(openIncidents),
      healing: read((database) => healingSince(database, nowMs)),
      healerTodayUsd: read((database) => healerSpent(database, startOfDay(nowMs))),
    }
  }
}

type Gathered = {
  readonly watch: ReturnType<ReturnType<typeof watchReader>>
  readonly boots: ReturnType<typeof readBoots>
  readonly spentUsd: number
}

function statusOf({ paths, supervisor, settings, watchdogDb }: OverviewContext, found: Gathered, now: number): Status {
  const { newest } = found.watch
  // The age of the watch's state grows without a change of the database.
  const watch = watchdogDb.read(watchIn)
  const sources = {
    watch: () => (isMissing(watch) ? { ok: true as const, value: undefined } : watch),
    incidents: () => (isMissing(newest) ? { ok: true as const, value: [] } : newest),
    boots: () => found.boots,
    spentSince: () => found.spentUsd,
  }
  return gatherStatus(paths, supervisor, sources, { limitUsd: settings.budget.dayUsd, now })
}

/** A home in which nothing ran yet has no database: that is said once, among the unknown. */
function isMissing(reading: Reading<unknown>): boolean {
  return !reading.ok && reading.reason === MISSING
}

type Facts = {
  readonly agent: ReturnType<ReturnType<typeof agentReader>>
  readonly watch: Gathered['watch']
  readonly money: Overview['money']
  readonly status: Status
  readonly waiting: ReturnType<ReturnType<typeof createQuestions>>
  readonly host: HostNow | null
}

function wordOverview(
  { agent, watch, money, status, waiting, host }: Facts,
  language: Language,
  nowMs: number,
): Overview {
  const newest = watch.newest.ok ? watch.newest.value : []
  const open = watch.open.ok ? watch.open.value : []
  const incidents = [...open, ...newest.filter(({ id }) => !open.some((one) => one.id === id))]
  const healing = watch.healing.ok ? watch.healing.value : { healed: 0, of: 0, mttrMs: null }
  const { unpricedCalls: _, ...figures } = agent.figures
  return {
    asOf: new Date(nowMs).toISOString(),
    status,
    sentence: sentenceOf(language, status, incidents, nowMs),
    incidents,
    approvalsWaiting: waiting.ok ? waiting.value.filter(({ state }) => state === 'waiting').length : 0,
    money,
    ...figures,
    recovery: { windowDays: RECOVERY_DAYS, ...healing, restarts24h: status.agent.restarts24h },
    host,
    unknown: unknownOf(language, [
      ...[watch.watch, watch.newest, watch.open, watch.healing, watch.healerTodayUsd].map((reading) => ({
        what: 'watchdog.db',
        reading,
      })),
      ...[agent.events, agent.spent].map((reading) => ({ what: 'agent.db', reading })),
      { what: 'approvals', reading: waiting },
    ]),
  }
}
