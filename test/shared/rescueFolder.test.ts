import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { homePaths } from '../../src/shared/paths.ts'
import { readRescueNote, saveRescue } from '../../src/shared/rescueFolder.ts'

const AT = '2026-11-21T00:00:00.000Z'
let folder: string
let program: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ottugi-rescue-'))
  program = join(folder, 'program')
  mkdirSync(join(program, 'dist'), { recursive: true })
  mkdirSync(join(folder, 'home', 'data'), { recursive: true })
  for (const name of ['package.json', 'package-lock.json']) writeFileSync(join(program, name), '{}')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('the folder of the rescue', () => {
  it('holds a whole Node, the bundle and the lockfile, is renewed where it differs, and is left alone where it does not', () => {
    const paths = homePaths(join(folder, 'home'))
    expect(saveRescue(paths, program, AT)).toMatchObject({ ok: false })
    expect(readRescueNote(paths)).toBeUndefined()
    writeFileSync(join(program, 'dist', 'rescue.mjs'), 'one')
    expect(saveRescue(paths, program, AT)).toEqual({ ok: true, isNew: true })
    expect(readdirSync(paths.rescue).toSorted()).toEqual([
      'node',
      'package-lock.json',
      'package.json',
      'program.json',
      'rescue.mjs',
    ])
    expect(statSync(join(paths.rescue, 'node')).size).toBe(statSync(process.execPath).size)
    expect(readRescueNote(paths)).toMatchObject({ root: program, nodeVersion: process.version, savedAt: AT })
    expect(saveRescue(paths, program, AT)).toEqual({ ok: true, isNew: false })
    // The same program elsewhere: only the note tells them apart.
    const elsewhere = join(folder, 'elsewhere')
    cpSync(program, elsewhere, { recursive: true })
    const started = { node: process.execPath, main: join(elsewhere, 'src', 'cli', 'main.ts') }
    expect(saveRescue(paths, elsewhere, AT, started)).toEqual({ ok: true, isNew: true })
    expect(readRescueNote(paths)).toMatchObject({ root: elsewhere, main: join('src', 'cli', 'main.ts') })
    expect(saveRescue(paths, program, AT)).toEqual({ ok: true, isNew: true })
    writeFileSync(join(paths.rescue, 'rescue.mjs'), 'bad')
    expect(saveRescue(paths, program, AT)).toEqual({ ok: true, isNew: true })
    expect(readFileSync(join(paths.rescue, 'rescue.mjs'), 'utf8')).toBe('one')
  })
})
