/** Room on the disk: what the check names, and what `guardian make-room` does beside a living agent. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { GuardianContext } from '../../src/guardian/check.ts'
import { disk } from '../../src/guardian/checks/disk.ts'
import { createContext } from '../../src/guardian/examine.ts'
import { readJournal } from '../../src/repair/journal.ts'
import { giveUpReserve, setReserveAside } from '../../src/repair/reserve.ts'
import type { HomePaths } from '../../src/shared/paths.ts'
import { newestCommittedRepair } from '../../src/shared/repairTail.ts'
import { inodeFiles, isReserveWhole } from '../../src/shared/reserve.ts'
import { roomOf, temporaryHome } from '../repair/support.ts'
import { ROOT } from './support.ts'

let paths: HomePaths

beforeEach(() => {
  paths = temporaryHome()
  setReserveAside(paths)
})

async function named(more: Partial<GuardianContext>): Promise<string[]> {
  const ctx = { ...createContext({ paths, environment: { PATH: '' } }, true), ...more }
  return (await disk.look(ctx)).map(
    ({ severity, fault, repair }) => `${severity} ${fault} → ${repair?.action ?? 'a person'}`,
  )
}

const rotateLog = () => writeFileSync(join(paths.logs, 'agent.1.jsonl'), '{}\n')
const inodesOf = (freeInodes: number) => () => ({
  freeBytes: 1e10,
  freeInodes,
  isLow: freeInodes < 2_000,
  isFull: freeInodes < 200,
})

describe('a disk', () => {
  it('that is full gives up the reserve, then the rotated logs', async () => {
    rotateLog()
    expect(await named({ readRoom: roomOf(1) })).toEqual([
      'warn disk-full → free_reserve',
      'warn disk-full → compress_logs',
    ])
  })

  it('that is full and has nothing of ours to give is a person’s', async () => {
    giveUpReserve(paths)
    expect(await named({ readRoom: roomOf(1) })).toEqual(['warn disk-full → a person'])
  })

  it('without inodes is full as well', async () => {
    expect(await named({ readRoom: inodesOf(3) })).toEqual(['warn disk-full → free_reserve'])
    expect(await named({ readRoom: inodesOf(1_000) })).toEqual(['warn disk-low → a person'])
    expect(await named({ readRoom: inodesOf(5_000) })).toEqual([])
  })

  it('that is low packs the logs, where there are some', async () => {
    expect(await named({ readRoom: roomOf(30) })).toEqual(['warn disk-low → a person'])
    rotateLog()
    expect(await named({ readRoom: roomOf(30) })).toEqual(['warn disk-low → compress_logs'])
  })

  it('that has room gets its reserve again, also when only its inodes are gone', async () => {
    for (const file of inodeFiles(paths)) rmSync(file)
    expect(await named({ readRoom: roomOf(10_000) })).toEqual(['warn reserve-missing → make_reserve'])
  })
})

describe('guardian make-room', () => {
  it('touches nothing but the disk, says who asked, and opens no story of a start', async () => {
    rmSync(paths.workspace, { recursive: true })
    giveUpReserve(paths)
    const words = [join(ROOT, 'src', 'guardian', 'main.ts'), 'make-room', '--json', '--home', paths.home]
    const child = spawn(process.execPath, words, { env: { PATH: '', LANG: 'C' }, stdio: ['ignore', 'pipe', 'ignore'] })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8')
    })
    const [code] = await once(child, 'close')
    expect([code, JSON.parse(output)]).toMatchObject([
      0,
      { ok: true, repairs: [{ action: 'make_reserve', ok: true }], findings: [] },
    ])
    expect(isReserveWhole(paths)).toBe(true)
    expect(existsSync(paths.workspace)).toBe(false)
    expect(new Set(readJournal(paths.repairsJournal).map(({ by }) => by))).toEqual(new Set(['watchdog']))
    expect(newestCommittedRepair(paths.repairsJournal)).toBeNull()
    expect(readdirSync(paths.run)).toEqual([])
  })
})
