/** `ottugi alerts ack`: leaves word for the watchdog that somebody takes care of an alert. */
import { userInfo } from 'node:os'
import { openAlerts } from '../../alert/alertFile.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import { text } from '../../shared/messages/text.ts'
import { printedCommand } from '../../shared/printedCommand.ts'
import { leaveRequest } from '../../shared/requestFiles.ts'
import type { CliContext } from '../context.ts'
import { terminalSafe } from '../terminalSafe.ts'

/** One alert by its id, or all that are open. Nothing is left behind for one that is not open. */
export function acknowledge({ paths, language, out, err }: CliContext, given: string | undefined): number {
  const open = openAlerts(paths)
  const id = given?.toUpperCase() ?? null
  if (id !== null && !open.includes(id)) {
    const command = printedCommand('alerts', paths.home)
    err(text(language, 'alert.notOpen', { id: terminalSafe(id), command }))
    return EXIT.failed
  }
  if (open.length === 0) {
    out(text(language, 'alert.noneOpen'))
    return EXIT.ok
  }
  leaveRequest(paths, { request: 'acknowledge', id, by: userName(), at: new Date().toISOString() })
  out(text(language, 'alert.ackLeft', { id: id ?? open.join(', ') }))
  return EXIT.ok
}

/** The user at this terminal; some containers know no name for one. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.() ?? '?')
  }
}
