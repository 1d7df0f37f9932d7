/** A database of somebody else: there, gone, replaced, locked, broken; and back again. */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type HeldDatabase, holdDatabase, MISSING } from '../../src/shared/heldDatabase.ts'
import { eventually } from '../agent/agentProcess.ts'

let folder: string
let file: string
let held: HeldDatabase
const open: Database.Database[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ottugi-held-'))
  file = join(folder, 'one.db')
  held = holdDatabase(file)
})
afterEach(() => {
  held.close()
  for (const database of open.splice(0)) database.close()
  rmSync(folder, { recursive: true, force: true })
})

function make(path: string, value: string): Database.Database {
  const database = new Database(path)
  open.push(database)
  database.pragma('journal_mode = WAL')
  database.exec('CREATE TABLE words (word TEXT)')
  database.prepare('INSERT INTO words VALUES (?)').run(value)
  return database
}

const words = () => held.read(({ all }) => all<{ word: string }>('SELECT word FROM words').map(({ word }) => word))

it('reads what is there, and knows when it changed', () => {
  expect([words(), held.version()]).toEqual([{ ok: false, reason: MISSING }, ''])
  const owner = make(file, 'a')
  expect(words()).toEqual({ ok: true, value: ['a'] })
  const version = held.version()
  expect([version, held.version()]).toEqual([expect.stringMatching(/^\d+:\d+:1:\d+$/), version])
  owner.prepare('INSERT INTO words VALUES (?)').run('b')
  expect(held.version()).not.toBe(version)
  expect(words()).toEqual({ ok: true, value: ['a', 'b'] })
})

it('opens a file anew that was replaced, and says when it is gone', () => {
  make(file, 'old').close()
  expect(words()).toEqual({ ok: true, value: ['old'] })
  const version = held.version()
  const other = join(folder, 'other.db')
  make(other, 'new').close()
  for (const end of ['-wal', '-shm']) rmSync(file + end, { force: true })
  renameSync(other, file)
  expect(words()).toEqual({ ok: true, value: ['new'] })
  expect(held.version()).not.toBe(version)
  rmSync(file)
  expect([words(), held.version()]).toEqual([{ ok: false, reason: MISSING }, ''])
})

it('cannot write', () => {
  make(file, 'a')
  const wrote = held.read(({ all }) => all("INSERT INTO words VALUES ('b') RETURNING word"))
  expect(wrote).toEqual({ ok: false, reason: 'attempt to write a readonly database' })
  expect(words()).toEqual({ ok: true, value: ['a'] })
})

it('tells a missing table from a broken file, and reads again once it is mended', () => {
  const owner = make(file, 'a')
  expect(held.read(({ all }) => all('SELECT * FROM nowhere'))).toEqual({ ok: false, reason: 'no such table: nowhere' })
  expect(words()).toEqual({ ok: true, value: ['a'] })
  owner.close()
  held.close()
  // The log beside it would hide what is broken.
  for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true })
  writeFileSync(file, 'no database at all, but long enough to be looked at for one')
  expect(words()).toEqual({ ok: false, reason: 'file is not a database' })
  expect(held.version()).toBe('')
  rmSync(file)
  make(file, 'mended')
  expect(words()).toEqual({ ok: true, value: ['mended'] })
})

it('does not wait for one that is locked, and reads it when it is free', async () => {
  const owner = new Database(file)
  open.push(owner)
  owner.exec('CREATE TABLE words (word TEXT)')
  owner.exec('BEGIN EXCLUSIVE')
  expect(words()).toEqual({ ok: false, reason: 'database is locked' })
  owner.exec('COMMIT')
  // The first look after a lock may still be the answer from before.
  expect(await eventually(() => words().ok)).toBe(true)
})

it('keeps a failing look to itself', () => {
  make(file, 'a')
  const bad = held.read(() => {
    throw new Error('broken record')
  })
  expect(bad).toEqual({ ok: false, reason: 'broken record' })
  expect(words()).toEqual({ ok: true, value: ['a'] })
})
