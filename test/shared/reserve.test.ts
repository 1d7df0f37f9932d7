import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { giveUpReserve, setReserveAside } from '../../src/repair/reserve.ts'
import { type HomePaths, homePaths } from '../../src/shared/paths.ts'
import { inodeFiles, isReserveWhole, RESERVE_INODES, writeWithReserve } from '../../src/shared/reserve.ts'

let paths: HomePaths

beforeEach(() => {
  paths = homePaths(mkdtempSync(join(tmpdir(), 'ottugi-reserve-')))
  mkdirSync(paths.data)
})

afterEach(() => rmSync(paths.home, { recursive: true, force: true }))

const noRoom = (code: string) => Object.assign(new Error('no room'), { code })

describe('the reserve', () => {
  it('holds bytes and inodes, and is whole again after it was given up', () => {
    expect(isReserveWhole(paths)).toBe(false)
    setReserveAside(paths)
    expect(isReserveWhole(paths)).toBe(true)
    rmSync(inodeFiles(paths)[3] ?? '')
    expect(isReserveWhole(paths)).toBe(false)
    giveUpReserve(paths)
    expect([existsSync(paths.reserve), readdirSync(paths.reserveInodes)]).toEqual([false, []])
    setReserveAside(paths)
    expect(readdirSync(paths.reserveInodes)).toHaveLength(RESERVE_INODES)
  })

  it('is never given up through a link', () => {
    const foreign = join(paths.home, 'foreign')
    mkdirSync(foreign)
    writeFileSync(join(foreign, '0'), 'not ours')
    symlinkSync(foreign, paths.reserveInodes)
    giveUpReserve(paths)
    const fail = () => {
      throw noRoom('ENOSPC')
    }
    expect(() => writeWithReserve(paths, fail)).toThrow('no room')
    expect(readdirSync(foreign)).toEqual(['0'])
  })

  it.each(['ENOSPC', 'SQLITE_FULL'])(
    'is given up for a write that has no room (%s), which is then tried again',
    (code) => {
      setReserveAside(paths)
      let tries = 0
      const write = () => {
        tries++
        if (existsSync(paths.reserve) || existsSync(inodeFiles(paths)[0] ?? '')) throw noRoom(code)
        return 'written'
      }
      expect([writeWithReserve(paths, write), tries]).toEqual(['written', 2])
    },
  )

  it('is kept for every other failure, and one that nothing helps against is thrown', () => {
    setReserveAside(paths)
    const fail = (code: string) => () => {
      throw noRoom(code)
    }
    expect(() => writeWithReserve(paths, fail('EACCES'))).toThrow('no room')
    expect(isReserveWhole(paths)).toBe(true)
    expect(() => writeWithReserve(paths, fail('ENOSPC'))).toThrow('no room')
    expect(existsSync(paths.reserve)).toBe(false)
  })
})
