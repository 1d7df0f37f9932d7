/** How a process of ours begins and ends, and what the ledger knows of it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { waitFor } from '../../src/drill/waitFor.ts'
import { readTextIfThere } from '../../src/shared/atomicFile.ts'
import { appendBoot, readBoots } from '../../src/shared/bootledger.ts'
import { messageOf } from '../../src/shared/entry.ts'
import { type HomePaths, homePaths } from '../../src/shared/paths.ts'

let paths: HomePaths
beforeEach(() => {
  paths = homePaths(mkdtempSync(join(tmpdir(), 'ottugi-entry-')))
})
afterEach(() => rmSync(paths.home, { recursive: true, force: true }))

async function enter(what: string, home: string | undefined = paths.home) {
  const env = { PATH: process.env['PATH'] ?? '', ...(home === undefined ? {} : { OTTUGI_HOME: home }) }
  const child = spawn(process.execPath, [join(import.meta.dirname, 'entryProcess.ts'), what], { env })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  const [code] = await once(child, 'close')
  return { code: code as number, out, err }
}

const told = () =>
  readBoots(paths.boots).map(({ kind, ...rest }) => ('planned' in rest ? `${kind} ${rest.planned}` : kind))

it('needs a home, and says how to start it', async () => {
  const { code, out, err } = await enter('leave', '')
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toMatch(/OTTUGI_HOME is not set\. Expected .+ start it with: \S*ottugi start\n$/)
})

it.each([
  ['leave', 0, 'end true', ''],
  ['refuse', 78, 'refused', ''],
  ['throw', 1, 'end false', 'a bug'],
  ['reject', 1, 'end false', 'unhandled rejection: Error: nobody caught it'],
  ['late', 1, 'end false', 'JSON'],
  ['no-package', 1, 'end false', 'no-such-package'],
])('%s ends with %i and is on record', async (what, code, last, reason) => {
  const ended = await enter(what)
  expect(ended.code, ended.err).toBe(code)
  expect(ended.err).toContain(reason)
  expect(told()).toEqual(['start', last])
})

it('writes no secret of .env into the ledger or the error log, also when an error holds one', async () => {
  writeFileSync(paths.env, 'MAIL_PASSWORD=correct-horse-42\n', { mode: 0o600 })
  const { code, err } = await enter('secret')
  const ledger = readTextIfThere(paths.boots) ?? ''
  expect(code).toBe(1)
  for (const text of [err, ledger]) {
    expect(text).toContain('cannot sign in with [masked')
    expect(text).not.toContain('correct-horse-42')
  }
})

it('is braked after failures in a row, before anything is loaded', async () => {
  const codes: number[] = []
  for (let life = 0; life < 3; life++) codes.push((await enter('throw')).code)
  // The second failure already knows that the next start would be held.
  expect(codes).toEqual([1, 78, 78])
  const refused = readBoots(paths.boots).filter(({ kind }) => kind === 'refused')
  expect(refused).toMatchObject([{ fault: 'crash-loop' }, { fault: 'crash-loop' }])
  expect(await enter('leave')).toMatchObject({ code: 78, out: '' })
  appendBoot(paths.boots, 'dashboard', { kind: 'reset', reason: 'a person asked' })
  expect((await enter('leave')).code).toBe(0)
})

it('stays stopped where no ledger can be written: without one there is no brake', async () => {
  writeFileSync(paths.data, 'in the way')
  const { code, out, err } = await enter('leave')
  expect({ code, out }).toEqual({ code: 78, out: '' })
  expect(err).toContain(`cannot write the boot ledger ${paths.boots}`)
})

it('puts the end on record of a life that ended without a word', async () => {
  mkdirSync(paths.data)
  appendBoot(paths.boots, 'dashboard', { kind: 'start' }, { pid: 4_194_300, startTicks: 1, nonce: 'gone' })
  await enter('leave')
  expect(readBoots(paths.boots)).toMatchObject([
    { kind: 'start', nonce: 'gone' },
    { kind: 'end', nonce: 'gone', reason: 'vanished', planned: false },
    { kind: 'start' },
    { kind: 'end', planned: true },
  ])
})

it('outlives the reader of its output', async () => {
  const env = { PATH: process.env['PATH'] ?? '', OTTUGI_HOME: paths.home }
  const child = spawn(process.execPath, [join(import.meta.dirname, 'entryProcess.ts'), 'live'], { env })
  await once(child.stdout, 'data')
  child.stdout.destroy()
  child.stderr.destroy()
  const beats = () => readTextIfThere(join(paths.home, 'beats'))?.length ?? 0
  const before = beats()
  await waitFor('many writes into the broken pipes', 30_000, () => (beats() > before + 20 ? true : undefined))
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(told()).toEqual(['start'])
})

it('names the cause of an error in its first line', () => {
  const cause = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:9'), { code: 'ECONNREFUSED' })
  const [first, second] = messageOf(new TypeError('fetch failed', { cause })).split('\n')
  expect(first).toBe('TypeError: fetch failed (ECONNREFUSED)')
  expect(second).toMatch(/^ {4}at /)
  expect([messageOf(new Error('no cause')).split('\n')[0], messageOf('words')]).toEqual(['Error: no cause', 'words'])
})
