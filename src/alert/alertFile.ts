/** The alert that needs no network: one Markdown file an incident that needs a person, and `alerts/OPEN` while there is one. */
import { appendFileSync, existsSync, mkdirSync, readdirSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { readTextIfThere, writeFileDurably } from '../shared/atomicFile.ts'
import type { Incident } from '../shared/incident.ts'
import type { Language } from '../shared/messages/message.ts'
import { text } from '../shared/messages/text.ts'
import type { HomePaths } from '../shared/paths.ts'
import { commandAnywhere } from '../shared/printedCommand.ts'

/** Writes the alert of this incident, durable when it returns. Writing it again replaces it. */
export function writeAlert(paths: HomePaths, incident: Incident, reason: string, language: Language): string {
  mkdirSync(paths.alerts, { recursive: true, mode: 0o700 })
  const file = alertPath(paths, incident.id)
  writeFileDurably(file, alertText(paths, incident, reason, language))
  writeFileDurably(
    paths.alertsOpen,
    [...openAlerts(paths).filter((id) => id !== incident.id), incident.id].join('\n').concat('\n'),
  )
  return file
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

function alertText(paths: HomePaths, incident: Incident, reason: string, language: Language): string {
  const tried = incident.actions.map((action) => `- ${action.at} ${action.action}: ${action.result}`)
  const lines = [
    `# ${text(language, 'alert.title', { fault: incident.fault })}`,
    text(language, 'alert.since', { at: incident.openedAt, symptom: incident.symptom }),
    text(language, 'alert.reason', { reason: oneLine(reason) }),
    `## ${text(language, 'alert.tried')}`,
    tried.length > 0 ? tried.join('\n') : text(language, 'alert.nothingTried'),
    `## ${text(language, 'alert.next')}`,
    incident.human ?? text(language, 'alert.look'),
    `    ${commandAnywhere('doctor', paths.home)}`,
    text(language, 'alert.retries'),
  ]
  return `${lines.join('\n\n')}\n`
}

/** A reason may hold text from a log: it stays one line, and no control character reaches a terminal. */
function oneLine(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  return value.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').slice(0, 600)
}
