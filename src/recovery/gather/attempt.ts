/** A probe that fails says nothing: it never stops the others. */
export function attempt<T>(look: () => T, otherwise: T): T {
  try {
    return look()
  } catch {
    return otherwise
  }
}

/** The same for one that takes time: at most `limitMs` milliseconds, after which what it would have said is not waited for. */
export async function attemptWithin<T>(limitMs: number, look: () => Promise<T>, otherwise: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), limitMs)
  })
  try {
    return await Promise.race([look().catch(() => otherwise), late])
  } finally {
    clearTimeout(timer)
  }
}
