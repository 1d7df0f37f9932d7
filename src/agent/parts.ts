/** The parts of the agent and how they hang together. Nothing here listens or begins to work; that is the start's. */
import { needsKey } from '../model/gate.ts'
import { now } from '../shared/clock.ts'
import { type Boot, messageOf } from '../shared/entry.ts'
import type { HealthCheck } from '../shared/health.ts'
import { heapLimitMb } from '../shared/heapLimit.ts'
import { ownIdentity } from '../shared/identity.ts'
import type { Logger } from '../shared/log.ts'
import { chooseLanguage } from '../shared/messages/text.ts'
import { tokensFrom } from '../shared/tokens.ts'
import type { Cleared } from './cleared.ts'
import { watchDisk } from './health/diskHealth.ts'
import { watchInputs } from './health/inputsWatch.ts'
import { createModelHealth } from './health/modelHealth.ts'
import { watchProcess } from './health/processHealth.ts'
import type { Checks } from './health/report.ts'
import type { GuardedJournal } from './journal/guardedJournal.ts'
import type { Departure } from './leave.ts'
import type { Unhurried } from './link/unhurried.ts'
import { openMemory } from './memory.ts'
import { openModelGate } from './modelGate.ts'
import { createApprovals } from './runs/approvals.ts'
import { isDeadOwner, ownerName } from './runs/owner.ts'
import { watchParked } from './runs/parkedWatch.ts'
import { DEFAULT_LIMITS, type LoopLimits } from './runs/ports.ts'
import { createRuns, type Runs } from './runs/runs.ts'
import { createTooling } from './tooling.ts'

/** What they are built from. */
export type PartsInput = {
  readonly boot: Boot
  readonly environment: NodeJS.ProcessEnv
  readonly preflight: Cleared
  readonly journal: GuardedJournal
  readonly log: Logger
  readonly unhurried: Unhurried
  /** What may make this process leave by itself. */
  readonly leaving: { readonly onGoodSettings: () => void; readonly onLeak: (departure: Departure) => void }
}

/** Everything that the agent is made of. */
export type Parts = ReturnType<typeof buildParts>

/** Builds it. */
export function buildParts(input: PartsInput) {
  const { boot, environment, preflight, journal, log } = input
  const { settings, secrets } = preflight
  const { paths } = boot
  const { model } = settings
  const language = chooseLanguage(settings.language, environment)
  const modelFacts = { language, home: paths.home, keyVariable: model.keyVariable, budget: settings.budget }
  // The watch calls back only after its first look, when everything below exists.
  let onSecrets = () => {}
  const inputs = watchInputs({
    input: { settingsFile: paths.settings, envFile: paths.env, environment },
    ...{ language, secrets },
    onSecrets: () => onSecrets(),
    onGoodSettings: input.leaving.onGoodSettings,
  })
  const readSecret = (variable: string) => inputs.secrets().get(variable) || undefined
  const lacksKey = () => needsKey(model.baseUrl) && !readSecret(model.keyVariable)
  const modelHealth = createModelHealth({ ...modelFacts, lacksKey })
  const gate = openModelGate({ settings, language, readSecret, journal, logs: paths.logs, health: modelHealth })
  const tooling = createTooling({ paths, settings, readSecret, log, unhurried: input.unhurried })
  const memory = openMemory({ paths, settings, journal, gate, tooling })
  const parked = watchParked({ paths, language, onReleased: () => void runs.resumeUnfinished() })
  const { runner, gates, tools } = tooling
  const runs: Runs = createRuns({
    ...{ journal, gate, runner, gates, tools },
    owner: ownerName(ownIdentity()),
    isDead: isDeadOwner,
    approvals: createApprovals({ folder: paths.approvals, now, lastsMs: settings.agent.approvalLastsMs }),
    assemble: memory.assemble,
    readParked: parked.read,
    limits: limitsOf(preflight),
    nowMs: Date.now,
    onStorageError: (error) => log.error({ error: messageOf(error) }, 'a run cannot be written down'),
  })
  onSecrets = () => {
    modelHealth.forget()
    log.info('the secrets in .env changed')
    void runs.resumeUnfinished()
  }
  const process = watchProcess({
    language,
    maxHeapMb: heapLimitMb(paths, settings.agent.maxHeapMb),
    onFull: (reason) => boot.fail(reason),
    onLeak: input.leaving.onLeak,
  })
  const checks: Checks = {
    ...degradedChecks(preflight),
    disk: watchDisk({ language, home: paths.home, onRoom: () => void runs.resumeUnfinished() }),
    journal: journal.check,
    settings: inputs.check,
    model: modelHealth.check,
    parked: parked.check,
    ...{ eventLoop: process.eventLoop, memory: process.memory, descriptors: process.descriptors },
  }
  const readTokens = () => tokensFrom(inputs.secrets())
  return { modelFacts, inputs, lacksKey, gate, tooling, memory, runs, checks, readTokens }
}

function limitsOf({ settings: { agent } }: Cleared): LoopLimits {
  return { ...DEFAULT_LIMITS, rounds: agent.maxRounds, whileBusy: agent.whileBusy }
}

/** What the preflight found and cannot change by itself; checks that look again for themselves go before it. */
function degradedChecks({ degraded, safeMode, port }: Cleared): Checks {
  const words = {
    ...(port.note ? { port: port.note } : {}),
    ...(safeMode ? { safeMode: safeMode.reason } : {}),
    ...degraded,
  }
  return Object.fromEntries(
    Object.entries(words).map(([name, output]) => [name, (): HealthCheck => ({ status: 'warn', output })]),
  )
}
