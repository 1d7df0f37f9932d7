/** How the agent ends: what the ledger is told, and how long the drain may take. */
import { createServer } from 'node:http'
import { expect, it } from 'vitest'
import type { Journal } from '../../src/agent/journal/journal.ts'
import { createLeave, type Departure, type LeaveParts } from '../../src/agent/leave.ts'
import type { Runs } from '../../src/agent/runs/runs.ts'
import type { Boot } from '../../src/shared/entry.ts'
import type { Logger } from '../../src/shared/log.ts'
import { homePaths } from '../../src/shared/paths.ts'

/** Leaves with runs that finish only when they are let go of, or at once; gives what was done, in order. */
async function leaveWith(departure: Departure | undefined, runsFinish: boolean, drainMs = 60_000): Promise<string[]> {
  const done: string[] = []
  const letGo = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<void>()
  const runs = {
    drain: () => (runsFinish ? Promise.resolve() : letGo.promise),
    letGo: () => {
      done.push('let go')
      letGo.resolve()
    },
    liveCount: () => 0,
  } as unknown as Runs
  const end = (how: string) => (reason: string) => {
    done.push(`${how} ${reason}`)
    ended.resolve()
    throw new Error('a process ends here')
  }
  const parts: LeaveParts = {
    boot: { paths: homePaths('/nowhere'), leave: end('leave'), fail: end('fail') } as unknown as Boot,
    link: { setPhase: (phase) => void done.push(phase) },
    server: createServer().listen(0),
    runs,
    journal: { close: () => void done.push('journal closed') } as unknown as Journal,
    leaving: new AbortController(),
    drainMs,
    later: { stop: async () => void done.push('schedule stopped') },
    runner: { close: async () => void done.push('tools closed') },
    log: { info: () => {}, warn: () => void done.push('warned') } as unknown as Logger,
  }
  // The real ends never return; here they throw instead, which nobody awaits.
  const ignore = () => {}
  process.on('unhandledRejection', ignore)
  const leave = createLeave(parts)
  leave(departure)
  leave({ reason: 'again' })
  await ended.promise
  await new Promise((resolve) => setImmediate(resolve))
  process.off('unhandledRejection', ignore)
  return done
}

it('ends planned when it was asked to, with all its runs finished', async () => {
  expect(await leaveWith(undefined, true)).toEqual([
    'draining',
    'schedule stopped',
    'let go',
    'tools closed',
    'journal closed',
    'leave stop',
  ])
})

it('fails with the word of the fault when it leaves because of one, and drains no longer than that leaves it', async () => {
  const departure: Departure = { fault: 'memory-leak', reason: 'the heap grows', withinMs: 20 }
  expect(await leaveWith(departure, false)).toEqual([
    'warned',
    'draining',
    'schedule stopped',
    'let go',
    'tools closed',
    'journal closed',
    'fail memory-leak: the heap grows',
  ])
})

it('drains no longer than the settings say, whatever time a leak would leave', async () => {
  const departure: Departure = { fault: 'descriptor-leak', reason: '80 of 100', withinMs: 60_000 }
  expect((await leaveWith(departure, false, 20)).at(-1)).toBe('fail descriptor-leak: 80 of 100')
})
