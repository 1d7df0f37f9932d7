/** An exchange is whole or not at all, wherever it is cut off. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { incomingFolder, outgoingFolder, readSwap, settleSwap, swapBack, swapHome } from '../../src/service/homeSwap.ts'
import { type HomePaths, homePaths } from '../../src/shared/paths.ts'

const made: string[] = []
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true })
})

const OLD = {
  'ottugi.yaml': 'old',
  'data/agent.db': 'old db',
  'data/agent.db-wal': 'old wal',
  'tools/a.ts': 'old a',
  'tools/b.ts': 'old b',
}
const NEW = { 'ottugi.yaml': 'new', 'data/agent.db': 'new db', 'tools/c.ts': 'new c', 'skills/s.md': 'new s' }
const NAMES = ['data/agent.db-wal', 'data/agent.db-shm', 'data/agent.db', 'ottugi.yaml', 'tools', 'skills']
const ORDER = { id: 'x1', why: 'restore', at: '2026-01-01T00:00:00Z', names: NAMES } as const

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
}

function stage(): HomePaths {
  const home = mkdtempSync(join(tmpdir(), 'ottugi-swap-'))
  made.push(home)
  const paths = homePaths(home)
  write(home, OLD)
  write(incomingFolder(paths, 'x1'), NEW)
  return paths
}

/** What the home holds, but for the exchange itself. */
function stateOf({ home }: HomePaths): Record<string, string> {
  const files = readdirSync(home, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const named = files.map((entry) => join(entry.parentPath, entry.name).slice(home.length + 1)).toSorted()
  const own = named.filter((name) => !name.startsWith('data/swap'))
  return Object.fromEntries(own.map((name) => [name, readFileSync(join(home, name), 'utf8')]))
}

const steps: string[] = []
swapHome(stage(), ORDER, (step) => void steps.push(step))
const backSteps: string[] = []
{
  const paths = stage()
  swapHome(paths, ORDER)
  swapBack(paths, (step) => void backSteps.push(step))
}

/** Runs one of them in a process of its own, which kills itself at that step. */
function killedAt(paths: HomePaths, what: 'swap' | 'back' | 'settle', step: string): NodeJS.Signals | null {
  const child = join(import.meta.dirname, 'swapUntilKilled.ts')
  return spawnSync(process.execPath, [child, JSON.stringify({ home: paths.home, what, step, order: ORDER })]).signal
}

describe('an exchange', () => {
  it('brings in what is new, and keeps what was there', () => {
    const paths = stage()
    expect(swapHome(paths, ORDER)).toEqual({ ok: true })
    expect(stateOf(paths)).toEqual(NEW)
    expect(readSwap(paths)?.state).toBe('done')
    expect(readFileSync(join(outgoingFolder(paths, 'x1'), 'data/agent.db-wal'), 'utf8')).toBe('old wal')
    expect(settleSwap(paths)).toBe(false)
  })

  it('is undone by a person, also after the new state was written to; what came since is kept', () => {
    const paths = stage()
    swapHome(paths, ORDER)
    write(paths.home, { 'data/agent.db': 'changed', 'data/agent.db-shm': 'since' })
    expect(swapBack(paths)).toBe(true)
    expect(stateOf(paths)).toEqual(OLD)
    expect(readFileSync(join(incomingFolder(paths, 'x1'), 'data/agent.db'), 'utf8')).toBe('changed')
    expect(swapBack(paths)).toBe(false)
  })

  it('undoes itself where a step fails', () => {
    const paths = stage()
    // A name that cannot be taken: its folder in the home is a file.
    write(paths.home, { wall: 'a file' })
    write(incomingFolder(paths, 'x1'), { 'wall/inside': 'x' })
    const result = swapHome(paths, { ...ORDER, names: [...NAMES, 'wall/inside'] })
    expect(result.ok).toBe(false)
    expect(stateOf(paths)).toEqual({ ...OLD, wall: 'a file' })
    expect(readSwap(paths)?.state).toBe('undone')
  })

  it.each(steps)('killed at %s, is whole or undone by the next start', (step) => {
    const paths = stage()
    expect(killedAt(paths, 'swap', step)).toBe('SIGKILL')
    const wasCutOff = settleSwap(paths)
    expect(wasCutOff).toBe(step !== 'done')
    expect(stateOf(paths)).toEqual(step === 'done' ? NEW : OLD)
  })

  it.each(backSteps)('killed at %s on the way back, is back after the next start', (step) => {
    const paths = stage()
    swapHome(paths, ORDER)
    expect(killedAt(paths, 'back', step)).toBe('SIGKILL')
    settleSwap(paths)
    expect(stateOf(paths)).toEqual(OLD)
  })

  it.each(backSteps.slice(1))('killed while it is undone at %s, is undone by the one after', (step) => {
    const paths = stage()
    killedAt(paths, 'swap', 'in skills')
    expect(killedAt(paths, 'settle', step)).toBe('SIGKILL')
    settleSwap(paths)
    expect(stateOf(paths)).toEqual(OLD)
  })
})
