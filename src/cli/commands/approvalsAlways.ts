/** `ottugi approvals`, its second part: the lasting permissions, and how one is taken back. */

import type { AlwaysEntry } from '../../shared/approvals/always.ts'
import { forgetAlways, readAlways } from '../../shared/approvals/always.ts'
import { canonicalJson } from '../../shared/canonicalJson.ts'
import { now } from '../../shared/clock.ts'
import { EXIT } from '../../shared/exitCodes.ts'
import type { Language } from '../../shared/messages/message.ts'
import { text } from '../../shared/messages/text.ts'
import { printedCommand } from '../../shared/printedCommand.ts'
import { shortVisible } from '../../shared/visibleText.ts'
import type { CliContext } from '../context.ts'
import { terminalSafe } from '../terminalSafe.ts'

/** Longest shape that is shown, in characters. */
const MAX_SHOWN = 600

/** What is always allowed, one JSON object a line; for people nothing at all where nothing is. Writes nothing. */
export function listAlways({ language, out, err, paths }: CliContext, isJson: boolean): void {
  const { entries, isDamaged } = readAlways(paths.always, now().at)
  if (isDamaged) err(text(language, 'always.damaged', { path: paths.always }))
  if (isJson) for (const entry of entries) out(JSON.stringify({ section: 'always', ...entry }))
  else if (entries.length > 0)
    out([text(language, 'always.title'), ...entries.flatMap((entry) => rendered(entry, language))].join('\n'))
}

/** `forget`: takes one back. Only a person at a terminal may change what is allowed, in either direction. */
export function forgetPermission({ language, out, err, paths, isTerminal }: CliContext, id: string): number {
  const command = printedCommand(`approvals forget ${terminalSafe(id)}`, paths.home)
  if (!isTerminal) {
    err(text(language, 'approvals.needsTerminal', { command }))
    return EXIT.usage
  }
  if (forgetAlways(paths.always, id, now().at)) {
    out(text(language, 'always.forgotten', { id: id.toUpperCase() }))
    return EXIT.ok
  }
  const all = printedCommand('approvals', paths.home)
  err(text(language, 'always.unknown', { id: terminalSafe(id), command: all }))
  return EXIT.failed
}

function rendered({ id, tool, shape, scope, session, since, until }: AlwaysEntry, language: Language): string[] {
  const shown = (value: string) => shortVisible(value, MAX_SHOWN)
  const where =
    scope === 'session'
      ? text(language, 'always.session', { session: shown(session) })
      : text(language, 'always.everywhere')
  return [
    text(language, 'always.entry', { id, tool: shown(tool), shape: shown(canonicalJson(shape)) }),
    until === undefined
      ? text(language, 'always.scope', { scope: where, since: shown(since) })
      : text(language, 'always.scopeUntil', { scope: where, since: shown(since), until: shown(until) }),
  ]
}
