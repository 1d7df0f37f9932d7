/** A question whose answer is not there yet, kept while the tab lives: after a reload it is asked again with the same id, which leads to the same run. */
import type { ChatQuestion } from '../../../../contractViews.ts'
import type { DraftStore } from './drafts.ts'

const KEY = 'ottugi.pending'

/** The question that this tab waits for in that session; null without one. */
export function readPending(store: DraftStore, session: string): ChatQuestion | null {
  try {
    const kept: unknown = JSON.parse(store.getItem(KEY) ?? 'null')
    return isQuestion(kept) && kept.session === session ? kept : null
  } catch {
    return null
  }
}

/** Keeps it; null forgets it. */
export function keepPending(store: DraftStore, question: ChatQuestion | null): void {
  try {
    if (question === null) store.removeItem(KEY)
    else store.setItem(KEY, JSON.stringify(question))
  } catch {
    // A browser that keeps nothing: the answer is then found in the session.
  }
}

function isQuestion(kept: unknown): kept is ChatQuestion {
  const it = (typeof kept === 'object' && kept !== null ? kept : {}) as Readonly<Record<string, unknown>>
  const isModel = it['model'] === undefined || typeof it['model'] === 'string'
  return ['session', 'message', 'id'].every((field) => typeof it[field] === 'string') && isModel
}
