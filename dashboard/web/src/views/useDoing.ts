import { useState } from 'preact/hooks'
import { showToast } from '../design/toasts.ts'
import type { Answer } from '../live/problem.ts'

/** Something that a person asked for, while it is done. */
export type Doing = {
  readonly isBusy: boolean
  /** Does it, tells a failure in a notice, and hands a success on. Nothing is begun while something else is being done. */
  readonly run: <Value>(work: () => Promise<Answer<Value>>, onDone: (value: Value) => void) => Promise<void>
}

/** One thing at a time. */
export function useDoing(): Doing {
  const [isBusy, setBusy] = useState(false)
  return {
    isBusy,
    run: async (work, onDone) => {
      if (isBusy) return
      setBusy(true)
      const answer = await work()
      setBusy(false)
      if (answer.ok) onDone(answer.value)
      else if (answer.name !== 'aborted') showToast({ text: answer.reason, tone: 'bad' })
    },
  }
}
