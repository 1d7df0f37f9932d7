/** What came of doing something under a key, or that the key stands for something else. */
export type OnceResult<Result> = { readonly isOther: false; readonly result: Result } | { readonly isOther: true }

/** Does what has a key once, for all who ask with that key; `what` tells two deeds apart. */
export type Once<Result> = (key: string, what: string, act: () => Promise<Result>) => Promise<OnceResult<Result>>

/** So many keys are remembered, the newest ones. */
const MOST_KEPT = 500

/** A memory of what was done in this process. What did not come to an end (`isOver`) is forgotten, so that it can be tried again. */
export function createOnce<Result>(isOver: (result: Result) => boolean): Once<Result> {
  const known = new Map<string, { readonly what: string; readonly result: Promise<Result> }>()
  const forget = (key: string) => void known.delete(key)
  return async (key, what, act) => {
    const before = known.get(key)
    if (before && before.what !== what) return { isOther: true }
    const entry = before ?? { what, result: act() }
    known.set(key, entry)
    for (const oldest of known.keys()) if (known.size > MOST_KEPT) forget(oldest)
    try {
      const result = await entry.result
      if (!isOver(result)) forget(key)
      return { isOther: false, result }
    } catch (error) {
      forget(key)
      throw error
    }
  }
}
