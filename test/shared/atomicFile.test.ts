import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readJsonIfThere, readTextIfThere, writeFileDurably } from '../../src/shared/atomicFile.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ottugi-atomic-'))
  file = join(folder, 'a.json')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('writes any bytes as they are, for the owner only, and leaves nothing beside them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5_000 }), (bytes) => {
      writeFileDurably(file, bytes)
      expect(readFileSync(file).equals(bytes)).toBe(true)
    }),
    { numRuns: 20 },
  )
  expect(statSync(file).mode & 0o777).toBe(0o600)
  writeFileDurably(file, '한', 0o400)
  expect([readTextIfThere(file), statSync(file).mode & 0o777]).toEqual(['한', 0o400])
  expect(readdirSync(folder)).toEqual(['a.json'])
})

it('replaces the file as a whole: who has the old one open goes on reading it', () => {
  writeFileDurably(file, 'old')
  const before = statSync(file).ino
  writeFileDurably(file, 'new')
  expect(statSync(file).ino).not.toBe(before)
})

it('leaves the old file and nothing beside it where it cannot be replaced', () => {
  mkdirSync(join(file, 'inside'), { recursive: true })
  expect(() => writeFileDurably(file, 'new')).toThrow(/EISDIR|ENOTEMPTY|EEXIST/)
  expect(readdirSync(folder)).toEqual(['a.json'])
  expect(() => writeFileDurably(join(folder, 'no', 'such', 'folder'), 'new')).toThrow('ENOENT')
})

it('tells a missing file from one that cannot be read', () => {
  expect(readTextIfThere(file)).toBeUndefined()
  expect(() => readTextIfThere(folder)).toThrow('EISDIR')
  expect([file, folder].map(readJsonIfThere)).toEqual([undefined, undefined])
  writeFileSync(file, '{"a":')
  expect(readJsonIfThere(file)).toBeUndefined()
  writeFileSync(file, '{"a":[1]}')
  chmodSync(file, 0o600)
  expect(readJsonIfThere(file)).toEqual({ a: [1] })
})
