/** No path leads a file tool out of the workspace, and nothing but a plain file is opened. */
import { execFileSync } from 'node:child_process'
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findPlace, findTarget, type Place, withFile } from '../../../src/agent/tools/paths.ts'
import { replaceFile } from '../../../src/agent/tools/textFile.ts'
import { openWorkshop, SECRET, saidBy, type Workshop } from './workshop.ts'

let shop: Workshop
beforeAll(() => {
  shop = openWorkshop()
  shop.file('a/inside.txt', 'inside')
  symlinkSync('../../secret.txt', join(shop.workspace, 'a', 'leak'))
  symlinkSync('..', join(shop.workspace, 'up'))
  symlinkSync('/', join(shop.workspace, 'rootfs'))
  symlinkSync('/proc/self', join(shop.workspace, 'proc'))
  symlinkSync('nowhere', join(shop.workspace, 'dangling'))
  symlinkSync('circle', join(shop.workspace, 'circle'))
  symlinkSync('a/inside.txt', join(shop.workspace, 'good'))
  symlinkSync('leak', join(shop.workspace, 'a', 'twice'))
  symlinkSync('../new-outside', join(shop.workspace, 'newlink'))
  execFileSync('mkfifo', [join(shop.workspace, 'pipe')])
})
afterAll(() => shop.leave())

const OUTSIDE = [
  '../secret.txt',
  'a/../../secret.txt',
  './/..//secret.txt',
  '/etc/passwd',
  '/',
  '..',
  'a/leak',
  'a/twice',
  'up/secret.txt',
  'up',
  'rootfs/etc/passwd',
  'rootfs/dev/zero',
  'proc/environ',
  '/proc/self/environ',
  '/dev/zero',
  '/proc/self/root/etc/passwd',
  'newlink',
  'dangling',
  'circle',
  'circle/x',
  'a\0b',
  '../secret.txt\0.md',
  `${'x'.repeat(256)}`,
  'd/'.repeat(2_500),
]

describe.each(['read_file', 'write_file', 'edit_file', 'list_dir', 'grep', 'sqlite_query'])('%s', (tool) => {
  const input = (path: string) =>
    ({
      read_file: { path },
      write_file: { path, content: 'x' },
      edit_file: { path, old: 's', new: 'x' },
      list_dir: { path },
      grep: { path, pattern: '.' },
      sqlite_query: { path, sql: 'SELECT 1' },
    })[tool]

  it.each(OUTSIDE)('refuses %j', async (path) => {
    const outcome = await shop.call(tool, input(path))
    expect(outcome.ok).toBe(false)
    expect(saidBy(outcome)).not.toContain(SECRET)
    expect(readFileSync(join(shop.home, 'secret.txt'), 'utf8')).toBe(SECRET)
    expect(readdirSync(shop.home).sort()).toEqual(['secret.txt', 'workspace'])
  })

  it('does not hang on a pipe or a socket', async () => {
    const server = createServer().listen(join(shop.workspace, 'socket'))
    for (const path of ['pipe', 'socket']) expect((await shop.call(tool, input(path))).ok).toBe(false)
    await new Promise((resolve) => server.close(resolve))
  })
})

it('follows links that stay inside, and names in any letters', async () => {
  expect(await shop.call('read_file', { path: 'good' })).toEqual({ ok: true, text: '1\tinside' })
  expect(await shop.call('read_file', { path: join(shop.workspace, 'a', 'inside.txt') })).toEqual({
    ok: true,
    text: '1\tinside',
  })
  for (const name of ['오뚝이.txt', 'e\u0301.txt', ' space ', '-rf', '🙂.md', '$HOME', '~']) {
    expect(await shop.call('write_file', { path: name, content: name })).toEqual({
      ok: true,
      text: `${name} created; now ${Buffer.byteLength(name)} bytes.`,
    })
    expect(await shop.call('read_file', { path: name })).toEqual({ ok: true, text: `1\t${name}` })
  }
})

it('finds for any path a place inside, or none', () => {
  const part = fc.constantFrom(
    '..',
    '.',
    '',
    'a',
    'up',
    'rootfs',
    'good',
    'leak',
    'new',
    'proc',
    'cwd',
    'circle',
    'x\0',
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), fc.boolean(), (parts, isAbsolute) => {
      const place = findPlace(shop.workspace, `${isAbsolute ? '/' : ''}${parts.join('/')}`)
      expect(!place.ok || place.path === shop.workspace || place.path.startsWith(`${shop.workspace}/`)).toBe(true)
    }),
  )
})

it('keeps .git and its own folder from being written', () => {
  for (const path of ['.git/config', 'sub/.GIT/hooks/pre-commit', '.ottugi/edits/x']) {
    expect(findTarget(shop.workspace, path)).toMatchObject({
      ok: false,
      reason: expect.stringContaining('are not written'),
    })
  }
})

describe('a folder that is swapped for a link after it was judged', () => {
  const swapped = (path: string): Place => {
    shop.file('race/file.txt', 'inside')
    const place = findPlace(shop.workspace, path)
    if (!place.ok) throw new Error(place.reason)
    renameSync(join(shop.workspace, 'race'), join(shop.workspace, 'raced'))
    mkdirSync(join(shop.home, 'other'), { recursive: true })
    writeFileSync(join(shop.home, 'other', 'file.txt'), SECRET)
    symlinkSync('../other', join(shop.workspace, 'race'))
    return place
  }
  const tidy = () => {
    unlinkSync(join(shop.workspace, 'race'))
    rmSync(join(shop.workspace, 'raced'), { recursive: true })
    rmSync(join(shop.home, 'other'), { recursive: true })
  }

  it('is not read through', () => {
    const place = swapped('race/file.txt')
    expect(withFile(place, () => 'opened')).toMatchObject({ ok: false })
    tidy()
  })

  it('is not written through', () => {
    const place = swapped('race/file.txt')
    expect(replaceFile(place, 'x')).toMatchObject({ ok: false })
    expect(readdirSync(join(shop.home, 'other'))).toEqual(['file.txt'])
    expect(readFileSync(join(shop.home, 'other', 'file.txt'), 'utf8')).toBe(SECRET)
    tidy()
  })

  it('and a parent of it is found out by where the folder really lies', () => {
    shop.file('deep/er/file.txt', 'inside')
    const place = findPlace(shop.workspace, 'deep/er/file.txt') as Place
    mkdirSync(join(shop.home, 'elsewhere', 'er'), { recursive: true })
    writeFileSync(join(shop.home, 'elsewhere', 'er', 'file.txt'), SECRET)
    rmSync(join(shop.workspace, 'deep'), { recursive: true })
    symlinkSync('../elsewhere', join(shop.workspace, 'deep'))
    expect(withFile(place, () => 'opened')).toEqual({
      ok: false,
      reason: 'the folder of deep/er/file.txt was moved out of the workspace while it was being opened',
    })
    expect(replaceFile(place, 'x')).toMatchObject({ ok: false })
    unlinkSync(join(shop.workspace, 'deep'))
    rmSync(join(shop.home, 'elsewhere'), { recursive: true })
  })
})
