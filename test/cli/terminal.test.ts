/** What stands on a terminal: columns, durations, shapes, log lines. */
import { appendFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alignRows, columnsOf, padColumns } from '../../src/cli/columns.ts'
import { createContext, processIo } from '../../src/cli/context.ts'
import { formatDuration, parseDuration } from '../../src/cli/duration.ts'
import { createLogTail } from '../../src/cli/logTail.ts'
import { shapeOf } from '../../src/cli/shape.ts'
import { safeLines, terminalSafe } from '../../src/cli/terminalSafe.ts'
import { emptyFolder } from './command.ts'

describe('columns', () => {
  it('count two for letters that are wide', () => {
    expect(['agent', '에이전트', '時間', 'ｗ', '', 'é'].map(columnsOf)).toEqual([5, 8, 4, 2, 0, 1])
    expect(
      alignRows([
        ['홈', '/h'],
        ['dashboard', 'x', 'y'],
      ]),
    ).toEqual(['홈         /h', 'dashboard  x   y'])
  })

  it('begin below each other for any rows', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '가', '한', ' ', '7'), maxLength: 8 })
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 }), (rows) => {
        const widest = Math.max(...rows.map(([first = '']) => columnsOf(first)))
        for (const [index, line] of alignRows(rows).entries()) {
          const [first = ''] = rows[index] ?? []
          expect(`${line}${' '.repeat(widest)}`.startsWith(padColumns(first, widest))).toBe(true)
          expect(line).toBe(line.trimEnd())
        }
      }),
    )
  })
})

describe('durations', () => {
  it.each([
    [null, '–', '–'],
    [400, '0.4 s', '0.4초'],
    [61_000, '1 min 1 s', '1분 1초'],
    [273_600_000, '3 d 4 h', '3일 4시간'],
  ])('%s ms', (ms, english, korean) => {
    expect([formatDuration(ms, 'en'), formatDuration(ms, 'ko')]).toEqual([english, korean])
  })

  it.each([
    ['90s', 90_000],
    ['1.5h', 5_400_000],
    [' 30 m', 1_800_000],
    ['0m', undefined],
    ['-5m', undefined],
    ['5', undefined],
    ['', undefined],
    ['1d', undefined],
  ])('%j is read as %s', (given, ms) => {
    expect(parseDuration(given)).toBe(ms)
  })
})

describe('colour', () => {
  const looks = (environment: NodeJS.ProcessEnv, isOutputTerminal: boolean) =>
    shapeOf(createContext({}, { ...processIo(), environment, isOutputTerminal }), 'well')

  it('is for a terminal only, and off with NO_COLOR or a dumb one', () => {
    expect(looks({}, true)).toBe('\u001b[32m●\u001b[0m')
    for (const [environment, isTerminal] of [
      [{}, false],
      [{ NO_COLOR: '1' }, true],
      [{ TERM: 'dumb' }, true],
    ] as const)
      expect(looks(environment, isTerminal)).toBe('●')
  })
})

it('nothing that came from elsewhere moves the cursor', () => {
  expect(terminalSafe('a\u001b[2J\n\u202eb')).toBe('a\\u001b[2J\\u000a\\u202eb')
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be left
      expect(safeLines(text)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
    }),
  )
})

describe('the tail of a log', () => {
  const line = (time: string) => `${JSON.stringify({ time, msg: 'm' })}\n`
  const times = (lines: readonly { time: string }[]) => lines.map(({ time }) => time)

  it('gives the last lines, then each new one once, and waits for the end of a half-written one', () => {
    const file = join(emptyFolder(), 'agent.jsonl')
    const tail = createLogTail(file)
    expect([tail.last(5), tail.next()]).toEqual([[], []])
    writeFileSync(file, line('1') + line('2') + line('3'))
    expect(times(tail.last(2))).toEqual(['2', '3'])
    appendFileSync(file, `${line('4')}no json\n42\n${line('5').slice(0, 8)}`)
    expect(times(tail.next())).toEqual(['4'])
    appendFileSync(file, line('5').slice(8))
    expect(times(tail.next())).toEqual(['5'])
    expect(tail.next()).toEqual([])
  })

  it('begins anew where the file was rotated, and prints nothing for a count of 0', () => {
    const folder = emptyFolder()
    const file = join(folder, 'agent.jsonl')
    writeFileSync(file, line('1'))
    const tail = createLogTail(file)
    expect(tail.last(0)).toEqual([])
    renameSync(file, join(folder, 'agent.1.jsonl'))
    writeFileSync(file, line('2'))
    expect(times(tail.next())).toEqual(['2'])
  })
})
