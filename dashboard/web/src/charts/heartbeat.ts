/** The heartbeat bar, worked out: which word wins, how cells are joined where the window is narrow, where the arrow keys lead. */
import type { HeartbeatCell, HeartbeatWord } from '../../../contract.ts'
import type { Tone } from '../design/tone.ts'

/** From the best to the worst. What is not known is worse than what was wished. */
const ORDER: readonly HeartbeatWord[] = ['up', 'stopped', 'maintenance', 'unknown', 'degraded', 'down']

/** The tone of a word. */
export const WORD_TONES: Readonly<Record<HeartbeatWord, Tone>> = {
  up: 'good',
  degraded: 'warn',
  down: 'bad',
  maintenance: 'info',
  stopped: 'idle',
  unknown: 'unknown',
}

/** The cells with `many` of them joined into one; counted from the newest, so that the newest cell is whole. */
export function joinCells(cells: readonly HeartbeatCell[], many: number): HeartbeatCell[] {
  if (many <= 1) return [...cells]
  const groups: HeartbeatCell[] = []
  for (let end = cells.length; end > 0; end -= many) {
    const group = cells.slice(Math.max(0, end - many), end)
    groups.unshift(group.reduce(join))
  }
  return groups
}

function join(one: HeartbeatCell, next: HeartbeatCell): HeartbeatCell {
  const worse = ORDER.indexOf(next.word) > ORDER.indexOf(one.word) ? next.word : one.word
  return { at: one.at, word: worse, downMs: one.downMs + next.downMs, incidents: one.incidents + next.incidents }
}

/** How many cells become one, so that each is at least `leastPx` wide. */
export function joinedBy(count: number, widthPx: number, leastPx: number): number {
  if (widthPx <= 0 || count === 0) return 1
  return Math.max(1, Math.ceil((count * leastPx) / widthPx))
}

/** The place that a key leads to; null for keys that lead nowhere. */
export function nextPlace(key: string, place: number, count: number): number | null {
  const last = count - 1
  if (key === 'ArrowRight' || key === 'ArrowUp') return Math.min(last, place + 1)
  if (key === 'ArrowLeft' || key === 'ArrowDown') return Math.max(0, place - 1)
  if (key === 'PageUp') return Math.max(0, place - 8)
  if (key === 'PageDown') return Math.min(last, place + 8)
  if (key === 'Home') return 0
  return key === 'End' ? last : null
}
