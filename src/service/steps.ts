import { type Phrase, phrase } from '../shared/messages/phrase.ts'
import type { Call } from './programs.ts'

/** One thing that install or uninstall does: said first (also when nothing is to be done), then done. */
export type Step = {
  readonly say: Phrase
  /** Does it; a text is why it did not work. Absent where all is as it should be. */
  readonly act?: () => Promise<string | undefined>
  /** Said in place of ending when it did not work: the rest is worth doing without it. */
  readonly otherwise?: Phrase
}

/** A step that runs one program; exit 0 is success. */
export function runStep(
  call: Call,
  [program, words]: readonly [string, readonly string[]],
  more: Partial<Pick<Step, 'say' | 'otherwise'>> = {},
): Step {
  return {
    say: phrase('service.stepRun', { command: [program, ...words].join(' ') }),
    ...more,
    act: async () => {
      const { code, err } = await call(program, words)
      return code === 0 ? undefined : err || `exit ${code}`
    },
  }
}

/** A step that is done here. What it throws is its failure, in words. */
export function ownStep(say: Phrase, act: () => void | Promise<void>): Step {
  return {
    say,
    act: async () => {
      try {
        await act()
        return undefined
      } catch (error) {
        return (error as Error).message
      }
    },
  }
}

/** Does all of it in order; ends at the first step that fails and may not. `tell` hears what is done and what did not work. */
export async function perform(
  steps: readonly Step[],
  tell: (words: Phrase, isTrouble: boolean) => void,
): Promise<Phrase | undefined> {
  for (const { say, act, otherwise } of steps) {
    tell(say, false)
    const reason = await act?.()
    if (reason === undefined) continue
    if (!otherwise) return phrase('service.stepFailed', { reason })
    tell(otherwise, true)
  }
  return undefined
}
