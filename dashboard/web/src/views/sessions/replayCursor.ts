/** PURE. Where a replay stands: how many events of a run are shown. `shown` is between 1 and `total`, or 0 where there is nothing. */

/** The cursor of a replay. It plays by itself while `isPlaying`, and never beyond its end. */
export type ReplayCursor = { readonly shown: number; readonly total: number; readonly isPlaying: boolean }

/** What a person or the clock does with it. `grow`: the run went on meanwhile. */
export type ReplayMove =
  | { readonly do: 'next' | 'previous' | 'first' | 'last' | 'toggle' | 'tick' }
  | { readonly do: 'go'; readonly to: number }
  | { readonly do: 'grow'; readonly total: number }

/** Longest and shortest pause between two events while it plays, in milliseconds: long waits are shortened, a burst can still be followed. */
export const REPLAY_PAUSE = { mostMs: 2_000, leastMs: 300 } as const

/** A replay that stands at its first event. */
export function beginReplay(total: number): ReplayCursor {
  return { shown: Math.min(1, total), total, isPlaying: false }
}

/** Moves it. A move by hand ends the playing; to play from the end begins anew. */
export function moveReplay(cursor: ReplayCursor, move: ReplayMove): ReplayCursor {
  const { shown, total, isPlaying } = cursor
  switch (move.do) {
    case 'next':
      return at(cursor, shown + 1)
    case 'previous':
      return at(cursor, shown - 1)
    case 'first':
      return at(cursor, 1)
    case 'last':
      return at(cursor, total)
    case 'go':
      return at(cursor, move.to)
    case 'grow':
      return { ...at({ ...cursor, total: move.total }, shown), isPlaying }
    case 'toggle':
      if (isPlaying) return { ...cursor, isPlaying: false }
      return { ...(shown >= total ? at(cursor, 1) : cursor), isPlaying: total > 1 }
    case 'tick': {
      if (!isPlaying) return cursor
      const moved = at(cursor, shown + 1)
      return { ...moved, isPlaying: moved.shown < total }
    }
  }
}

function at(cursor: ReplayCursor, to: number): ReplayCursor {
  const whole = Number.isFinite(to) ? Math.round(to) : cursor.shown
  const shown = Math.min(cursor.total, Math.max(Math.min(1, cursor.total), whole))
  return { ...cursor, shown, isPlaying: false }
}

/** How long to wait before the next event, in milliseconds, for two moments of the journal. */
export function pauseBetween(before: string, after: string): number {
  const realMs = Date.parse(after) - Date.parse(before)
  if (!Number.isFinite(realMs)) return REPLAY_PAUSE.leastMs
  return Math.min(REPLAY_PAUSE.mostMs, Math.max(REPLAY_PAUSE.leastMs, realMs))
}

/** What a key does to a replay; undefined for every other key. */
export function moveOfKey(key: string): ReplayMove | undefined {
  const moves: Readonly<Record<string, ReplayMove['do']>> = {
    ArrowRight: 'next',
    ArrowLeft: 'previous',
    Home: 'first',
    End: 'last',
    ' ': 'toggle',
  }
  const found = Object.hasOwn(moves, key) ? moves[key] : undefined
  return found === undefined || found === 'go' || found === 'grow' ? undefined : { do: found }
}
