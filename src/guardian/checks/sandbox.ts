import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from '../../shared/messages/text.ts'
import { probeSandbox } from '../../shared/sandbox/probe.ts'
import type { Check } from '../check.ts'

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
    }))
    if (reason === '') return folders
    const what =
      mode === 'none' ? text(language, 'sandbox.none', { reason }) : text(language, 'sandbox.strict', { reason })
    const human = text(language, 'sandbox.human')
    return [
      { check: 'sandbox', severity: 'warn', what, fault: mode === 'none' ? 'sandbox-none' : 'sandbox-strict', human },
      ...folders,
    ]
  },
}
