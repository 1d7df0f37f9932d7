import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { expect, it, vi } from 'vitest'
import {
  cpuFrom,
  type HostReading,
  memoryFrom,
  networkFrom,
  readHost,
} from '../../../src/shared/metrics/hostReading.ts'
import { createHostMeter, createProcessMeter } from '../../../src/shared/metrics/meters.ts'
import { readStat } from '../../../src/shared/procfs.ts'

const reading = (more: Partial<HostReading>): HostReading => ({
  cpu: { busy: 100, total: 1_000 },
  load1: 0.5,
  memoryUsed: 1,
  memoryTotal: 2,
  diskUsed: 3,
  diskTotal: 4,
  network: { received: 1_000, sent: 500 },
  ...more,
})

it('reads the files of the kernel', () => {
  expect(cpuFrom('cpu  100 5 50 800 40 1 4 0 7 0\ncpu0 1 2 3 4\n')).toEqual({ busy: 160, total: 1_000 })
  expect(memoryFrom('MemTotal:  2048 kB\nMemFree: 10 kB\nMemAvailable:   1024 kB\n')).toEqual({
    total: 2_097_152,
    available: 1_048_576,
  })
  const table = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 999 1 0 0 0 0 0 0 999 1 0 0 0 0 0 0
  eth0:1000 1 0 0 0 0 0 0 200 1 0 0 0 0 0 0
 wlan0: 50 1 0 0 0 0 0 0 7 1 0 0 0 0 0 0
veth12: 5 1 0 0 0 0 0 0 5 1 0 0 0 0 0 0
`
  expect(networkFrom(table)).toEqual({ received: 1_050, sent: 207 })
})

it.each(['', 'cpu', 'cpu x y z w\n', 'intr 1 2 3\n', '\0\n\n'])('knows nothing from %j', (text) => {
  expect([cpuFrom(text), memoryFrom(text), networkFrom(text)]).toEqual([null, undefined, null])
})

it('measures what changed since the last reading, and nothing where a counter went back', () => {
  const readings = [
    reading({}),
    reading({ cpu: { busy: 150, total: 1_100 }, network: { received: 3_000, sent: 500 } }),
    reading({ cpu: { busy: 100, total: 1_000 }, network: { received: 10, sent: 600 } }),
    reading({ cpu: null, network: null }),
  ]
  const meter = createHostMeter('/', () => readings.shift() ?? reading({}))
  const seen = [0, 2_000, 4_000, 6_000].map((now) => {
    const { cpu, networkReceivedPerSec, networkSentPerSec } = meter(now)
    return [cpu, networkReceivedPerSec, networkSentPerSec]
  })
  expect(seen).toEqual([
    [null, null, null],
    [0.5, 1_000, 0],
    [null, null, 50],
    [null, null, null],
  ])
})

it('reads this machine', () => {
  const { cpu, memoryUsed, memoryTotal, diskUsed, diskTotal } = readHost(tmpdir())
  expect(cpu === null || cpu.total >= cpu.busy).toBe(true)
  expect(memoryUsed > 0 && memoryUsed < memoryTotal).toBe(true)
  expect(Number(diskUsed) > 0 && Number(diskUsed) <= Number(diskTotal)).toBe(true)
})

it.runIf(process.platform === 'linux')('measures exactly the process that was meant', async () => {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] })
  try {
    const pid = child.pid ?? 0
    const startTicks = readStat(pid)?.startTicks ?? 0
    const meter = createProcessMeter()
    expect(meter({ pid, startTicks }, 0)).toMatchObject({ cpu: null, memory: expect.any(Number) })
    const second = meter({ pid, startTicks }, 1_000)
    expect(second?.cpu).toBeGreaterThanOrEqual(0)
    expect(second?.descriptors).toBeGreaterThan(2)
    expect(meter({ pid, startTicks: startTicks + 1 }, 2_000)).toBeUndefined()
    expect(meter({ pid, startTicks: null }, 3_000)?.cpu).toBeNull()
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
    expect(meter({ pid, startTicks }, 4_000)).toBeUndefined()
  } finally {
    child.kill('SIGKILL')
  }
})

it('asks another way where the kernel has no such files', async () => {
  const meterProcess = createProcessMeter(false)
  const host = createHostMeter(tmpdir(), () => reading({ network: null }), false)
  const own = { pid: process.pid, startTicks: null }
  await vi.waitFor(
    () => {
      expect(meterProcess(own, 0)).toMatchObject({
        cpu: expect.any(Number),
        memory: expect.any(Number),
        descriptors: null,
      })
      expect(host(0)).toMatchObject({
        networkReceivedPerSec: expect.any(Number),
        networkSentPerSec: expect.any(Number),
      })
    },
    { timeout: 30_000, interval: 20 },
  )
  // What nobody confirmed for two rounds is not known.
  expect(meterProcess(own, 130_000)).toBeUndefined()
})
