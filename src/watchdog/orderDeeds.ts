/** How each order of a person is carried out, with the means that the watchdog has anyway. A deed that takes time is started, and tells later. */
import { appendBoot } from '../shared/bootledger.ts'
import { type Instant, now } from '../shared/clock.ts'
import { loadSettings } from '../shared/config/load.ts'
import { formatProblem } from '../shared/config/problem.ts'
import { readDesired } from '../shared/desired.ts'
import { type Identity, signalIdentity } from '../shared/identity.ts'
import type { Logger } from '../shared/log.ts'
import { beginMaintenance, endMaintenance } from '../shared/maintenance.ts'
import type { Language } from '../shared/messages/message.ts'
import { type Phrase, phrase } from '../shared/messages/phrase.ts'
import type { Order } from '../shared/orderFiles.ts'
import type { HomePaths } from '../shared/paths.ts'
import { npmOrOttugi } from '../shared/printedCommand.ts'
import { readLiving } from '../shared/runtimeFile.ts'
import type { Supervisor } from '../shared/supervisor/supervisor.ts'
import { askGuardian, type WishResult } from './guardianWish.ts'
import { ASKED, askSafeMode } from './safeModeJob.ts'

/** What the deeds work with. */
export type DeedParts = {
  readonly paths: HomePaths
  readonly environment: NodeJS.ProcessEnv
  readonly supervisor: Pick<Supervisor, 'start'>
  readonly log: Logger
  readonly language: Language
  /** The state of the watch, in its own word. */
  readonly state: () => string
}

/** How a deed went, in words for people. `ended` names the agent that was asked to end, `killed` the one that was killed for a drill. */
export type DeedResult = {
  readonly ok: boolean
  readonly words: Phrase
  readonly ended?: Identity
  readonly killed?: Identity
}

/** Carries an order out; `told` is called once, at once or later. */
export function performOrder(parts: DeedParts, order: Order, told: (result: DeedResult) => void): void {
  switch (order.order) {
    case 'maintenance-on':
      return told(startMaintenance(parts, order, now()))
    case 'maintenance-off':
      return told(
        did(endMaintenance(parts.paths) ? phrase('actions.maintenanceOff') : phrase('actions.maintenanceNone')),
      )
    case 'restart':
      return restart(parts, told)
    case 'drill':
      return told(drill(parts))
    case 'safe-mode-on':
    case 'safe-mode-off': {
      const isOn = order.order === 'safe-mode-on'
      const done = isOn ? phrase('actions.safeModeOn') : phrase('actions.safeModeOff')
      return askSafeMode(parts, isOn, order.by, (result) => told(ofGuardian(result, done)))
    }
    case 'roll-back-settings':
      return askGuardian(parts, ['roll-back-settings'], (result) =>
        told(ofGuardian(result, phrase('actions.settingsRolledBack'))),
      )
  }
}

const MS_A_MINUTE = 60_000

function startMaintenance({ paths }: DeedParts, { minutes, reason }: Order, at: Instant): DeedResult {
  const { until } = beginMaintenance(paths, (minutes ?? 0) * MS_A_MINUTE, reason, at)
  return did(phrase('actions.maintenanceOn', { until }))
}

/** As `ottugi restart` does it: never with settings that a start would refuse, and never against a stop that was wished. */
function restart(parts: DeedParts, told: (result: DeedResult) => void): void {
  const { paths, supervisor } = parts
  const refusal = notWished(parts) ?? brokenSettings(parts)
  if (refusal) return told(refusal)
  appendBoot(paths.boots, 'agent', { kind: 'reset', reason: ASKED })
  const living = readLiving(paths, 'agent')
  if (living) {
    signalIdentity(living, 'SIGCONT')
    signalIdentity(living, 'SIGTERM')
    return told({ ...did(phrase('actions.restartAsked')), ended: living })
  }
  supervisor.start(['agent']).then(
    (result) => told(result.ok ? did(phrase('actions.startAsked')) : failed(result.reason)),
    (error) => told(failed(String(error))),
  )
}

/** A fire drill: the agent is killed as if it had crashed, and everything else must happen by itself. */
function drill(parts: DeedParts): DeedResult {
  const refusal = notWished(parts)
  if (refusal) return refusal
  const state = parts.state()
  const living = readLiving(parts.paths, 'agent')
  if (state !== 'healthy' || !living || !signalIdentity(living, 'SIGKILL', true)) {
    return refused(phrase('actions.drillNotHealthy', { state }))
  }
  return { ...did(phrase('actions.drillBegun')), killed: living }
}

function notWished({ paths }: DeedParts): DeedResult | undefined {
  if (readDesired(paths.desired) === 'running') return undefined
  return refused(phrase('actions.stopWanted', { command: npmOrOttugi('start', paths.home) }))
}

function brokenSettings({ paths, environment, language }: DeedParts): DeedResult | undefined {
  const loaded = loadSettings({ settingsFile: paths.settings, envFile: paths.env, environment })
  if (loaded.ok) return undefined
  const problem = loaded.problems.map((one) => formatProblem(one, language)).join(' ')
  return refused(phrase('actions.settingsInvalid', { problem }))
}

function ofGuardian(result: WishResult, done: Phrase): DeedResult {
  return result.ok ? did(done) : refused(phrase('actions.refusedByGuardian', { reason: result.reason }))
}

function did(words: Phrase): DeedResult {
  return { ok: true, words }
}

function refused(words: Phrase): DeedResult {
  return { ok: false, words }
}

/** A deed that did not work, with the machine's reason. */
export function failed(reason: string): DeedResult {
  return refused(phrase('actions.failed', { reason }))
}
