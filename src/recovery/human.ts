/** The next step for a person, in their language. Nothing of a model's prose and nothing of a log is in it. */
import type { Language } from '../shared/messages/message.ts'
import { text } from '../shared/messages/text.ts'
import { commandAnywhere } from '../shared/printedCommand.ts'
import { shortVisible } from '../shared/visibleText.ts'
import type { Ending } from './ports.ts'

/** Who reads it, and about which installation. */
export type Reader = { readonly language: Language; readonly home: string }

/** Longest word or reason that is put into a sentence. */
const MAX_WORD = 200

/** Words an ending; null where nobody is needed. `fault` is a word of ours. */
export function humanText(ending: Ending, fault: string, { language, home }: Reader): string | null {
  const command = commandAnywhere('doctor', home)
  const named = shortVisible(fault, MAX_WORD)
  switch (ending.how) {
    case 'done':
    case 'held':
      return null
    case 'waiting': {
      const approve = commandAnywhere(`approvals approve ${ending.approval}`, home)
      return text(language, 'recovery.waits', { plan: shortVisible(ending.plan, MAX_WORD), command: approve })
    }
    case 'alert':
      return text(language, 'recovery.alert', { fault: named, command })
    case 'busy':
      return text(language, 'recovery.busy', { command: commandAnywhere('status', home) })
    case 'broken':
      return text(language, 'recovery.broken', { reason: shortVisible(ending.reason, MAX_WORD) })
    case 'well':
      return text(language, 'recovery.well', { command })
    case 'late':
      return text(language, 'recovery.late', { command })
    case 'exhausted': {
      const story = text(language, `recovery.model.${ending.model}`)
      return text(language, 'recovery.exhausted', { fault: named, story, command })
    }
  }
}
