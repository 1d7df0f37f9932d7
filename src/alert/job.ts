/** What the watchdog and its sender say to each other: one JSON job in, one JSON line out for each thing done. */
import type { ChannelSettings } from '../shared/config/alertChannels.ts'
import type { Delivery, Failure } from './channels/channel.ts'
import type { Notice } from './notice.ts'

/** The messages of one channel, in their order. The first that may be better later ends the row: the rest waits with it. */
export type ChannelJob = {
  readonly channel: ChannelSettings
  readonly notices: readonly Notice[]
}

/** A call of the dead-man switch. */
export type DeadManJob = { readonly urlVariable: string; readonly isWell: boolean }

/** A look for what a paired chat said. */
export type PollJob = {
  readonly channel: Extract<ChannelSettings, { type: 'telegram' }>
  /** The first update that was not seen yet. */
  readonly offset: number
  /** Older messages (seconds since 1970) were meant for something else. */
  readonly since: number
  /** How long Telegram may keep the question open. */
  readonly waitSeconds: number
  /** Takes the chat that sends this; without it only the paired chat is heard. */
  readonly pairCode?: string
}

/** One job of the sender. It reads secrets itself, from the `.env` of this home. */
export type SenderJob = {
  readonly envFile: string
  /** Most that one delivery may take. */
  readonly deadlineMs: number
  readonly channels: readonly ChannelJob[]
  readonly deadMan?: DeadManJob
  readonly poll?: PollJob
}

/** A command of a paired chat. */
export type ChatCommand =
  | { readonly command: 'ack'; readonly id: string | null }
  | { readonly command: 'safeMode'; readonly on: boolean }
  | { readonly command: 'pair'; readonly chat: string }

/** One line of the sender's answer. */
export type SenderLine =
  | { readonly is: 'delivery'; readonly channel: string; readonly key: string; readonly delivery: Delivery }
  | { readonly is: 'deadMan'; readonly delivery: Delivery }
  | {
      readonly is: 'poll'
      readonly channel: string
      readonly result:
        | { readonly ok: true; readonly offset: number; readonly commands: readonly (ChatCommand & { by: string })[] }
        | Failure
    }
