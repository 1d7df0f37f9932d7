/**
 * One tab that listens. It is given the journal at its own pace, so that nothing is missed and nothing comes twice; of everything else it gets the newest.
 * Never holds more than {@link MOST_WAITING_BYTES} and one page of the journal for it.
 */
import type { Response } from 'express'
import { monotonicMs } from '../../src/shared/clock.ts'
import type { Language } from '../../src/shared/messages/message.ts'

/** An event of the journal as it is sent. */
export type SentEvent = { readonly seq: number; readonly text: string }

/** What a tab is and may. */
export type ClientParts = {
  readonly response: Response
  readonly language: Language
  /** The journal after this event; null where it is not known yet how far it is. */
  readonly cursor: number | null
  /** Wall clock in milliseconds; null for a program with a token. */
  readonly endsMs: number | null
  /** Asked now and then: a session may be signed out, a token changed. */
  readonly isStillAllowed: () => boolean
  /** Events after that one, in order; a page of them. */
  readonly journalAfter: (seq: number) => readonly SentEvent[]
}

/** A tab. */
export type LiveClient = ReturnType<typeof createClient>

/** So much may wait for a tab before it is told nothing more, in bytes. */
const MOST_WAITING_BYTES = 262_144
/** A tab that took nothing for so long is dropped; it comes back with its last id. */
const PATIENCE_MS = 15_000

/** Begins the stream. */
export function createClient({ response, language, cursor: begin, endsMs, isStillAllowed, journalAfter }: ClientParts) {
  let cursor = begin
  let counter = 0
  let blockedSinceMonoMs: number | undefined
  /** The newest of each kind that could not be sent. */
  const kept = new Map<string, { readonly event: string; readonly text: string }>()

  const write = (event: string, text: string) => {
    response.write(`id: ${cursor ?? 0}.${counter++}\nevent: ${event}\ndata: ${text}\n\n`)
    if (response.writableLength > MOST_WAITING_BYTES) blockedSinceMonoMs ??= monotonicMs()
  }
  const isBlocked = () => blockedSinceMonoMs !== undefined || response.writableEnded || response.destroyed
  const pump = () => {
    while (cursor !== null && !isBlocked()) {
      const page = journalAfter(cursor)
      if (page.length === 0) return
      for (const { seq, text } of page) {
        if (isBlocked()) return
        cursor = seq
        counter = 0
        write('journal', text)
      }
    }
  }
  const flush = () => {
    pump()
    for (const [key, { event, text }] of kept) {
      if (isBlocked()) return
      kept.delete(key)
      write(event, text)
    }
  }
  response.on('drain', () => {
    blockedSinceMonoMs = undefined
    flush()
  })
  return {
    language,
    isStillAllowed,
    pump,
    /** True once it may be here no longer, or takes nothing any more. */
    isOver: (nowMs: number) =>
      (endsMs !== null && nowMs >= endsMs) ||
      (blockedSinceMonoMs !== undefined && monotonicMs() - blockedSinceMonoMs > PATIENCE_MS),
    /** Sends it now, or the newest one of this `key` when the tab can take it again. */
    tell: (event: string, text: string, key = event) => {
      if (isBlocked()) return void kept.set(key, { event, text })
      write(event, text)
    },
    /** The journal is so far: for a tab that did not know, and after one that was put back. */
    startAt: (seq: number) => {
      cursor = cursor === null ? seq : Math.min(cursor, seq)
    },
    end: () => {
      if (blockedSinceMonoMs === undefined) response.end()
      else response.destroy()
    },
  }
}
