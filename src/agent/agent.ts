/** The agent behind its preflight: builds its parts, takes the port, and is ready. */
import { createGate, type Gate, needsKey } from '../model/gate.ts'
import { createModelCatalog } from '../model/models.ts'
import { providerOf } from '../model/providers.ts'
import { openUsageLog } from '../model/usageLog.ts'
import { appendBoot, END_OF_SAFE_MODE } from '../shared/bootledger.ts'
import { now } from '../shared/clock.ts'
import type { Settings } from '../shared/config/schema.ts'
import { type Boot, messageOf } from '../shared/entry.ts'
import type { HealthCheck } from '../shared/health.ts'
import { heapLimitMb } from '../shared/heapLimit.ts'
import { createLimitedServer } from '../shared/http/listen.ts'
import { takeOver } from '../shared/http/takeOver.ts'
import { type Identity, ownIdentity } from '../shared/identity.ts'
import { type Logger, openLog } from '../shared/log.ts'
import type { Language } from '../shared/messages/message.ts'
import { chooseLanguage } from '../shared/messages/text.ts'
import { appVersion } from '../shared/paths.ts'
import { writeRuntimeFile } from '../shared/runtimeFile.ts'
import { ensureTokens, tokensFrom } from '../shared/tokens.ts'
import { afterReady } from './afterReady.ts'
import { watchDisk } from './health/diskHealth.ts'
import { type InputsWatch, watchInputs } from './health/inputsWatch.ts'
import { createModelHealth, type ModelHealth } from './health/modelHealth.ts'
import { watchProcess } from './health/processHealth.ts'
import type { Checks } from './health/report.ts'
import { createApp } from './http/app.ts'
import { type GuardedJournal, openGuardedJournal } from './journal/guardedJournal.ts'
import { createLeave, type Departure } from './leave.ts'
import type { Link } from './link/link.ts'
import { createApprovals } from './runs/approvals.ts'
import { isDeadOwner, ownerName } from './runs/owner.ts'
import { watchParked } from './runs/parkedWatch.ts'
import { plainAssembly } from './runs/plainAssembly.ts'
import { DEFAULT_LIMITS } from './runs/ports.ts'
import { createRuns, type Runs } from './runs/runs.ts'
import { WITHOUT_TOOLS } from './runs/withoutTools.ts'

/** What the preflight hands over. */
export type Cleared = {
  readonly settings: Settings
  readonly secrets: ReadonlyMap<string, string>
  readonly port: { readonly agent: number; readonly note?: string | undefined }
  /** What does not work, by the name of the check, in words. */
  readonly degraded: Readonly<Record<string, string>>
  readonly safeMode: { readonly reason: string; readonly since: string } | null
  /** What was mended before this start, or could not be. */
  readonly repairs: readonly { readonly action: string; readonly ok: boolean; readonly note: string }[]
  /** The living agent whose place we take. */
  readonly predecessor?: Identity | undefined
}

export type AgentStart = {
  readonly boot: Boot
  readonly link: Link
  readonly environment: NodeJS.ProcessEnv
  readonly preflight: Cleared
  /** Sets what a request to end does from now on. */
  readonly onLeave: (listener: () => void) => void
}

/** How long a question to a person stays open, in milliseconds. */
const APPROVAL_LASTS_MS = 24 * 3_600_000

/** A predecessor that does not let go of the port is ended so long after its own time for draining, in milliseconds. */
const PREDECESSOR_GRACE_MS = 2_000

/** Starts the agent. Resolves when it is ready; fails the process where it cannot become so. */
export async function startAgent(start: AgentStart): Promise<void> {
  const { boot, link, preflight, onLeave } = start
  const { settings, port } = preflight
  const { paths } = boot
  link.setHangMs(settings.watchdog.hangMs)
  const log = openLog(paths, 'agent', settings.logs, start.environment)
  const journal = openGuardedJournal(paths)
  const leaving = new AbortController()
  let leaveSafeMode = () => {}
  let leave: (departure?: Departure) => void = () => {}
  const parts = buildParts(start, journal, log, {
    onGoodSettings: () => leaveSafeMode(),
    onLeak: (departure) => leave(departure),
  })
  const app = createApp({
    host: settings.agent.host,
    ...parts.modelFacts,
    checks: parts.checks,
    journal,
    runs: parts.runs,
    readTokens: parts.readTokens,
    leaving: leaving.signal,
    safeMode: preflight.safeMode,
    onBug: (error) => log.error({ error: messageOf(error) }, 'a route failed'),
  })
  const server = createLimitedServer(app)
  await makeTokens(start, parts.inputs)

  const { predecessor } = preflight
  const { drainMs } = settings.agent
  const patienceMs = drainMs + PREDECESSOR_GRACE_MS
  const listening = await takeOver({ server, host: settings.agent.host, port: port.agent, predecessor, patienceMs })
  if (!listening.ok) {
    return boot.fail(`cannot listen on ${settings.agent.host}:${port.agent}: ${listening.reason}`)
  }
  leave = createLeave({ boot, link, server, runs: parts.runs, journal, leaving, drainMs, log })
  onLeave(() => leave())
  // In safe mode, mended settings are what is waited for: the next start is a whole one.
  if (preflight.safeMode) leaveSafeMode = () => leave({ reason: END_OF_SAFE_MODE })
  writeRuntimeFile(paths, {
    app: 'agent',
    url: listening.url,
    version: appVersion(),
    supervisorPid: process.ppid,
    startedAt: new Date().toISOString(),
    notes: notesOf(preflight),
  })
  appendBoot(paths.boots, 'agent', { kind: 'ready' })
  link.announceBusy(null)
  link.setPhase('ready')
  log.info({ url: listening.url, uptimeMs: Math.round(process.uptime() * 1_000) }, 'ready')
  afterReady({ paths, settings, runs: parts.runs, predecessor, log, signal: leaving.signal })
}

