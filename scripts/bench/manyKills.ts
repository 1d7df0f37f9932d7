/** kill -9 again and again: through runs of ten steps, and through the schedule. */
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { killUntilDone } from '../../test/agent/chaos/untilDone.ts'
import { judgeSlots, makeSlots, startScheduler } from '../../test/agent/schedule/manySlots.ts'
import type { Bench, Figure } from './measurement.ts'

const CHAOS_RUNS = 200
const SLOTS = 10_000
const KILL_EVERY_MS = 1_000

/** `--rows chaos`. */
export const CHAOS_BENCH: Bench = {
  id: 'chaos',
  groups: ['agent'],
  title: `${CHAOS_RUNS} runs of ten steps, killed each 200 ms`,
  async run() {
    const { kills, lost, unsafeWrong, keyedNotOnce, diverged, ...counts } = await killUntilDone(CHAOS_RUNS)
    const { unsafeDone, unsafeUnknown, askedAgain } = counts
    return {
      figures: {
        kills: count('kills', kills),
        lost: count('runs lost', lost),
        unsafe: count('unsafe calls repeated', unsafeWrong, `${unsafeDone} done, ${unsafeUnknown} of unknown outcome`),
        keyed: count('keyed effects not exactly once', keyedNotOnce, `${askedAgain} asked for again under their key`),
        diverged: count('events that a replay would not come to', diverged),
      },
    }
  },
}

/** `--rows slots`. */
export const SLOTS_BENCH: Bench = {
  id: 'slots',
  groups: ['agent'],
  title: `${SLOTS} due moments of the schedule, killed each second`,
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'ottugi-slots-'))
    try {
      const file = join(folder, 'agent.db')
      const slots = makeSlots(file, SLOTS)
      let kills = 0
      while (await killAfterSecond(file, slots.nowMs)) {
        kills++
        process.stderr.write('.')
      }
      const { missed, doubled, open, runs } = judgeSlots(file, slots)
      return {
        figures: {
          kills: count('kills', kills),
          missed: count('due moments missed', missed.length, `of ${slots.expected.length}`),
          doubled: count('due moments doubled', doubled.length, `of ${runs} runs`),
          open: count('due moments not settled', open),
        },
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

/** One scheduler, killed a second after it has begun to work. False when it came to its end before. */
async function killAfterSecond(file: string, nowMs: number): Promise<boolean> {
  const child = startScheduler(file, nowMs)
  const exited = once(child, 'exit')
  let timer: NodeJS.Timeout | undefined
  child.stdout?.on('data', () => {
    timer ??= setTimeout(() => child.kill('SIGKILL'), KILL_EVERY_MS)
  })
  await exited
  clearTimeout(timer)
  if (child.signalCode === null && child.exitCode !== 0) throw new Error(`a scheduler ended by ${child.exitCode}`)
  return child.signalCode === 'SIGKILL'
}

function count(title: string, value: number, note?: string): Figure {
  return { title, unit: 'times', values: [value], ...(note === undefined ? {} : { note }) }
}
