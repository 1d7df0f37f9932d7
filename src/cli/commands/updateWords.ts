/** What an update came to, in words. */
import { join } from 'node:path'
import { incomingFolder } from '../../service/homeSwap.ts'
import type { ReleaseProof } from '../../service/update/proveRelease.ts'
import type { StagedRelease } from '../../service/update/stageRelease.ts'
import type { UpdateRecord } from '../../service/update/updateRecord.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import type { Language } from '../../shared/messages/message.ts'
import { text } from '../../shared/messages/text.ts'
import { printedCommand } from '../../shared/printedCommand.ts'
import type { CliContext } from '../context.ts'
import { terminalSafe } from '../terminalSafe.ts'
import type { Switched } from '../update/switchVersion.ts'

/** Why there is no new release. */
export function explainStage(language: Language, { fault, detail }: Extract<StagedRelease, { ok: false }>): string {
  if (fault === 'no-room') return text(language, 'update.noRoom')
  return text(language, 'update.noProgram', { detail: terminalSafe(detail) })
}

/** Why the new version is not switched to. */
export function explainProof(
  language: Language,
  { why, detail: given }: Extract<ReleaseProof, { ok: false }>,
  version: string,
): string {
  const detail = terminalSafe(given)
  const key = (
    {
      broken: 'update.broken',
      refused: 'update.refused',
      migration: 'update.migration',
      start: 'update.start',
    } as const
  )[why]
  return text(language, key, { version, detail })
}

type Told = {
  readonly switched: Switched
  readonly record: UpdateRecord
  readonly isRunning: boolean
  readonly isJson: boolean
}

/** Tells it; gives the exit code. */
export function tellSwitched(context: CliContext, { switched, record, isRunning, isJson }: Told): number {
  const { language, out, err, home } = context
  const { fromVersion: from, toVersion: version } = record
  const code = switched.end === 'done' ? EXIT.ok : EXIT.failed
  if (isJson) out(JSON.stringify({ ...switched, from, version, release: record.to, changesForm: record.changesForm }))
  else if (switched.end === 'done') {
    out(text(language, isRunning ? 'update.done' : 'update.atNextStart', { version, from }))
    out(text(language, 'update.backCommand', { command: printedCommand('update --back', home) }))
  }
  if (switched.end === 'not-begun') err(text(language, 'update.noProgram', { detail: terminalSafe(switched.detail) }))
  if (switched.end === 'back') tellBack(context, record, switched)
  return code
}

function tellBack(
  { language, err, paths, home }: CliContext,
  { id, fromVersion: from, toVersion: version }: UpdateRecord,
  { why, detail, lost, isWell }: Extract<Switched, { end: 'back' }>,
): void {
  const reason = text(
    language,
    (
      {
        'not-ready': 'update.notReady',
        lost: 'update.stopped',
        ended: 'update.ended',
        restarts: 'update.restarts',
        good: 'update.notReady',
      } as const
    )[why],
  )
  err(text(language, 'update.tookBack', { version, from, reason }))
  if (detail !== '') err(terminalSafe(detail))
  const folder = terminalSafe(join(incomingFolder(paths, id), '..'))
  if (lost > 0) err(text(language, 'update.lost', { count: lost, folder }))
  if (!isWell) err(text(language, 'update.notWell', { command: printedCommand('doctor', home) }))
}
