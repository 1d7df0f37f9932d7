/** What a person typed and has not sent, by session. Kept in the browser, so that a reload loses nothing; bounded, so that it cannot fill the store. */

/** The part of the browser's `Storage` that is needed. */
export type DraftStore = {
  readonly getItem: (key: string) => string | null
  readonly setItem: (key: string, value: string) => void
  readonly removeItem: (key: string) => void
}

const KEY = 'ottugi.drafts'
/** Drafts that are kept; the ones that were touched longest ago go first. */
export const MOST_DRAFTS = 20
/** Longest draft that is kept, in characters: as long as the longest message. */
export const LONGEST_DRAFT = 200_000

/** The draft of a session; empty without one, and where the browser keeps nothing. */
export function readDraft(store: DraftStore, session: string): string {
  return read(store).find(([id]) => id === session)?.[1] ?? ''
}

/** Keeps a draft, or forgets it where it is empty. A browser that keeps nothing is no error: the text stays on the page. */
export function keepDraft(store: DraftStore, session: string, text: string): void {
  const others = read(store).filter(([id]) => id !== session)
  const kept = text.trim() === '' ? others : [...others, [session, text.slice(0, LONGEST_DRAFT)] as const]
  try {
    if (kept.length === 0) store.removeItem(KEY)
    else store.setItem(KEY, JSON.stringify(kept.slice(-MOST_DRAFTS)))
  } catch {
    // Private windows and full stores refuse; the draft then lives as long as the page.
  }
}

type Kept = readonly (readonly [session: string, text: string])[]

function read(store: DraftStore): Kept {
  try {
    const kept: unknown = JSON.parse(store.getItem(KEY) ?? '[]')
    return Array.isArray(kept) ? kept.filter(isDraft) : []
  } catch {
    return []
  }
}

function isDraft(entry: unknown): entry is readonly [string, string] {
  return Array.isArray(entry) && typeof entry[0] === 'string' && typeof entry[1] === 'string'
}