/** What a person should hear of this start: where it listens instead, and what was repaired before it. */
function notesOf({ port, repairs }: Cleared): string[] {
  const mended = repairs.filter(({ ok }) => ok).map(({ action, note }) => `${action}: ${note.split('\n')[0] ?? ''}`)
  return [...(port.note ? [port.note] : []), ...mended]
}

/** What may make this process leave by itself. */
type Leaving = { readonly onGoodSettings: () => void; readonly onLeak: (departure: Departure) => void }

function buildParts(
  { boot, environment, preflight }: AgentStart,
  journal: GuardedJournal,
  log: Logger,
  { onGoodSettings, onLeak }: Leaving,
) {
  const { settings, secrets } = preflight
  const { paths } = boot
  const { model } = settings
  const language = chooseLanguage(settings.language, environment)
  const modelFacts = { language, home: paths.home, keyVariable: model.keyVariable, dayUsd: settings.budget.dayUsd }
  // The watch calls back only after its first look, when everything below exists.
  let onSecrets = () => {}
  const inputs = watchInputs({
    input: { settingsFile: paths.settings, envFile: paths.env, environment },
    language,
    secrets,
    onSecrets: () => onSecrets(),
    onGoodSettings,
  })
  const readSecret = (variable: string) => inputs.secrets().get(variable) || undefined
  const lacksKey = () => needsKey(model.baseUrl) && !readSecret(model.keyVariable)
  const modelHealth = createModelHealth({ ...modelFacts, lacksKey })
  const gate = notedBy(modelHealth, openGate({ settings, language, readSecret, journal, logs: paths.logs }))
  const parked = watchParked({ paths, language, onReleased: () => void runs.resumeUnfinished() })
  const runs: Runs = createRuns({
    journal,
    gate,
    owner: ownerName(ownIdentity()),
    isDead: isDeadOwner,
    ...WITHOUT_TOOLS,
    approvals: createApprovals({ folder: paths.approvals, now, lastsMs: APPROVAL_LASTS_MS }),
    assemble: plainAssembly({ journal, system: settings.agent.systemPrompt, offers: () => [] }),
    readParked: parked.read,
    limits: DEFAULT_LIMITS,
    nowMs: Date.now,
    onStorageError: (error) => log.error({ error: messageOf(error) }, 'a run cannot be written down'),
  })
  onSecrets = () => {
    modelHealth.forget()
    log.info('the secrets in .env changed')
    void runs.resumeUnfinished()
  }
  const maxHeapMb = heapLimitMb(paths, settings.agent.maxHeapMb)
  const heap = watchProcess({
    language,
    maxHeapMb,
    onFull: (reason) => boot.fail(reason),
    onLeak,
  })
  const checks: Checks = {
    ...degradedChecks(preflight),
    disk: watchDisk({ language, home: paths.home, onRoom: () => void runs.resumeUnfinished() }),
    journal: journal.check,
    settings: inputs.check,
    model: modelHealth.check,
    parked: parked.check,
    eventLoop: heap.eventLoop,
    memory: heap.memory,
    descriptors: heap.descriptors,
  }
  return { modelFacts, inputs, runs, checks, readTokens: () => tokensFrom(inputs.secrets()) }
}

type GateParts = {
  readonly settings: Settings
  readonly language: Language
  readonly readSecret: (variable: string) => string | undefined
  readonly journal: GuardedJournal
  readonly logs: string
}

function openGate({ settings, language, readSecret, journal, logs }: GateParts): Gate {
  return createGate({
    settings,
    catalog: createModelCatalog({ settings: () => settings, readSecret }),
    providerOf,
    spent: journal.spent,
    logUsage: openUsageLog(logs, settings.logs),
    language,
  })
}

function notedBy(health: ModelHealth, gate: Gate): Gate {
  return {
    ...gate,
    ask: async (request, control) => {
      const result = await gate.ask(request, control)
      health.note(result)
      return result
    },
  }
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

/** The tokens that a first start lacks; `.env` is watched, so they count as soon as they are written. */
async function makeTokens({ boot }: AgentStart, inputs: InputsWatch): Promise<void> {
  if (tokensFrom(inputs.secrets()).some(({ scope }) => scope === 'admin')) return
  await ensureTokens(boot.paths.env)
  inputs.lookNow()
}
