/** The alert that needs no network: one Markdown file an incident that needs a person, and `alerts/OPEN` while there is one. */
import { appendFileSync, existsSync, mkdirSync, readdirSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { readTextIfThere, writeFileDurably } from '../shared/atomicFile.ts'
import type { Incident } from '../shared/incident.ts'
import type { Language } from '../shared/messages/message.ts'
import { text } from '../shared/messages/text.ts'
import type { HomePaths } from '../shared/paths.ts'
import { commandAnywhere } from '../shared/printedCommand.ts'
import { writeWithReserve } from '../shared/reserve.ts'

/** How an alert file is worded. */
export type AlertVoice = {
  readonly language: Language
  /** Takes secrets out; everything in the file passes through it. */
  readonly redact: (text: string) => string
  /** Head of the chain of the repair journal at this moment: whoever edits the journal later cannot edit this. Null where it is unknown. */
  readonly journalHead: string | null
}

/**
 * Writes the alert of this incident, durable when it returns, also on a full disk (the reserve is given up). Writing it again replaces it.
 * A language alone is a voice without masking, for callers whose texts hold no foreign word.
 */
export function writeAlert(
  paths: HomePaths,
  incident: Incident,
  reason: string,
  spoken: Language | AlertVoice,
): string {
  const voice = typeof spoken === 'string' ? { language: spoken, redact: same, journalHead: null } : spoken
  const file = alertPath(paths, incident.id)
  const open = [...openAlerts(paths).filter((id) => id !== incident.id), incident.id]
  writeWithReserve(paths, () => {
    mkdirSync(paths.alerts, { recursive: true, mode: 0o700 })
    // The head of the chain is no secret, and looks like one: it is added when everything else was masked.
    writeFileDurably(file, voice.redact(alertText(paths, incident, reason, voice)) + headLine(voice))
    writeFileDurably(paths.alertsOpen, `${open.join('\n')}\n`)
  })
  return file
}

function same(text: string): string {
  return text
}

/** Marks the alert as over; nothing happens where there is none. */
export function closeAlert(paths: HomePaths, id: string, at: string, language: Language): void {
  const file = alertPath(paths, id)
  if (existsSync(file)) appendFileSync(file, `\n${text(language, 'alert.closed', { at })}\n`)
  const left = openAlerts(paths).filter((open) => open !== id)
  if (left.length > 0) writeFileDurably(paths.alertsOpen, `${left.join('\n')}\n`)
  else if (existsSync(paths.alertsOpen)) unlinkSync(paths.alertsOpen)
}

/** Ids of the incidents whose alert is open. */
export function openAlerts(paths: HomePaths): string[] {
  return (readTextIfThere(paths.alertsOpen) ?? '').split('\n').filter(Boolean)
}

/** All alert files, newest name last. */
export function listAlerts(paths: HomePaths): string[] {
  return existsSync(paths.alerts)
    ? readdirSync(paths.alerts)
        .filter((name) => name.endsWith('.md'))
        .toSorted()
    : []
}

function alertPath(paths: HomePaths, id: string): string {
  return join(paths.alerts, `${id}.md`)
}

function alertText(paths: HomePaths, incident: Incident, reason: string, voice: AlertVoice): string {
  const { language } = voice
  const tried = incident.actions.map(({ at, action, result }) => `- ${at} ${oneLine(action)}: ${oneLine(result)}`)
  const fault = oneLine(incident.fault)
  const symptom = oneLine(incident.symptom)
  const lines = [
    `# ${text(language, 'alert.title', { fault })}`,
    text(language, 'alert.since', { at: incident.openedAt, symptom }),
    text(language, 'alert.reason', { reason: oneLine(reason) }),
    `## ${text(language, 'alert.tried')}`,
    tried.length > 0 ? tried.join('\n') : text(language, 'alert.nothingTried'),
    `## ${text(language, 'alert.next')}`,
    incident.human === null ? text(language, 'alert.look') : oneLine(incident.human),
    `    ${commandAnywhere('doctor', paths.home)}`,
    text(language, 'alert.acknowledge'),
    `    ${commandAnywhere(`alerts ack ${incident.id}`, paths.home)}`,
    text(language, 'alert.retries'),
  ]
  return `${lines.join('\n\n')}\n`
}

function headLine({ language, journalHead }: AlertVoice): string {
  return journalHead === null ? '' : `\n${text(language, 'alert.journalHead', { head: journalHead })}\n`
}

/** A reason may hold text from a log: it stays one line, and no control character reaches a terminal. */
function oneLine(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  return value.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').slice(0, 600)
}
