/** A call belongs to the version in force: it is handed over with its words, its home and its exit code. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { setCurrent } from '../../../src/service/update/releases.ts'
import { NOTE, ownProgram, type ReleaseNote } from '../../../src/shared/programOf.ts'
import { AS_FIRST, NO_NAMESPACES } from '../../service/firstProcess.ts'

const ID = '99.0.0-test'
const SAYS = `
process.stdout.write(JSON.stringify([process.pid === 1, process.argv.slice(2), process.env.OTTUGI_HOME]))
process.exitCode = 7
`
let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'ottugi-elsewhere-'))
  const folder = join(home, 'releases', ID)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  symlinkSync(process.execPath, join(folder, 'node'))
  writeFileSync(join(folder, 'main.mjs'), SAYS)
  const base = ownProgram()
  const note: ReleaseNote = { version: '99.0.0', root: '.', node: 'node', main: 'main.mjs', base, madeAt: '2026' }
  writeFileSync(join(folder, NOTE), JSON.stringify(note))
  setCurrent(home, ID)
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

function called(before: readonly string[]): { readonly code: number | null; readonly said: string } {
  const [program = '', ...words] = [...before, process.execPath, ownProgram().main, 'status', '--home', home]
  const env = { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8' }
  const { status, stdout, stderr } = spawnSync(program, words, { env, encoding: 'utf8', timeout: 50_000 })
  return { code: status, said: stdout + stderr }
}

it('is handed over as a child', () => {
  expect(called([])).toEqual({ code: 7, said: JSON.stringify([false, ['status', '--home', home], home]) })
})

it.skipIf(NO_NAMESPACES !== undefined)(`becomes the other program as PID 1${NO_NAMESPACES ?? ''}`, () => {
  expect(called(AS_FIRST)).toEqual({ code: 7, said: JSON.stringify([true, ['status', '--home', home], home]) })
})
