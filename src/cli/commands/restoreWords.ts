import type { StagedRestore } from '../../service/backup/stageRestore.ts'
import type { Language } from '../../shared/messages/message.ts'
import { text } from '../../shared/messages/text.ts'
import { terminalSafe } from '../terminalSafe.ts'

type Refused = Extract<StagedRestore, { ok: false }> & { readonly file: string; readonly own: string }

/** Why a backup is not restored, in words; `own` is the version of this program. */
export function explainRestore(language: Language, { fault, detail: given, file: path, own }: Refused): string {
  const [file, detail] = [terminalSafe(path), terminalSafe(given)]
  switch (fault) {
    case 'no-archive':
    case 'no-backup':
      return text(language, 'restore.notABackup', { file })
    case 'newer':
      return text(language, 'restore.newer', { file, version: detail, own })
    case 'truncated':
      return text(language, 'restore.truncated', { file })
    case 'passphrase-needed':
      return text(language, 'restore.needsPassphrase', { file })
    case 'wrong-passphrase':
      return text(language, 'restore.wrongPassphrase', { file })
    case 'unsafe-name':
      return text(language, 'restore.unsafe', { file, detail })
    case 'no-room':
      return text(language, 'backup.noRoom')
    case 'unreadable':
      return text(language, 'restore.unreadable', { file, detail })
    case 'refused':
      return text(language, 'restore.refused', { detail })
    default:
      return text(language, 'restore.damaged', { file, detail })
  }
}
