import * as z from 'zod'
import { channelList } from './alertChannels.ts'
import { duration, secretVariable, section, setting, webAddress } from './fields.ts'

const timeOfDay = z.union([z.literal(''), z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)])

const timeZone = z.string().refine((zone) => zone === '' || isTimeZone(zone))

/** The settings of the alerts: where they go, when they are quiet. */
export const alertsSection = section('Alerts: how a person is reached. The channels are described in docs/alerts.md.', {
  channels: setting(channelList, [], {
    description:
      'The channels by which a person is reached, each with a name, a type (ntfy, telegram, email, webhook, desktop, exec) and its least severity.',
    ownerOnly: true,
    form: 'channels',
  }),
  holdMs: setting(duration(0), 10_000, {
    description:
      'What is over again within this time is not told. A fault that comes and goes is held longer each time.',
    unit: 'ms',
  }),
  reminderMs: setting(duration(60_000), 3_600_000, {
    description:
      'Time to the first reminder of what nobody acknowledged; each further pause is twice as long, up to a day.',
    unit: 'ms',
  }),
  escalateMs: setting(duration(60_000), 900_000, {
    description: 'Time without acknowledgement until the channels of the next step are told.',
    unit: 'ms',
  }),
  quietFrom: setting(timeOfDay, '', {
    description:
      'Beginning of the quiet hours, such as "22:00"; empty for none. Only criticals go out in them, a summary follows.',
    form: 'timeOfDay',
  }),
  quietTo: setting(timeOfDay, '', {
    description: 'End of the quiet hours, such as "07:00"; empty for none.',
    form: 'timeOfDay',
  }),
  timeZone: setting(timeZone, '', {
    description: 'Time zone of the quiet hours, such as Asia/Seoul; empty takes that of the machine.',
    form: 'timeZone',
  }),
  link: setting(z.union([z.literal(''), webAddress]), '', {
    description:
      'Address of the dashboard as you reach it from your phone, put into each notification; empty for none.',
    ownerOnly: true,
    form: 'optionalUrl',
  }),
  deadManVariable: setting(z.union([z.literal(''), secretVariable]), '', {
    description:
      'Name of the variable in .env that holds the address of a dead-man switch elsewhere: it is called while all is well, and complains when the calls stay away. Empty for none.',
    ownerOnly: true,
    form: 'optionalVariable',
  }),
  deadManMs: setting(duration(60_000), 300_000, {
    description: 'Time between two calls of the dead-man switch.',
    unit: 'ms',
  }),
})

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
