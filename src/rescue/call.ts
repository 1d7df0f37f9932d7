/** The rescue's own alert, and what it keeps between two of its lives. */
import { join } from 'node:path'
import { closeAlert, openAlerts, writeAlert } from '../alert/alertFile.ts'
import { guessLanguage } from '../guardian/say.ts'
import { settingsTextOf } from '../repair/settingsText.ts'
import { readJsonIfThere, writeFileDurably } from '../shared/atomicFile.ts'
import { bootId, monotonicMs, now } from '../shared/clock.ts'
import type { Incident } from '../shared/incident.ts'
import { installCommand } from '../shared/lockedPackages.ts'
import type { Language } from '../shared/messages/message.ts'
import { text } from '../shared/messages/text.ts'
import type { HomePaths } from '../shared/paths.ts'
import { commandAnywhere } from '../shared/printedCommand.ts'
import { homeRedactor } from '../shared/redact/homeRedactor.ts'
import { recentFailures, type ServiceEnd, withEnd } from './pace.ts'

/** The one incident of the rescue: it lives before any watchdog that could number incidents. */
const INCIDENT = 'S1'

/** Why a person is called: packages that cannot be put back, a program that is not in its place, a tree that does not stay up, a systemd that gave up. */
export type Trouble = 'packages' | 'program' | 'ends' | 'gaveUp'

/** Everything the rescue works with. */
export type Place = { readonly paths: HomePaths; readonly environment: NodeJS.ProcessEnv; readonly root: string }

/** Writes the alert, once: it stays as it is while it is open. */
export function callAPerson({ paths, environment, root }: Place, trouble: Trouble, reason: string): void {
  if (openAlerts(paths).includes(INCIDENT)) return
  const language = languageOf(paths, environment)
  const human = humanWords({ paths, environment, root }, trouble)
  const incident: Incident = {
    id: INCIDENT,
    openedAt: now().at,
    closedAt: null,
    fault: `service-${trouble}`,
    symptom: 'exited',
    tier: 'human',
    outcome: 'escalated',
    downMs: null,
    detectMs: null,
    actions: [],
    modelCalls: 0,
    costUsd: 0,
    human,
  }
  writeAlert(paths, incident, reason, { language, redact: masking(paths, environment), journalHead: null })
}

/** What a person should do. */
function humanWords({ paths, environment, root }: Place, trouble: Trouble): string {
  const language = languageOf(paths, environment)
  switch (trouble) {
    case 'packages':
      return text(language, 'rescue.packages', { command: installCommand(root) })
    case 'program':
      return text(language, 'rescue.program', { folder: root })
    default:
      return text(language, `rescue.${trouble}`, { command: commandAnywhere('service logs', paths.home) })
  }
}

/** All is well: the alert is over. */
export function callOff({ paths, environment }: Place): void {
  if (openAlerts(paths).includes(INCIDENT)) closeAlert(paths, INCIDENT, now().at, languageOf(paths, environment))
}

/** Keeps how a life of the service ended; gives the number of failures that are still recent. */
export function keepEnd(paths: HomePaths, result: string): number {
  const ends = withEnd(readEnds(paths), { bootId: bootId(), monoMs: monotonicMs(), result })
  writeFileDurably(endsFile(paths), `${JSON.stringify(ends)}\n`)
  return failuresLately(paths)
}

/** Failures of this boot that are still recent. */
export function failuresLately(paths: HomePaths): number {
  return recentFailures(readEnds(paths), bootId(), monotonicMs())
}

const endsFile = ({ rescue }: HomePaths) => join(rescue, 'ends.json')

function readEnds(paths: HomePaths): readonly ServiceEnd[] {
  const value = readJsonIfThere(endsFile(paths))
  return Array.isArray(value) ? value : []
}

function languageOf(paths: HomePaths, environment: NodeJS.ProcessEnv): Language {
  return guessLanguage(settingsTextOf(paths) ?? undefined, environment)
}

/** npm's complaint may hold what stands in a `.npmrc`. */
function masking(paths: HomePaths, environment: NodeJS.ProcessEnv): (text: string) => string {
  const redactor = homeRedactor(paths.env, environment)
  return (given) => redactor().redact(given)
}
