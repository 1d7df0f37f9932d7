import { statSync } from 'node:fs'
import { join } from 'node:path'
import { listBackups } from '../../shared/backup.ts'
import { text } from '../../shared/messages/text.ts'
import { commandAnywhere } from '../../shared/printedCommand.ts'
import type { Check } from '../check.ts'

/** Backups may come late: a machine that was off, a disk that was full for a while. */
const PATIENCE = 3
const HOUR_MS = 3_600_000

/** Is what would be put back after a damage reasonably new? Measured by the database: one that nobody wrote to needs no newer backup. */
export const backupAge: Check = {
  id: 'backupAge',
  title: 'age of the backups',
  look: ({ paths, settings, language }) => {
    const writtenMs = Math.max(changedAt(paths.agentDb) ?? 0, changedAt(`${paths.agentDb}-wal`) ?? 0)
    if (!settings || writtenMs === 0) return []
    const [newest] = listBackups(paths.backups, 'agent')
    const savedMs = newest === undefined ? bornAt(paths.agentDb) : changedAt(join(paths.backups, newest))
    const behindMs = writtenMs - (savedMs ?? writtenMs)
    if (behindMs <= PATIENCE * settings.guardian.backupEveryMs) return []
    const hours = Math.floor(behindMs / HOUR_MS)
    const what =
      newest === undefined
        ? text(language, 'doctor.backupNone', { hours })
        : text(language, 'doctor.backupStale', { hours, name: newest })
    const human = text(language, 'doctor.backup.human', { command: commandAnywhere('logs agent', paths.home) })
    const fault = newest === undefined ? 'backup-none' : 'backup-stale'
    return [{ check: 'backupAge', severity: 'warn', what, fault, human }]
  },
}

function changedAt(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs
}

/** Not every file system keeps it: 0 there, and then nothing is said. */
function bornAt(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.birthtimeMs || undefined
}
