import type { Language } from '../shared/messages/message.ts'
import { text } from '../shared/messages/text.ts'
import { plainNotice } from './compose.ts'
import { type Memory, type MemoryParts, voiceOf } from './deskMemory.ts'
import type { DeskState } from './deskState.ts'
import type { ChatCommand } from './job.ts'

/** What a command of a chat needs. */
type Obedience = MemoryParts & { readonly onSafeMode: (on: boolean, by: string) => void }

/** Does what a paired chat asked for, and answers there. May be asked for the same thing twice. */
export function obey(
  parts: Obedience,
  memory: Memory,
  command: ChatCommand & { readonly by: string },
  channel: string,
): void {
  const body = answerTo(command, memory.state(), parts.language)
  if (command.command === 'ack') memory.acknowledge(command.id, command.by)
  if (command.command === 'safeMode') parts.onSafeMode(command.on, command.by)
  const { wall } = memory.moment()
  memory.queue((number) => {
    const key = `-.reply.${number}.${Math.round(wall).toString(36)}.${channel}`
    return { channel, notice: plainNotice('reply', { key, body }, voiceOf(parts, wall)) }
  })
}

function answerTo(command: ChatCommand, { threads }: DeskState, language: Language): string {
  if (command.command === 'safeMode')
    return text(language, command.on ? 'notify.replySafeModeOn' : 'notify.replySafeModeOff')
  const asked = command.command === 'ack' ? command.id : null
  const open = threads.filter(({ stage }) => stage !== 'over').map(({ id }) => id)
  const meant = asked === null ? open : open.filter((id) => id === asked)
  if (meant.length > 0) return text(language, 'notify.replyAck', { id: meant.join(', ') })
  return text(language, 'notify.replyUnknown', { id: asked ?? '' })
}
