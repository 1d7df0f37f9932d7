/** The watchdog's desk for alerts: what it needs beside the database, and how a person's wish for safe mode is carried out. */
import { hostname } from 'node:os'
import { createDesk, type Desk } from '../alert/desk.ts'
import { now } from '../shared/clock.ts'
import { readEnvFile } from '../shared/config/envFile.ts'
import type { Settings } from '../shared/config/schema.ts'
import type { Logger } from '../shared/log.ts'
import type { Language } from '../shared/messages/message.ts'
import type { HomePaths } from '../shared/paths.ts'
import { knownSecrets } from '../shared/redact/knownSecrets.ts'
import { createRedactor } from '../shared/redact/redactor.ts'
import { journalHead } from '../shared/repairTail.ts'
import type { Beat } from './loop.ts'
import { askSafeMode } from './safeModeJob.ts'
import type { WatchStore } from './store.ts'

type AlertDeskParts = {
  readonly paths: HomePaths
  readonly store: WatchStore
  readonly settings: Settings
  readonly language: Language
  readonly environment: NodeJS.ProcessEnv
  readonly log: Logger
}

/** Makes it, over the watchdog's own database. */
export function createAlertDesk(parts: AlertDeskParts): Desk {
  const { paths, store, settings, language, environment, log } = parts
  return createDesk({
    ...{ paths, settings, language, environment, log, now },
    db: store.database,
    host: hostname(),
    redact: (text) => redactorOf(parts).redact(text),
    journalHead: () => journalHead(paths.repairsJournal),
    onSafeMode: (on, by) => askSafeMode({ paths, environment, log }, on, by),
    random: Math.random,
  })
}

/** The secrets change while we run, and an alert is rare: they are read for each. */
function redactorOf({ paths, environment }: AlertDeskParts) {
  const file = readEnvFile(paths.env)
  return createRedactor(knownSecrets({ env: file.ok ? file.variables : new Map(), environment }))
}

/** The desk as a part of the loop. */
export function deskBeat(desk: Desk): Beat {
  return (nowMono, isResting) => desk.beat(nowMono, Date.now(), isResting)
}
