/** Every channel by its type. */
import type { ChannelSettings } from '../../shared/config/alertChannels.ts'
import type { Notice } from '../notice.ts'
import type { Channel, Delivery, Tools } from './channel.ts'
import { desktop } from './desktop.ts'
import { email } from './email.ts'
import { exec } from './exec.ts'
import { ntfy } from './ntfy.ts'
import { telegram } from './telegram.ts'
import { webhook } from './webhook.ts'

const CHANNELS: { readonly [Type in ChannelSettings['type']]: Channel<Type> } = {
  ntfy,
  telegram,
  email,
  webhook,
  desktop,
  exec,
}

/** Delivers one notice by the channel that these settings describe. */
export function deliverBy(settings: ChannelSettings, notice: Notice, tools: Tools): Promise<Delivery> {
  // The table pairs each type with its channel; the compiler cannot follow that through one lookup.
  const channel = CHANNELS[settings.type] as Channel<ChannelSettings['type']>
  return channel(notice, settings, tools)
}
