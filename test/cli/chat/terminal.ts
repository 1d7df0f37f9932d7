/** A real terminal for tests: `script` of util-linux gives a program one, and a small screen reads what it draws. */
import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { rowsOf } from '../../../src/cli/columns.ts'
import { appRoot } from '../../../src/shared/paths.ts'

const SCRIPT = '/usr/bin/script'
const MAIN = join(appRoot, 'src', 'cli', 'main.ts')

/** Keys that are no letters. */
export const KEY = { enter: '\r', escape: '\u001b', interrupt: '\u0003', end: '\u0004', back: '\u007f' } as const

/** What is pasted, as terminals mark it. */
export const pasted = (text: string): string => `\u001b[200~${text.replaceAll('\n', '\r')}\u001b[201~`

export type TestTerminal = {
  readonly type: (keys: string) => void
  /** Resolves when this has been written since the last thing that was waited for. */
  readonly shows: (what: string | RegExp) => Promise<string>
  /** Everything that was written. */
  readonly output: () => string
  /** The rows as they stand in the end, without those that are empty below. */
  readonly screen: () => string[]
  readonly resize: (columns: number) => void
  readonly exited: Promise<number | null>
  readonly close: () => Promise<void>
}

/** Opens one with `ottugi` in it. */
export function openTerminal(
  words: readonly string[],
  { columns = 80, environment = {} }: { columns?: number; environment?: Record<string, string> } = {},
): TestTerminal {
  if (!existsSync(SCRIPT)) throw new Error(`${SCRIPT} is missing: install the Debian package bsdutils`)
  const command = [process.execPath, MAIN, ...words].map((word) => `'${word}'`).join(' ')
  const child = spawn(SCRIPT, ['-qfec', `stty cols ${columns} rows 24; exec ${command}`, '/dev/null'], {
    env: {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      SHELL: '/bin/sh',
      TERM: 'xterm-256color',
      LANG: 'C.UTF-8',
      ...environment,
    },
  })
  let width = columns
  let [output, seen] = ['', 0]
  const watchers = new Set<() => void>()
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    for (const watch of watchers) watch()
  })
  const exited = once(child, 'exit').then(([code]) => code as number | null)
  void exited.then(() => watchers.forEach((watch) => void watch()))
  return {
    type: (keys) => void child.stdin.write(keys),
    shows: (what) => {
      const { promise, resolve, reject } = Promise.withResolvers<string>()
      const look = () => {
        const found = findIn(output, what, seen)
        if (found === undefined) {
          if (child.exitCode !== null) reject(new Error(`it ended before it showed ${what}:\n${output.slice(seen)}`))
          return
        }
        seen = found.end
        watchers.delete(look)
        resolve(found.text)
      }
      watchers.add(look)
      look()
      return promise
    },
    output: () => output,
    screen: () => drawn(output, width),
    resize: (to) => {
      width = to
      execFileSync('stty', ['-F', terminalOf(child), 'cols', String(to)])
    },
    exited,
    close: async () => {
      for (const pid of below(child.pid)) process.kill(pid, 'SIGKILL')
      child.kill('SIGKILL')
      await exited
    },
  }
}

function findIn(output: string, what: string | RegExp, from: number): { text: string; end: number } | undefined {
  const rest = output.slice(from)
  if (typeof what === 'string') {
    const at = rest.indexOf(what)
    return at < 0 ? undefined : { text: what, end: from + at + what.length }
  }
  const found = what.exec(rest)
  return found ? { text: found[0], end: from + found.index + found[0].length } : undefined
}

function below(pid: number | undefined): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

function terminalOf({ pid }: ChildProcessWithoutNullStreams): string {
  return readlinkSync(`/proc/${below(pid)[0]}/fd/0`)
}

/** Draws what was written on a screen of that width: lines, colours, and the moves that we and readline make. */
function drawn(output: string, columns: number): string[] {
  const rows: string[] = ['']
  let [row, at] = [0, 0]
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal reads
  for (const [token, count = '', move = ''] of output.matchAll(/\u001b\[\??([\d;]*)([A-Za-z])|[\s\S]/gu)) {
    const line = rows[row] ?? ''
    if (move === 'A') row = Math.max(0, row - Number(count || 1))
    else if (move === 'B') row += Number(count || 1)
    else if (move === 'C') at += Number(count || 1)
    else if (move === 'D') at = Math.max(0, at - Number(count || 1))
    else if (move === 'G') at = Number(count || 1) - 1
    else if (move === 'J') rows.splice(row, Number.POSITIVE_INFINITY, cut(line, at))
    else if (move === 'K') rows[row] = cut(line, at)
    else if (token === '\r') at = 0
    else if (token === '\n') row += 1
    else if (move === '' && token >= ' ') {
      const width = rowsOf(`${' '.repeat(columns - 1)}${token}`, columns) > 1 ? 2 : 1
      if (at + width > columns) [row, at] = [row + 1, 0]
      rows[row] = cut(rows[row] ?? '', at) + token + after(rows[row] ?? '', at + width)
      at += width
    }
    while (rows.length <= row) rows.push('')
  }
  return rows.map((text) => text.trimEnd())
}

/** The first columns of a line, filled up with spaces. */
function cut(line: string, columns: number): string {
  let [kept, width] = ['', 0]
  for (const letter of line) {
    const next = width + widthOf(letter)
    if (next > columns) break
    ;[kept, width] = [kept + letter, next]
  }
  return kept + ' '.repeat(columns - width)
}

function after(line: string, columns: number): string {
  let width = 0
  const letters = [...line]
  const from = letters.findIndex((letter) => {
    width += widthOf(letter)
    return width > columns
  })
  return from < 0 ? '' : letters.slice(from).join('')
}

function widthOf(letter: string): number {
  return rowsOf(` ${letter}`, 2) > 1 ? 2 : 1
}
