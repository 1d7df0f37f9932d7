/** Figures as a person reads them. `null` is a dash and never a zero; times are in the reader's zone. Nothing here looks at a clock or at the page. */
import type { Language } from '../../../../src/shared/messages/message.ts'

/** What stands for "not known". */
export const DASH = '–'

const SECOND = 1_000
const MINUTE = 60_000
const HOUR = 3_600_000
const DAY = 86_400_000
const STEP = 1024

/** Dollars: two digits, more where that would read as nothing ("$0.0042"). */
export function formatUsd(usd: number | null, language: Language): string {
  if (usd === null) return DASH
  const digits = usd !== 0 && Math.abs(usd) < 0.01 ? 4 : 2
  return new Intl.NumberFormat(language, {
    style: 'currency',
    currency: 'USD',
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(usd)
}

/** A count, grouped. */
export function formatCount(count: number | null, language: Language): string {
  return count === null ? DASH : new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(count)
}

/** A long count in few letters: "12.4K". */
export function formatCompact(count: number | null, language: Language): string {
  if (count === null) return DASH
  return new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 }).format(count)
}

/** A share of 0–1 as per cent. */
export function formatShare(share: number | null, language: Language, digits = 0): string {
  if (share === null) return DASH
  // 0.9999 must not read as a whole: what is missing is what matters.
  const scale = 10 ** (digits + 2)
  const cut = share < 1 && share > 0.5 ? Math.floor(share * scale) / scale : share
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: digits }).format(cut)
}

/** Bytes in steps of 1024. */
export function formatBytes(bytes: number | null, language: Language): string {
  if (bytes === null) return DASH
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = Math.min(
    units.length - 1,
    Math.max(0, Math.floor(Math.log(Math.max(1, Math.abs(bytes))) / Math.log(STEP))),
  )
  const value = bytes / STEP ** power
  const digits = power > 0 && value < 10 ? 1 : 0
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value)} ${units[power]}`
}

const UNITS = {
  en: { ms: ' ms', s: ' s', min: ' min', h: ' h', d: ' d' },
  ko: { ms: '밀리초', s: '초', min: '분', h: '시간', d: '일' },
} as const

/** A duration in at most two units: "420 ms", "6.2 s", "3 d 4 h". */
export function formatDuration(ms: number | null, language: Language): string {
  if (ms === null || !Number.isFinite(ms)) return DASH
  const unit = UNITS[language]
  const length = Math.max(0, ms)
  if (length < SECOND) return `${Math.round(length)}${unit.ms}`
  if (length < 10 * SECOND) return `${Math.floor(length / 100) / 10}${unit.s}`
  if (length < MINUTE) return `${Math.floor(length / SECOND)}${unit.s}`
  if (length < HOUR) return pair([length, MINUTE, unit.min], [SECOND, unit.s])
  if (length < DAY) return pair([length, HOUR, unit.h], [MINUTE, unit.min])
  return pair([length, DAY, unit.d], [HOUR, unit.h])
}

function pair([length, big, bigName]: [number, number, string], [small, smallName]: [number, string]): string {
  const rest = Math.floor((length % big) / small)
  return `${Math.floor(length / big)}${bigName}${rest > 0 ? ` ${rest}${smallName}` : ''}`
}

/** How long ago or ahead a moment is, in words: "3 minutes ago". Below five seconds it is "now". */
export function formatRelative(atMs: number, nowMs: number, language: Language): string {
  const words = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' })
  const away = atMs - nowMs
  const size = Math.abs(away)
  if (size < 5 * SECOND) return words.format(0, 'second')
  if (size < MINUTE) return words.format(Math.trunc(away / SECOND), 'second')
  if (size < HOUR) return words.format(Math.trunc(away / MINUTE), 'minute')
  if (size < DAY) return words.format(Math.trunc(away / HOUR), 'hour')
  return words.format(Math.trunc(away / DAY), 'day')
}

/** The time of day, with the date where it is another day than `nowMs`; with seconds where asked for. */
export function formatClock(atMs: number, nowMs: number, language: Language, hasSeconds = false): string {
  const sameDay = new Date(atMs).toDateString() === new Date(nowMs).toDateString()
  const seconds = hasSeconds ? ({ second: '2-digit' } as const) : {}
  const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...seconds } as const
  return new Intl.DateTimeFormat(language, sameDay ? time : { month: 'short', day: 'numeric', ...time }).format(atMs)
}

/** A moment in full: date, seconds and zone. */
export function formatMoment(atMs: number, language: Language): string {
  if (!Number.isFinite(atMs)) return DASH
  return new Intl.DateTimeFormat(language, {
    dateStyle: 'full',
    timeStyle: 'long',
    hourCycle: 'h23',
  }).format(atMs)
}
