/** A session as a file: JSON for programs, Markdown for people. */
import { callsIn, type RecordedEvent, type SessionSummary, textIn } from './recorded.ts'

/** Raised when a field changes its meaning or goes; new fields do not raise it. */
const SCHEMA_VERSION = 1

/** The formats. */
export const EXPORT_FORMATS = ['json', 'markdown'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** Writes it in one of the formats; ends with a line break. */
export function exportSession(format: ExportFormat, session: SessionSummary, events: readonly RecordedEvent[]): string {
  return format === 'json' ? asJson(session, events) : asMarkdown(session, events)
}

function asJson(session: SessionSummary, events: readonly RecordedEvent[]): string {
  return `${JSON.stringify({ schema: 'ottugi.session', version: SCHEMA_VERSION, session, events }, null, 2)}\n`
}

function asMarkdown(session: SessionSummary, events: readonly RecordedEvent[]): string {
  const title = session.title === '' ? session.session : session.title
  const facts = [
    `- session: \`${session.session}\``,
    ...(session.branchOf ? [`- branch of: \`${session.branchOf.session}\`, event ${session.branchOf.seq}`] : []),
    `- ${session.startedAt} – ${session.lastAt}`,
    `- runs: ${session.runs}, cost: ${session.costUsd.toFixed(4)} USD`,
  ]
  const blocks = events.flatMap((event) => blockOf(event))
  return `${[`# ${title.replace(/\s+/g, ' ')}`, facts.join('\n'), ...blocks].join('\n\n')}\n`
}

function blockOf({ type, at, data }: RecordedEvent): string[] {
  switch (type) {
    case 'message_in':
      return [`## You · ${at}`, ...imagesNote(data), ...spoken(textIn(data))]
    case 'steered':
      return [`## You, meanwhile · ${at}`, ...spoken(textIn(data))]
    case 'model_answered':
      return answerBlocks(at, data)
    case 'tool_ended':
      return [`**Result of \`${textIn(data, 'tool')}\`** (${textIn(data, 'how')})`, fenced(textIn(data))]
    case 'hinted':
      return [`*Hint to the model: ${textIn(data)}*`]
    case 'run_ended':
      return data['finish'] === 'answered' ? [] : [`*Ended: ${textIn(data, 'finish')}. ${textIn(data, 'reason')}*`]
    case 'session_changed':
      return data['do'] === 'compact'
        ? ['*Everything above was summarised for the model:*', fenced(textIn(data, 'summary'))]
        : []
    default:
      return []
  }
}

function answerBlocks(at: string, data: RecordedEvent['data']): string[] {
  if (typeof data['text'] !== 'string') return []
  const calls = callsIn(data).flatMap(({ name, input, broken }) => [
    `**Call of \`${name}\`**`,
    fenced(broken ?? JSON.stringify(input, null, 2), 'json'),
  ])
  return [`## Ottugi · ${at} · ${textIn(data, 'model')}`, ...spoken(textIn(data)), ...calls]
}

function imagesNote(data: RecordedEvent['data']): string[] {
  const images = data['images']
  return Array.isArray(images) && images.length > 0 ? [`*(${images.length} pictures)*`] : []
}

function spoken(text: string): string[] {
  return text === '' ? [] : [text]
}

/** A fence that is longer than every one inside it. */
function fenced(text: string, language = ''): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${text}\n${fence}`
}
