/** Words a send: title and body for a person, made of our own texts only. */
import type { Language } from '../shared/messages/message.ts'
import type { MessageKey } from '../shared/messages/table.ts'
import { text, textOf } from '../shared/messages/text.ts'
import type { Send, SendKind, Thread } from './deskState.ts'
import type { Notice } from './notice.ts'
import { deedOf, wordsOf } from './vocabulary.ts'

/** For whom, from where and when. `link` and `timeZone` as in the settings. */
export type Voice = {
  readonly language: Language
  readonly host: string
  readonly link: string
  readonly timeZone: string
  /** ms since 1970. */
  readonly wall: number
}

/** The notice of a send for one channel. */
export function compose(send: Send, channel: string, voice: Voice): Notice {
  const thread = send.thread?.id ?? '-'
  return {
    key: `${thread}.${send.kind}.${send.number}.${Math.round(voice.wall).toString(36)}.${channel}`,
    thread,
    kind: send.kind,
    severity: send.severity,
    title: titleOf(send, voice),
    body: bodyOf(send, voice).join('\n'),
    link: voice.link || null,
    at: new Date(voice.wall).toISOString(),
    hint: hintOf(send, voice),
  }
}

/** A notice that belongs to no thread: a test, or the answer to a command in a chat. */
export function plainNotice(
  kind: 'test' | 'reply',
  said: { readonly key: string; readonly body: string },
  voice: Voice,
): Notice {
  const host = hostWord(voice.host)
  const title = text(voice.language, kind === 'test' ? 'notify.title.test' : 'notify.title.reply', { host })
  const at = new Date(voice.wall).toISOString()
  return { ...said, thread: '-', kind, severity: 'info', title, link: voice.link || null, at, hint: null }
}

/** The name of the machine as it may stand in a title. */
export function hostWord(host: string): string {
  return host.replace(/[^A-Za-z0-9.-]+/g, '-').slice(0, 60) || '-'
}

const TITLES: Readonly<
  Partial<Record<SendKind, 'notify.title.worse' | 'notify.title.reminder' | 'notify.title.recovery'>>
> = {
  worse: 'notify.title.worse',
  reminder: 'notify.title.reminder',
  recovery: 'notify.title.recovery',
}

function titleOf({ kind, severity, thread, broken }: Send, { language, host: name }: Voice): string {
  const host = hostWord(name)
  if (broken !== null) return text(language, 'notify.title.failure', { host, channel: broken })
  if (!thread) return text(language, 'notify.title.summary', { host })
  return text(language, TITLES[kind] ?? `notify.title.${severity}`, { host, what: whatBroke(thread.fault, language) })
}

function whatBroke(fault: string, language: Language): string {
  return worded(wordsOf(fault)[0], language)
}

function worded(key: MessageKey, language: Language): string {
  return textOf(language, { key, params: {} })
}

function bodyOf(send: Send, voice: Voice): string[] {
  const { language } = voice
  if (send.broken !== null) return [text(language, 'notify.failureBody')]
  if (!send.thread) {
    return Object.entries(send.missed).map(([fault, { count }]) =>
      text(language, 'notify.missed', { what: whatBroke(fault, language), count }),
    )
  }
  const since = text(language, 'notify.since', { id: send.thread.id, at: timeIn(send.thread.openedAt, voice) })
  if (send.kind === 'recovery' || send.kind === 'notice') return [since, ...ending(send.thread, voice)]
  return [
    since,
    ...flapping(send.thread, language),
    ...waiting(send.kind, language),
    ...tried(send.thread, language),
    ...nextStep(send.thread, language),
  ]
}

function ending(thread: Thread, voice: Voice): string[] {
  const { language } = voice
  const done = deeds(thread, language)
  const what = done === '' ? [] : [text(language, 'notify.helped', { list: done })]
  if (thread.stage !== 'over') return what
  const lastedMs = Math.max(0, Date.parse(thread.closedAt) - Date.parse(thread.openedAt)) || 0
  const minutes = Math.ceil(lastedMs / 60_000)
  const duration = text(language, 'notify.duration', { hours: Math.floor(minutes / 60), minutes: minutes % 60 })
  return [text(language, 'notify.over', { at: timeIn(thread.closedAt, voice), duration }), ...what]
}

function flapping(thread: Thread, language: Language): string[] {
  const count = thread.stage === 'told' ? thread.flapped : 0
  return count > 0 ? [text(language, 'notify.flapped', { count })] : []
}

function waiting(kind: SendKind, language: Language): string[] {
  return kind === 'escalation' || kind === 'reminder' ? [text(language, 'notify.nobody')] : []
}

function tried(thread: Thread, language: Language): string[] {
  const list = deeds(thread, language)
  return [list === '' ? text(language, 'notify.nothingTried') : text(language, 'notify.tried', { list })]
}

/** Each deed once, with how often. */
function deeds({ tried: actions }: Thread, language: Language): string {
  const counts = new Map<string, number>()
  for (const action of actions) {
    const words = worded(deedOf(action), language)
    counts.set(words, (counts.get(words) ?? 0) + 1)
  }
  return [...counts].map(([words, count]) => (count > 1 ? `${words} ×${count}` : words)).join(', ')
}

function nextStep(thread: Thread, language: Language): string[] {
  const what = worded(wordsOf(thread.fault)[1], language)
  return [text(language, 'notify.next', { what }), text(language, 'notify.details')]
}

function hintOf({ kind, thread }: Send, { language }: Voice): string | null {
  const isOpen = thread?.stage === 'told' && kind !== 'recovery'
  return isOpen ? text(language, 'notify.telegramHint', { id: thread.id }) : null
}

/** `2026-03-02 21:00 GMT+9`, in the zone of the owner. */
function timeIn(at: string, { timeZone }: Voice): string {
  const zone = timeZone === '' ? {} : { timeZone }
  const format = new Intl.DateTimeFormat('sv-SE', {
    ...zone,
    dateStyle: 'short',
    timeStyle: 'short',
  })
  return `${format.format(Date.parse(at))} ${zoneName(Date.parse(at), zone)}`
}

function zoneName(at: number, zone: { readonly timeZone?: string }): string {
  const parts = new Intl.DateTimeFormat('en', { ...zone, timeZoneName: 'short' }).formatToParts(at)
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'UTC'
}
