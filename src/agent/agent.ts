/** The agent behind its preflight: builds its parts, takes the port, and is ready. */
import { appendBoot, END_OF_SAFE_MODE } from '../shared/bootledger.ts'
import { type Boot, messageOf } from '../shared/entry.ts'
import { createLimitedServer } from '../shared/http/listen.ts'
import { takeOver } from '../shared/http/takeOver.ts'
import { openLog } from '../shared/log.ts'
import { appVersion } from '../shared/paths.ts'
import { writeRuntimeFile } from '../shared/runtimeFile.ts'
import { ensureTokens, tokensFrom } from '../shared/tokens.ts'
import { afterReady } from './afterReady.ts'
import type { Cleared } from './cleared.ts'
import type { InputsWatch } from './health/inputsWatch.ts'
import { createApp } from './http/app.ts'
import { openGuardedJournal } from './journal/guardedJournal.ts'
import { createLater } from './later.ts'
import { createLeave, type Departure } from './leave.ts'
import type { Link } from './link/link.ts'
import { unhurriedOn } from './link/unhurried.ts'
import { buildParts } from './parts.ts'

export type AgentStart = {
  readonly boot: Boot
  readonly link: Link
  readonly environment: NodeJS.ProcessEnv
  readonly preflight: Cleared
  /** Sets what a request to end does from now on. */
  readonly onLeave: (listener: () => void) => void
}

/** A predecessor that does not let go of the port is ended so long after its own time for draining, in milliseconds. */
const PREDECESSOR_GRACE_MS = 2_000

/** Starts the agent. Resolves when it is ready; fails the process where it cannot become so. */
export async function startAgent(start: AgentStart): Promise<void> {
  const { boot, link, preflight, environment, onLeave } = start
  const { settings, port, predecessor, safeMode } = preflight
  const { paths } = boot
  link.setHangMs(settings.watchdog.hangMs)
  const log = openLog(paths, 'agent', settings.logs, environment)
  const journal = openGuardedJournal(paths)
  const leaving = new AbortController()
  let leaveSafeMode = () => {}
  let leave: (departure?: Departure) => void = () => {}
  const unhurried = unhurriedOn(link)
  const parts = buildParts({
    ...{ boot, environment, preflight, journal, log, unhurried },
    leaving: { onGoodSettings: () => leaveSafeMode(), onLeak: (departure) => leave(departure) },
  })
  const { runs, tooling, readTokens } = parts
  const later = createLater({ paths, settings, journal, log, parts, leaving: leaving.signal })
  const app = createApp({
    host: settings.agent.host,
    ...parts.modelFacts,
    ...{ checks: parts.checks, journal, runs, readTokens, safeMode },
    leaving: leaving.signal,
    approvals: { folder: paths.approvals, runs, tools: tooling.tools, gates: tooling.gates, channel: 'terminal' },
    furtherRoutes: later.routes,
    onBug: (error) => log.error({ error: messageOf(error) }, 'a route failed'),
  })
  const server = createLimitedServer(app)
  await makeTokens(start, parts.inputs)

  const { drainMs } = settings.agent
  const patienceMs = drainMs + PREDECESSOR_GRACE_MS
  const listening = await takeOver({ server, host: settings.agent.host, port: port.agent, predecessor, patienceMs })
  if (!listening.ok) {
    return boot.fail(`cannot listen on ${settings.agent.host}:${port.agent}: ${listening.reason}`)
  }
  leave = createLeave({ boot, link, server, runs, journal, leaving, drainMs, log, later, runner: tooling.runner })
  onLeave(() => leave())
  // In safe mode, mended settings are what is waited for: the next start is a whole one.
  if (safeMode) leaveSafeMode = () => leave({ reason: END_OF_SAFE_MODE })
  writeRuntimeFile(paths, {
    app: 'agent',
    url: listening.url,
    version: appVersion(),
    supervisorPid: process.ppid,
    startedAt: new Date().toISOString(),
    notes: notesOf(preflight),
  })
  appendBoot(paths.boots, 'agent', { kind: 'ready' })
  link.setPhase('ready')
  log.info({ url: listening.url, uptimeMs: Math.round(process.uptime() * 1_000) }, 'ready')
  const { signal } = leaving
  const { url } = listening
  afterReady({
    ...{ paths, settings, runs, predecessor, log, later, unhurried, url, readTokens, signal },
    isSafeMode: safeMode !== null,
  })
}

/** What a person should hear of this start: where it listens instead, and what was repaired before it. */
function notesOf({ port, repairs }: Cleared): string[] {
  const mended = repairs.filter(({ ok }) => ok).map(({ action, note }) => `${action}: ${note.split('\n')[0] ?? ''}`)
  return [...(port.note ? [port.note] : []), ...mended]
}

/** The tokens that a first start lacks; `.env` is watched, so they count as soon as they are written. */
async function makeTokens({ boot }: AgentStart, inputs: InputsWatch): Promise<void> {
  if (tokensFrom(inputs.secrets()).some(({ scope }) => scope === 'admin')) return
  await ensureTokens(boot.paths.env)
  inputs.lookNow()
}
