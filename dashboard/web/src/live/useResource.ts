import { useEffect, useRef, useState } from 'preact/hooks'
import { nowMs, readAgeClock } from '../app/clock.ts'
import { language } from '../app/text.ts'
import { fresh } from './live.ts'
import type { Answer, Failure } from './problem.ts'
import { type AgeMark, ageMs, STALE_AFTER_MS } from './staleness.ts'

/** What a view knows of one answer of the server. */
export type Resource<Value> = {
  /** The newest answer, also while the next is asked for and after it failed; null before the first. */
  readonly data: Value | null
  /** Why the last question failed; null where it did not. */
  readonly failure: Failure | null
  /** True until the first answer or failure. */
  readonly isLoading: boolean
  /** True where `data` must not look new. */
  readonly stale: boolean
  readonly reload: () => void
}

type Known<Value> = { readonly data: Value | null; readonly failure: Failure | null; readonly mark: AgeMark | null }
const NOTHING = { data: null, failure: null, mark: null }
const EVERY_MS = 30_000

/**
 * Asks when the view appears, when one of `keys` changes (the old answer goes then), every `everyMs` (default 30 s; null never) while somebody looks,
 * and when the server is back. A question that nobody waits for any more is taken back.
 */
export function useResource<Value>(
  ask: (signal: AbortSignal) => Promise<Answer<Value>>,
  keys: readonly (string | number | null)[],
  everyMs: number | null = EVERY_MS,
): Resource<Value> {
  const [known, setKnown] = useState<Known<Value>>(NOTHING)
  const [turn, setTurn] = useState(0)
  const question = useRef(ask)
  question.current = ask
  const reload = () => setTurn((before) => before + 1)
  const key = [...keys, language.value].join('\u0000')
  useEffect(() => setKnown(NOTHING), [key])
  // The question itself is new at each render; keys and turns say when it is asked.
  useEffect(() => {
    const abort = new AbortController()
    void question.current(abort.signal).then((answer) => {
      if (abort.signal.aborted) return
      setKnown((before) =>
        answer.ok ? { data: answer.value, failure: null, mark: readAgeClock() } : { ...before, failure: answer },
      )
    })
    return () => abort.abort()
  }, [key, turn])
  useReasonsToReload(reload, everyMs)
  return {
    data: known.data,
    failure: known.failure,
    isLoading: known.data === null && known.failure === null,
    stale: isStale(known, everyMs),
    reload,
  }
}

function useReasonsToReload(reload: () => void, everyMs: number | null): void {
  useEffect(() => {
    if (everyMs === null) return undefined
    const timer = setInterval(() => {
      if (!document.hidden) reload()
    }, everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  useEffect(() => {
    const look = () => {
      if (!document.hidden) reload()
    }
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [])
  useEffect(() => {
    let before = fresh.peek()
    return fresh.subscribe((now) => {
      if (now && !before) reload()
      before = now
    })
  }, [])
}

function isStale(known: Known<unknown>, everyMs: number | null): boolean {
  if (known.mark === null) return false
  if (known.failure || !fresh.value) return true
  if (everyMs === null) return false
  // Read without subscribing: the flip of `fresh` and each reload render anew anyway.
  void nowMs.peek()
  return ageMs(known.mark, readAgeClock()) > everyMs + STALE_AFTER_MS
}
