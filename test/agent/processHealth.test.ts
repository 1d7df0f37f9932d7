/** The limits that the agent holds by itself: of its heap, of what is resident, and of its descriptors. */
import { expect, it } from 'vitest'
import { watchProcess } from '../../src/agent/health/processHealth.ts'
import { eventually } from './agentProcess.ts'

const MIB = 1_048_576

it('passes the heap over when it is full of garbage, and tells when it is really full', async () => {
  const told: string[] = []
  const left: unknown[] = []
  const maxHeapMb = Math.ceil(process.memoryUsage().heapUsed / MIB) + 150
  const health = watchProcess({
    language: 'en',
    maxHeapMb,
    onFull: (reason) => void told.push(reason),
    onLeak: (departure) => void left.push(departure),
  })
  expect(health.memory().status).toBe('pass')
  const kept: number[][] = []
  const waste = setInterval(() => Array.from({ length: 30 }, () => Array<number>(MIB / 8).fill(0.5)), 20)
  await new Promise((resolve) => setTimeout(resolve, 2_500))
  clearInterval(waste)
  expect(told).toEqual([])
  for (let mb = 0; mb < 300; mb++) kept.push(Array<number>(MIB / 8).fill(0.5))
  expect(health.memory()).toMatchObject({ status: 'warn' })
  expect(await eventually(() => told[0])).toMatch(
    new RegExp(`^out-of-memory: the heap holds \\d+ of ${maxHeapMb} MiB$`),
  )
  expect(kept.length).toBe(300)
  expect(left).toEqual([])
  expect(health.descriptors()).toMatchObject({ status: 'pass' })
})
