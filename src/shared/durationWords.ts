/** Durations and times as people read them. */
import type { Language } from './messages/message.ts'

const WORDS: Readonly<Record<Language, readonly [string, string, string, string]>> = {
  en: [' d', ' h', ' min', ' s'],
  ko: ['일', '시간', '분', '초'],
}

/** `3 d 4 h`, `6 s`, `0.4 s` (`3일 4시간`): the two largest units that say something. A dash is not a zero: unknown is `–`. */
export function formatDuration(ms: number | null, language: Language): string {
  if (ms === null || !Number.isFinite(ms)) return '–'
  const [day, hour, minute, second] = WORDS[language]
  if (ms < 10_000) return `${(ms / 1_000).toFixed(1)}${second}`
  const seconds = Math.round(ms / 1_000)
  const parts = [
    [Math.floor(seconds / 86_400), day],
    [Math.floor((seconds % 86_400) / 3_600), hour],
    [Math.floor((seconds % 3_600) / 60), minute],
    [seconds % 60, second],
  ] as const
  return parts
    .filter(([count]) => count > 0)
    .slice(0, 2)
    .map(([count, unit]) => `${count}${unit}`)
    .join(' ')
}

/** A time of day for today, with the date for other days, in the reader's zone. */
export function formatTime(iso: string, now: Date = new Date()): string {
  const at = new Date(iso)
  const time = at.toLocaleTimeString('sv-SE', { hour: '2-digit', minute: '2-digit', second: '2-digit' })
  return at.toDateString() === now.toDateString() ? time : `${at.toLocaleDateString('sv-SE')} ${time}`
}
