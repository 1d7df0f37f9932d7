/** A flood of log lines: a burst passes, the rest is dropped and counted, errors pass, memory stays small. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { createStream } from 'rotating-file-stream'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLogValve, LOG_FLOW } from '../../src/shared/logValve.ts'

const info = (size: number) => `{"level":30,"text":"${'x'.repeat(size - 23)}"}\n`
const error = '{"level":50,"msg":"it matters"}\n'

describe('the valve', () => {
  let written: string[]
  let told: number[]
  let sink: { write: (line: string) => void; writableLength: number }
  let valve: ReturnType<typeof createLogValve>

  beforeEach(() => {
    vi.useFakeTimers()
    written = []
    told = []
    sink = { write: (line) => void written.push(line), writableLength: 0 }
    valve = createLogValve(sink, (lines) => void told.push(lines))
  })
  afterEach(() => vi.useRealTimers())

  it('lets a burst through whole, drops what is beyond it, and says once how much that was', () => {
    const line = info(1_024)
    for (let n = 0; n < 3_000; n++) valve.write(line)
    expect(written.length).toBe(LOG_FLOW.laneBytes / 1_024)
    expect(told).toEqual([])
    vi.advanceTimersByTime(LOG_FLOW.windowMs)
    expect(told).toEqual([3_000 - written.length])
    valve.write(line)
    expect(written.at(-1)).toBe(line)
    vi.advanceTimersByTime(60_000)
    expect(told.length).toBe(1)
  })

  it('says once a window how much was dropped while the flood goes on, and never lets more through', () => {
    const line = info(1_024)
    for (let ms = 0; ms < 30_000; ms += 10) {
      for (let n = 0; n < 300; n++) valve.write(line)
      vi.advanceTimersByTime(10)
    }
    expect(told.length).toBeLessThanOrEqual(30)
    const seconds = 30
    expect(written.length * 1_024).toBeLessThanOrEqual(LOG_FLOW.laneBytes * (seconds + 1))
    expect(written.length + told.reduce((sum, lines) => sum + lines, 0)).toBeGreaterThan(3_000 * 300 - 300 * 101)
  })

  it('lets errors through a flood of anything else', () => {
    for (let n = 0; n < 5_000; n++) valve.write(info(1_024))
    valve.write(error)
    expect(written.at(-1)).toBe(error)
  })

  it('drops what the disk does not take, until it does', () => {
    sink.writableLength = LOG_FLOW.bufferedBytes + 1
    for (let n = 0; n < 10; n++) valve.write(info(100))
    vi.advanceTimersByTime(10 * LOG_FLOW.windowMs)
    expect([written, told]).toEqual([[], []])
    sink.writableLength = 0
    vi.advanceTimersByTime(LOG_FLOW.windowMs)
    expect(told).toEqual([10])
    valve.write(info(100))
    expect(written.length).toBe(1)
  })

  it('may be told through itself', () => {
    valve = createLogValve(sink, (lines) => valve.write(`{"level":40,"dropped":${lines}}\n`))
    for (let n = 0; n < 3_000; n++) valve.write(info(1_024))
    vi.advanceTimersByTime(LOG_FLOW.windowMs)
    expect(written.at(-1)).toBe(`{"level":40,"dropped":${3_000 - LOG_FLOW.laneBytes / 1_024}}\n`)
  })
})

it('bounds memory and disk under a flood that a real stream cannot follow', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ottugi-flood-'))
  try {
    const name = (time: unknown, index?: number) => (time ? `agent.${index}.jsonl` : 'agent.jsonl')
    const options = { path: folder, size: '1M', maxFiles: 2, history: 'history', intervalBoundary: false } as const
    const stream = createStream(name, options)
    const valve = createLogValve(stream, (dropped) => log.warn({ dropped }, 'log lines were dropped'))
    const log = pino({}, valve)
    const text = 'x'.repeat(1_000)
    let buffered = 0
    for (let n = 0; n < 100_000; n++) {
      log.info({ text })
      if (n % 100 === 0) buffered = Math.max(buffered, stream.writableLength)
    }
    log.error('the end')
    await vi.waitUntil(() => readdirSync(folder).some((file) => read(folder, file).includes('"dropped":')), {
      timeout: 20_000,
    })
    await new Promise((resolve) => stream.end(resolve))
    const sizes = readdirSync(folder).map((file) => statSync(join(folder, file)).size)
    expect(buffered).toBeLessThan(2 * LOG_FLOW.bufferedBytes)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(10 * 1_048_576)
    expect(readdirSync(folder).some((file) => read(folder, file).includes('the end'))).toBe(true)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

function read(folder: string, file: string): string {
  return readFileSync(join(folder, file), 'utf8')
}
