import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Language } from '../../shared/messages/message.ts'
import { text } from '../../shared/messages/text.ts'
import { commandAnywhere } from '../../shared/printedCommand.ts'
import { probeSandbox } from '../../shared/sandbox/probe.ts'
import type { Check, Finding } from '../check.ts'

/** Can tools be held in a sandbox on this machine? It is tried, not looked up. Never a reason not to start. */
export const sandbox: Check = {
  id: 'sandbox',
  title: 'the sandbox of the tools',
  look: async ({ paths, settings, uid, language }) => {
    if (!settings) return []
    // In a folder of its own: a look changes nothing in the home.
    const workspace = mkdtempSync(join(tmpdir(), 'ottugi-doctor-'))
    const probed = probeSandbox({ paths: { home: paths.home, workspace }, settings: settings.sandbox, uid })
    const { mode, reason, notes } = await probed.finally(() => rmSync(workspace, { recursive: true, force: true }))
    const folders = notes.map((note) => ({
      check: 'sandbox',
      severity: 'warn' as const,
      what: text(language, 'sandbox.folder', { reason: note }),
      fault: 'sandbox-folder',
      human: text(language, 'sandbox.folder.human', { command: commandAnywhere('config edit', paths.home) }),
    }))
    if (mode !== 'none' && mode !== 'strict') return [holds(mode, language), ...folders]
    const what =
      mode === 'none' ? text(language, 'sandbox.none', { reason }) : text(language, 'sandbox.strict', { reason })
    const human = text(language, 'sandbox.human')
    return [
      { check: 'sandbox', severity: 'warn', what, fault: mode === 'none' ? 'sandbox-none' : 'sandbox-strict', human },
      ...folders,
    ]
  },
}

/** That it holds is worth a word: a person who lets an agent work wants to know. */
function holds(mode: 'bubblewrap' | 'seatbelt', language: Language): Finding {
  const what = text(language, 'sandbox.holds', { how: mode === 'bubblewrap' ? 'bubblewrap' : 'sandbox-exec' })
  return { check: 'sandbox', severity: 'ok', what, fault: 'sandbox-holds' }
}
