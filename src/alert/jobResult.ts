import type { MessageKey } from '../shared/messages/table.ts'
import { text, textOf } from '../shared/messages/text.ts'
import { MAX_RESULT, type ResultRequest } from '../shared/requestFiles.ts'
import { visibleText } from '../shared/visibleText.ts'
import { hostWord, type Voice } from './compose.ts'
import type { Notice } from './notice.ts'
import type { NewMessage } from './outbox.ts'

/** Longest name of a job in a title, in characters. */
const MAX_NAME = 60
/** Longest body, in bytes: ntfy takes 4,096 for a whole message. */
const MAX_BYTES = 3_000

/** Why there is no answer, in our own words. */
const ENDS: Readonly<Record<string, MessageKey>> = {
  budget: 'notify.end.budget',
  cancelled: 'notify.end.cancelled',
  rounds: 'notify.end.rounds',
  'repeated-call': 'notify.end.repeated',
  'max-tokens': 'notify.end.cut',
  'not-run': 'notify.end.notRun',
}

/**
 * The messages of a result, one for each of its channels. The owner asked for exactly this text on exactly these channels, so it goes as it is, without
 * secrets. The key follows from run and channel: a request that is found twice is told once.
 */
export function resultMessages(
  request: ResultRequest,
  redact: (text: string) => string,
  voice: Voice,
): readonly NewMessage[] {
  const notice = noticeOf(request, redact, voice)
  return [...new Set(request.channels)].map((channel) => ({
    channel,
    notice: { ...notice, key: `-.result.${request.run}.${channel}` },
  }))
}

function noticeOf(request: ResultRequest, redact: (text: string) => string, voice: Voice): Omit<Notice, 'key'> {
  const { language } = voice
  const isAnswer = request.finish === 'answered'
  const name = visibleText([...redact(request.job)].slice(0, MAX_NAME).join(''))
  const title = text(language, isAnswer ? 'notify.title.result' : 'notify.title.noResult', {
    host: hostWord(voice.host),
    name,
  })
  const why = isAnswer ? [] : [textOf(language, { key: ENDS[request.finish] ?? 'notify.end.failed', params: {} })]
  const all = redact(request.text).trim()
  const said = beginningOf(all, MAX_BYTES)
  const isCut = said !== all || request.text.length >= MAX_RESULT
  const more = isCut ? [text(language, 'notify.resultCut', { run: request.run })] : []
  const body = [...why, ...(said === '' ? [] : [said]), ...more].join('\n\n')
  const severity = isAnswer ? 'info' : 'warning'
  return { thread: '-', kind: 'result', severity, title, body, link: voice.link || null, at: request.at, hint: null }
}

/** As many whole characters as fit into so many bytes of UTF-8. */
function beginningOf(said: string, bytes: number): string {
  const { read } = new TextEncoder().encodeInto(said, new Uint8Array(bytes))
  return said.slice(0, read)
}
