/** The files that the supervisor holds open: cut in place, under a writer that never looks. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Logger } from '../../src/shared/log.ts'
import { type HomePaths, homePaths } from '../../src/shared/paths.ts'
import { createErrorLogs, cutInPlace } from '../../src/watchdog/errorLogs.ts'

const MIB = 1_048_576
let paths: HomePaths
let told: { file: string; droppedBytes?: number; error?: string }[]
let log: Logger

beforeEach(() => {
  paths = homePaths(mkdtempSync(join(tmpdir(), 'ottugi-errors-')))
  mkdirSync(paths.logs)
  mkdirSync(paths.pm2)
  told = []
  log = { warn: (facts: (typeof told)[number]) => void told.push(facts) } as unknown as Logger
})

afterEach(() => rmSync(paths.home, { recursive: true, force: true }))

const line = (number: number) => `${number} ${'x'.repeat(90)}\n`
const lines = (count: number) => Array.from({ length: count }, (_, number) => line(number)).join('')

it('keeps the newest whole lines, and says what it dropped', () => {
  const file = paths.errorLogOf('agent')
  const text = lines(20_000)
  writeFileSync(file, text)
  const dropped = cutInPlace(file)
  const left = readFileSync(file, 'utf8')
  const [first, ...rest] = left.split('\n')
  expect(first).toBe(`… ${dropped} bytes were dropped here`)
  expect(text.endsWith(rest.join('\n'))).toBe(true)
  expect(dropped + rest.join('\n').length).toBe(text.length)
  expect(rest.join('\n').length).toBeGreaterThan(60_000)
  expect(rest[0]).toMatch(/^\d+ x+$/)
})

it('bounds all files of the supervisor, looks seldom, and closely while one is flooded', () => {
  const chore = createErrorLogs({ paths, log, maxFileMb: 1 })
  const all = [...(['agent', 'watchdog', 'dashboard'] as const).map(paths.errorLogOf), join(paths.pm2, 'pm2.log')]
  chore(0, false)
  expect(told).toEqual([])
  for (const file of all) writeFileSync(file, lines(15_000))
  chore(9_000, false)
  expect(told).toEqual([])
  chore(10_000, false)
  expect(told.map(({ file }) => file).toSorted()).toEqual(all.toSorted())
  for (const file of all) expect(statSync(file).size).toBeLessThan(MIB / 8)
  writeFileSync(all[0] ?? '', lines(15_000))
  chore(11_000, false)
  expect(told.length).toBe(5)
  chore(12_000, false)
  writeFileSync(all[0] ?? '', lines(15_000))
  chore(21_000, false)
  expect(told.length).toBe(5)
})

it('leaves small files alone, and never follows a link', () => {
  const chore = createErrorLogs({ paths, log, maxFileMb: 1 })
  const foreign = join(paths.home, 'foreign')
  writeFileSync(foreign, lines(15_000))
  writeFileSync(paths.errorLogOf('watchdog'), lines(100))
  symlinkSync(foreign, paths.errorLogOf('agent'))
  chore(0, false)
  expect(told).toEqual([{ file: paths.errorLogOf('agent'), error: expect.stringMatching(/ELOOP/) }])
  chore(9_000, false)
  expect(told.length).toBe(1)
  expect(readFileSync(foreign, 'utf8')).toBe(lines(15_000))
  expect(readFileSync(paths.errorLogOf('watchdog'), 'utf8')).toBe(lines(100))
})

it('lets the process that has the file open go on at its new end', async () => {
  const file = paths.errorLogOf('agent')
  const flood = "for (let n = 0; n < 40_000; n++) process.stderr.write(n + ' ' + 'y'.repeat(90) + '\\n')"
  const child = spawn(process.execPath, ['-e', `${flood}; process.on('message', () => { ${flood}; process.exit() })`], {
    stdio: ['ignore', 'ignore', openSync(file, 'a'), 'ipc'],
  })
  while (statSync(file).size < 2 * MIB) await new Promise((resolve) => setImmediate(resolve))
  cutInPlace(file)
  child.send('more')
  await once(child, 'exit')
  const text = readFileSync(file)
  expect(text.includes(0)).toBe(false)
  expect(text.toString('utf8')).toMatch(/39999 y+\n$/)
})
