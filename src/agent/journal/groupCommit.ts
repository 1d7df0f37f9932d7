/** Many small writes, one sync: what is handed over within one turn of the loop is stored in one transaction. */

/** Takes work for the next transaction. */
export type GroupCommit<Work, Result> = {
  /** Resolves when the work is durable; rejects when the transaction failed, and then nothing of it was stored. */
  readonly add: (work: Work) => Promise<Result>
  /** Stores at once what waits. */
  readonly flush: () => void
  /** What waits to be stored. */
  readonly waiting: () => readonly Work[]
}

type Waiting<Work, Result> = {
  readonly work: Work
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

/** `commit` stores all of it in one transaction and gives a result for each, in order, or throws and stores none. */
export function createGroupCommit<Work, Result>(
  commit: (works: readonly Work[]) => readonly Result[],
): GroupCommit<Work, Result> {
  let queue: Waiting<Work, Result>[] = []
  let timer: NodeJS.Immediate | undefined

  const flush = () => {
    clearImmediate(timer)
    timer = undefined
    if (queue.length === 0) return
    const group = queue
    try {
      const results = commit(group.map(({ work }) => work))
      queue = []
      for (const [index, { resolve }] of group.entries()) resolve(results[index] as Result)
    } catch (error) {
      queue = []
      for (const { reject } of group) reject(error)
    }
  }
  return {
    add: (work) =>
      new Promise((resolve, reject) => {
        queue.push({ work, resolve, reject })
        timer ??= setImmediate(flush)
      }),
    flush,
    waiting: () => queue.map(({ work }) => work),
  }
}
