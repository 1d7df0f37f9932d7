/**
 * The desk as the watchdog uses it: the alert file first, then the pure desk and the durable outbox, then senders. Nothing here throws, and nothing waits:
 * what takes time is a child process. See `deskStep.ts` for what is decided.
 */
import { bootId } from '../shared/clock.ts'
import type { Incident } from '../shared/incident.ts'
import { dropRequest, findRequests } from '../shared/requestFiles.ts'
import { writeWithReserve } from '../shared/reserve.ts'
import { closeAlert, openAlerts, writeAlert } from './alertFile.ts'
import { createChatEars } from './chat.ts'
import { obey } from './chatAnswers.ts'
import { type CourierEars, sendOff } from './courier.ts'
import { createDeadMan } from './deadMan.ts'
import { isAllowed } from './deskGate.ts'
import { createMemory, type Memory, type MemoryParts, voiceOf } from './deskMemory.ts'
import { createDispatcher, DELIVERY_LIMIT_MS } from './dispatcher.ts'
import type { SenderJob } from './job.ts'
import { resultMessages } from './jobResult.ts'
import { readRequest } from './requests.ts'
import type { Severity } from './severity.ts'
import { factsOf, threadId } from './vocabulary.ts'

/** What the desk works with. */
export type DeskParts = MemoryParts & {
  readonly environment: NodeJS.ProcessEnv
  readonly log: { readonly error: (facts: object, text: string) => void }
  /** Takes secrets out of a text; used for the alert file. */
  readonly redact: (text: string) => string
  /** Head of the chain of the repair journal: each alert keeps one, as evidence. */
  readonly journalHead: () => string | null
  /** A paired chat asked for safe mode, or for its end. */
  readonly onSafeMode: (on: boolean, by: string) => void
  /** Between 0 and 1; spreads retries. */
  readonly random: () => number
}

export type Desk = {
  /** Writes the alert file (not for `info`) and opens the thread; an incident that is raised again is the same thread. */
  readonly raise: (incident: Incident, reason: string, severity: Severity) => void
  /** It is over. Nothing happens where it was never raised. */
  readonly close: (incident: Pick<Incident, 'id' | 'closedAt'>) => void
  /** Somebody takes care of it: no reminder and no escalation any more. Without an id: of all. */
  readonly acknowledge: (id: string | null, by: string) => void
  /** Does what is due. Cheap when nothing is; meant to be called each half second. `wall` is ms since 1970. */
  readonly beat: (nowMono: number, wall: number, isMaintenance: boolean) => void
  /** Ends senders that are under way; what they carry stays in the outbox. */
  readonly stop: () => void
}

/** Makes the desk, which goes on where the last one stopped. */
export function createDesk(parts: DeskParts): Desk {
  const { paths, language } = parts
  const memory = createMemory(parts)
  const guarded = guardWith(parts)
  const workers = createWorkers(parts, memory, guarded)
  return {
    raise: (incident, reason, severity) => {
      if (severity !== 'info') guarded('the alert file was not written', () => writeFile(parts, incident, reason))
      guarded('an alert was not raised', () => memory.hear({ is: 'raised', facts: factsOf(incident), severity }))
    },
    close: ({ id, closedAt }) => {
      const at = closedAt ?? parts.now().at
      guarded('the alert file was not closed', () => {
        if (openAlerts(paths).includes(id)) writeWithReserve(paths, () => closeAlert(paths, id, at, language))
      })
      guarded('an alert was not closed', () => memory.hear({ is: 'closed', id: threadId(id), at }))
    },
    acknowledge: (id, by) => guarded('an acknowledgement was not saved', () => memory.acknowledge(id, by)),
    beat: (nowMono, wall, isMaintenance) => {
      memory.setMoment({ now: nowMono, wall, isMaintenance })
      guarded('the desk could not be saved', memory.tick)
      guarded('requests could not be read', () => takeRequests(parts, memory))
      for (const [what, beat] of workers.beats) guarded(what, () => beat(nowMono))
    },
    stop: workers.stop,
  }
}

type Guard = (what: string, act: () => void) => void

/** What fails is logged, and tried again by the next beat. */
function guardWith({ log }: DeskParts): Guard {
  return (what, act) => {
    try {
      act()
    } catch (error) {
      log.error({ error: String(error) }, what)
    }
  }
}

/** Everything that works with senders. */
function createWorkers(parts: DeskParts, memory: Memory, guarded: Guard) {
  const { paths, environment, settings } = parts
  const send = (job: SenderJob, ears: CourierEars) =>
    sendOff({ paths, environment, passEnv: settings.supervisor.passEnv }, job, {
      line: (line) => guarded('an answer of the sender was not saved', () => ears.line(line)),
      ended: () => guarded('the end of the sender was not saved', ears.ended),
    })
  const { channels, deadManVariable, deadManMs } = settings.alerts
  const shared = { channels, outbox: memory.outbox, envFile: paths.env, deadlineMs: DELIVERY_LIMIT_MS, send }
  const dispatcher = createDispatcher({
    ...shared,
    bootId: bootId(),
    isAllowed: (severity) => isAllowed(severity, memory.moment(), memory.policy),
    tell: memory.hear,
    clock: memory.clock,
    random: parts.random,
  })
  const deadMan = createDeadMan({ ...shared, urlVariable: deadManVariable, everyMs: deadManMs })
  const chat = createChatEars({ ...shared, onCommand: (command, channel) => obey(parts, memory, command, channel) })
  memory.onMessages(dispatcher.wake)
  return {
    beats: [
      ['nothing could be sent', dispatcher.beat],
      ['the dead-man switch was not called', (now: number) => deadMan.beat(now, !memory.isCritical())],
      ['the chats were not asked', (now: number) => chat.beat(now, memory.openSince())],
    ] as const,
    stop: () => {
      for (const one of [dispatcher, deadMan, chat]) one.stop()
    },
  }
}

function writeFile({ paths, language, redact, journalHead }: DeskParts, incident: Incident, reason: string): void {
  writeAlert(paths, incident, reason, { language, redact, journalHead: journalHead() })
}

function takeRequests(parts: DeskParts, memory: Memory): void {
  for (const found of findRequests(parts.paths)) {
    const request = readRequest(found.value)
    if (request?.request === 'acknowledge') memory.acknowledge(request.id, request.by)
    if (request?.request === 'result') {
      const voice = voiceOf(parts, memory.moment().wall)
      for (const message of resultMessages(request, parts.redact, voice)) memory.queue(() => message)
    }
    // After it was saved: a kill in between asks once more, which changes nothing.
    dropRequest(found)
  }
}
