/** Hears what the paired chats say, while an alert is open and no longer: a question to Telegram is kept open in a sender, one for each chat. */
import type { ChannelSettings } from '../shared/config/alertChannels.ts'
import type { Courier, CourierEars } from './courier.ts'
import type { ChatCommand, SenderJob, SenderLine } from './job.ts'
import type { Outbox } from './outbox.ts'

type TelegramChannel = Extract<ChannelSettings, { type: 'telegram' }>

type ChatParts = {
  readonly channels: readonly ChannelSettings[]
  readonly outbox: Pick<Outbox, 'recall' | 'remember'>
  readonly envFile: string
  readonly deadlineMs: number
  readonly send: (job: SenderJob, ears: CourierEars) => Courier
  /** Called once for each command; may be called again for the same one after a kill. */
  readonly onCommand: (command: ChatCommand & { readonly by: string }, channel: string) => void
}

/** One beat. `since` is the beginning of the oldest open alert (ms since 1970); null when none is open. */
export type ChatEars = { readonly beat: (now: number, since: number | null) => void; readonly stop: () => void }

/** How long Telegram may keep a question open. */
const WAIT_SECONDS = 25
/** Pause after a question that failed. */
const PAUSE_MS = 30_000

/** Makes the ears for all chats. */
export function createChatEars(parts: ChatParts): ChatEars {
  const ears = parts.channels
    .filter((channel): channel is TelegramChannel => channel.type === 'telegram')
    .map((channel) => createEar(parts, channel))
  return {
    beat: (now, since) => {
      for (const ear of ears) ear.beat(now, since)
    },
    stop: () => {
      for (const ear of ears) ear.stop()
    },
  }
}

function createEar({ outbox, envFile, deadlineMs, send, onCommand }: ChatParts, channel: TelegramChannel): ChatEars {
  const offsetKey = `telegram offset ${channel.name}`
  let running: { readonly courier: Courier; readonly until: number } | undefined
  let askAt = 0
  const hear = (line: SenderLine, now: number) => {
    if (line.is !== 'poll') return
    const { result } = line
    if (!result.ok) {
      askAt = now + Math.max(PAUSE_MS, result.retryAfterMs ?? 0)
      return
    }
    for (const command of result.commands) onCommand(command, channel.name)
    // Only now: a command that was lost by a kill comes once more.
    outbox.remember(offsetKey, String(result.offset))
  }
  return {
    beat(now, since) {
      if (running) {
        if (since === null || now > running.until) running.courier.kill()
        return
      }
      if (since === null || now < askAt) return
      askAt = now + 1_000
      const offset = Number(outbox.recall(offsetKey) ?? 0)
      const poll = { channel, offset, since: Math.floor(since / 1_000), waitSeconds: WAIT_SECONDS }
      const courier = send(
        { envFile, deadlineMs, channels: [], poll },
        {
          line: (line) => hear(line, now),
          ended: () => {
            running = undefined
          },
        },
      )
      running = { courier, until: now + WAIT_SECONDS * 1_000 + 2 * deadlineMs }
    },
    stop: () => running?.courier.kill(),
  }
}
