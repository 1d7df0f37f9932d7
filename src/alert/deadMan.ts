/** A dead-man switch elsewhere: it hears from us while all is well, and complains when the calls stay away. It is the only one that notices a dead machine. */
import type { Courier, CourierEars } from './courier.ts'
import type { SenderJob } from './job.ts'

type DeadManParts = {
  readonly urlVariable: string
  readonly everyMs: number
  readonly deadlineMs: number
  readonly envFile: string
  readonly send: (job: SenderJob, ears: CourierEars) => Courier
}

/** One beat of the switch. */
export type DeadMan = { readonly beat: (now: number, isWell: boolean) => void; readonly stop: () => void }

/** Calls at once, then each `everyMs`, and at once when it changes between well and not. A call that fails is not repeated: the next one comes anyway. */
export function createDeadMan({ urlVariable, everyMs, deadlineMs, envFile, send }: DeadManParts): DeadMan {
  let nextAt = 0
  let said: boolean | undefined
  let running: { readonly courier: Courier; readonly until: number } | undefined
  return {
    beat(now, isWell) {
      if (urlVariable === '') return
      if (running) {
        if (now > running.until) running.courier.kill()
        return
      }
      if (now < nextAt && said === isWell) return
      nextAt = now + everyMs
      said = isWell
      const job: SenderJob = { envFile, deadlineMs, channels: [], deadMan: { urlVariable, isWell } }
      const ended = () => {
        running = undefined
      }
      running = { courier: send(job, { line: () => {}, ended }), until: now + 2 * deadlineMs }
    },
    stop: () => running?.courier.kill(),
  }
}
