/** What the body of a webhook looks like, by the program that takes it. */
import type { WEBHOOK_FORMATS } from '../../shared/config/alertChannels.ts'
import type { Notice } from '../notice.ts'
import { plainText } from './channel.ts'

type Format = Exclude<(typeof WEBHOOK_FORMATS)[number], 'template' | 'healthchecks'>

/** Discord takes at most so many characters. */
const DISCORD_MAX = 2_000
const GOTIFY_PRIORITY = { info: 2, warning: 5, critical: 8 } as const

/** The body, as JSON can carry it. No format lets our text become markup or mention somebody. */
export const BODIES: Readonly<Record<Format, (notice: Notice) => unknown>> = {
  generic: ({ hint: _, ...notice }) => ({ ...notice, source: 'ottugi' }),
  // https://docs.slack.dev/messaging/formatting-message-text: three characters are escaped, no others.
  slack: (notice) => ({
    text: plainText(notice).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  }),
  discord: (notice) => ({ content: plainText(notice).slice(0, DISCORD_MAX), allowed_mentions: { parse: [] } }),
  teams: ({ title, body, link }) => ({
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: {
          type: 'AdaptiveCard',
          version: '1.4',
          body: [
            { type: 'TextBlock', text: title, weight: 'Bolder', wrap: true },
            { type: 'TextBlock', text: body.replaceAll('\n', '\n\n'), wrap: true },
          ],
          actions: link ? [{ type: 'Action.OpenUrl', title: 'Ottugi', url: link }] : [],
        },
      },
    ],
  }),
  gotify: (notice) => ({
    title: notice.title,
    message: notice.link ? `${notice.body}\n${notice.link}` : notice.body,
    priority: GOTIFY_PRIORITY[notice.severity],
  }),
}

/** Fills `{name}`s in a JSON template: each value is escaped for the inside of a JSON string. Undefined where no JSON comes of it. */
export function fillTemplate(template: string, { hint: _, ...notice }: Notice): string | undefined {
  const values: Readonly<Record<string, string | null>> = notice
  const filled = template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? JSON.stringify(values[name] ?? '').slice(1, -1) : whole,
  )
  try {
    JSON.parse(filled)
    return filled
  } catch {
    return undefined
  }
}
