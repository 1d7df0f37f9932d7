import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ownIdentity } from '../../src/shared/identity.ts'
import { acquireLock, lockHolder } from '../../src/shared/lockFile.ts'

let folder: string
let lock: string
const children: ChildProcess[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ottugi-lock-'))
  lock = join(folder, 'a.lock')
})

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

it('is held by one, names its holder, and is free after it was released', () => {
  const first = acquireLock(lock)
  expect(first.ok).toBe(true)
  expect(statSync(lock).mode & 0o777).toBe(0o600)
  expect(lockHolder(lock)).toEqual(ownIdentity())
  expect(acquireLock(lock)).toEqual({ ok: false, holder: ownIdentity() })
  if (first.ok) first.release()
  expect(readdirSync(folder)).toEqual([])
  expect(lockHolder(lock)).toBeUndefined()
})

it.each([
  ['of a dead process', JSON.stringify({ pid: 4_194_300, startTicks: 1, nonce: 'x' })],
  ['of a pid that is another process by now', JSON.stringify({ pid: process.pid, startTicks: 1, nonce: 'x' })],
  ['half written', '{"pid": 12'],
  ['empty', ''],
  ['of init, which is none of ours', JSON.stringify({ pid: 1, startTicks: 0, nonce: 'x' })],
])('is taken over at once when it is stale: %s', (_, content) => {
  writeFileSync(lock, content)
  const taken = acquireLock(lock)
  expect(taken.ok).toBe(true)
  expect(lockHolder(lock)).toEqual(ownIdentity())
  if (taken.ok) taken.release()
  expect(readdirSync(folder)).toEqual([])
})

it('does not release what somebody else holds by now', () => {
  const taken = acquireLock(lock)
  const other = JSON.stringify({ pid: 4_194_300, startTicks: 1, nonce: 'x' })
  writeFileSync(lock, other)
  if (taken.ok) taken.release()
  expect(readFileSync(lock, 'utf8')).toBe(other)
})

it('of many takers of stale locks at the same moment never two win', async () => {
  const mark = join(folder, 'mark')
  const takers = Array.from({ length: 5 }, () => {
    const words = [join(import.meta.dirname, 'takeLock.ts'), lock, mark, '1500']
    const child = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'pipe'] })
    children.push(child)
    return child
  })
  await Promise.all(takers.map(({ stdout }) => once(stdout, 'data')))
  writeFileSync(lock, '')
  const ends = takers.map(async (child) => {
    let said = ''
    let wrong = ''
    child.stdout.on('data', (chunk) => {
      said += chunk
    })
    child.stderr.on('data', (chunk) => {
      wrong += chunk
    })
    child.stdin.write('go\n')
    const [code] = await once(child, 'close')
    return { code, won: Number(said), wrong: wrong.split('\n').find((line) => line.includes('Error')) }
  })
  const results = await Promise.all(ends)
  expect(results.map(({ code, wrong }) => ({ code, wrong }))).toEqual(
    Array.from({ length: 5 }, () => ({ code: 0, wrong: undefined })),
  )
  expect(results.reduce((sum, { won }) => sum + won, 0)).toBeGreaterThan(0)
  expect(existsSync(mark)).toBe(false)
})

it('does not wait at a named pipe in the place of a lock, and takes it over', () => {
  execFileSync('mkfifo', [lock])
  expect(lockHolder(lock)).toBe(undefined)
  expect(acquireLock(lock).ok).toBe(true)
  expect(lockHolder(lock)).toEqual(ownIdentity())
})
