/** Schedulers as processes over one database, killed again and again: every due moment has its run, and no moment has two. */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { atEnd, folder } from './home.ts'
import { judgeSlots, type ManySlots, makeSlots, startScheduler } from './manySlots.ts'

/** Due moments in all; the whole promise is `OTTUGI_TEST_SLOTS=10000`. */
const SLOTS = Number(process.env['OTTUGI_TEST_SLOTS'] ?? 2_000)

function startOne(file: string, { nowMs }: ManySlots): ChildProcess {
  const child = startScheduler(file, nowMs)
  atEnd(() => child.kill('SIGKILL'))
  return child
}

/** Kills a scheduler after it has begun so many runs. False when it came to its end before. */
async function killAfter(begun: number, file: string, slots: ManySlots): Promise<boolean> {
  const child = startOne(file, slots)
  let heard = 0
  child.stdout?.on('data', (data: Buffer) => {
    heard += data.toString().split('.').length - 1
    if (heard >= begun) child.kill('SIGKILL')
  })
  await once(child, 'exit')
  return child.signalCode === 'SIGKILL'
}

it(`${SLOTS} due moments, two schedulers, and a kill whenever one of them gets on: none missed, none doubled`, async () => {
  const file = join(folder(), 'agent.db')
  const slots = makeSlots(file, SLOTS)
  let kills = 0
  while (kills < 8 && (await killAfter(kills * (SLOTS / 80), file, slots))) kills++
  // The last two work against each other to the end.
  const last = [startOne(file, slots), startOne(file, slots)]
  for (const { stdout } of last) stdout?.resume()
  await Promise.all(last.map((child) => once(child, 'exit')))
  const sweeper = startOne(file, slots)
  sweeper.stdout?.resume()
  await once(sweeper, 'exit')

  expect(kills).toBeGreaterThan(0)
  expect(judgeSlots(file, slots)).toEqual({ runs: slots.expected.length, missed: [], doubled: [], open: 0 })
  expect(new Set(slots.expected).size).toBe(slots.expected.length)
}, 120_000)
