/** read_file, write_file, edit_file, list_dir, glob and grep over real files. */
import { execFileSync } from 'node:child_process'
import { chmodSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { searchOf } from '../../../src/agent/tools/grep.ts'
import { replaceIn } from '../../../src/agent/tools/replaceIn.ts'
import { searchHere } from '../../../src/agent/tools/searchHere.ts'
import { searchRipgrep } from '../../../src/agent/tools/searchRipgrep.ts'
import { openWorkshop, saidBy, type Workshop } from './workshop.ts'

let shop: Workshop
beforeAll(() => {
  shop = openWorkshop()
})
afterAll(() => shop.leave())
const textOf = (name: string) => readFileSync(join(shop.workspace, name), 'utf8')

describe('read_file', () => {
  it('numbers lines, shows a range and says how to go on', async () => {
    shop.file('ten.txt', `${Array.from({ length: 10 }, (_, index) => `line ${index + 1}`).join('\r\n')}\r\n`)
    expect(await shop.call('read_file', { path: 'ten.txt', from: 3, lines: 2 })).toEqual({
      ok: true,
      text: '3\tline 3\n4\tline 4\n[lines 3–4 of 10; go on with from: 5]',
    })
    expect(await shop.call('read_file', { path: 'ten.txt', from: 11 })).toEqual({
      ok: false,
      reason: 'ten.txt has 10 lines',
      hint: 'from must be at most 10',
    })
  })

  it('shows a flood page by page, and all of it in the end', async () => {
    const lines = Array.from({ length: 5_000 }, (_, index) => `${index} ${'가'.repeat(20)}`)
    shop.file('flood.txt', lines.join('\n'))
    const seen: string[] = []
    for (let from = 1; from > 0; ) {
      const said = saidBy(await shop.call('read_file', { path: 'flood.txt', from }))
      expect(said.length).toBeLessThanOrEqual(30_000)
      seen.push(
        ...said
          .split('\n')
          .filter((line) => /^\d+\t/.test(line))
          .map((line) => line.replace(/^\d+\t/, '')),
      )
      from = Number(/go on with from: (\d+)/.exec(said)?.[1] ?? 0)
    }
    expect(seen).toEqual(lines)
  })

  it.each([
    ['x.png', [0x89, 0x50, 0x4e, 0x47, 1], 'a picture (PNG)'],
    ['x.jpg', [0xff, 0xd8, 0xff, 0xe0], 'a picture (JPEG)'],
    ['x.bin', [1, 0, 2], 'binary'],
    ['latin1.txt', [0x63, 0x61, 0x66, 0xe9], 'binary'],
    ['x.gz', [0x1f, 0x8b, 8, 0], 'compressed with gzip'],
  ])('refuses %s', async (name, bytes, kind) => {
    shop.file(name, Uint8Array.from(bytes))
    expect(await shop.call('read_file', { path: name })).toEqual({
      ok: false,
      reason: `${name} is no UTF-8 text but ${kind} (${bytes.length} bytes)`,
      hint: expect.any(String),
    })
  })

  it('refuses what is too large, and guesses what was meant', async () => {
    shop.file('large.txt', Buffer.alloc(10 * 1_024 * 1_024 + 1, 'x'))
    expect(await shop.call('read_file', { path: 'large.txt' })).toMatchObject({
      ok: false,
      reason: expect.stringContaining('10485761 bytes'),
    })
    shop.file('src/app.ts', '1')
    const missing = 'no such file or folder: '
    expect(await shop.call('read_file', { path: 'src/ap.ts' })).toEqual({
      ok: false,
      reason: `${missing}src/ap.ts`,
      hint: 'did you mean src/app.ts?',
    })
    expect(await shop.call('read_file', { path: 'app.ts' })).toEqual({
      ok: false,
      reason: `${missing}app.ts`,
      hint: 'did you mean src/app.ts?',
    })
    expect(await shop.call('read_file', { path: 'src' })).toEqual({
      ok: false,
      reason: 'src is a folder',
      hint: 'list_dir shows what is in it',
    })
  })
})

describe('write_file', () => {
  it('creates with its folders, replaces, keeps the mode, and does nothing twice', async () => {
    expect(await shop.call('write_file', { path: 'n/e/w.sh', content: 'one' })).toEqual({
      ok: true,
      text: 'n/e/w.sh created; now 3 bytes.',
    })
    chmodSync(join(shop.workspace, 'n/e/w.sh'), 0o750)
    expect(await shop.call('write_file', { path: 'n/e/w.sh', content: 'three' })).toEqual({
      ok: true,
      text: 'n/e/w.sh replaced, before 3 bytes; now 5 bytes.',
    })
    const { ino } = statSync(join(shop.workspace, 'n/e/w.sh'))
    expect(await shop.call('write_file', { path: 'n/e/w.sh', content: 'three' })).toEqual({
      ok: true,
      text: 'n/e/w.sh already holds exactly this (5 bytes).',
    })
    const after = statSync(join(shop.workspace, 'n/e/w.sh'))
    expect([after.ino, after.mode & 0o777, textOf('n/e/w.sh')]).toEqual([ino, 0o750, 'three'])
    expect(readdirSync(join(shop.workspace, 'n/e'))).toEqual(['w.sh'])
  })

  it('refuses a folder, and a path through a file', async () => {
    expect((await shop.call('write_file', { path: 'n/e', content: '' })).ok).toBe(false)
    expect((await shop.call('write_file', { path: 'n/e/', content: '' })).ok).toBe(false)
    expect(await shop.call('write_file', { path: 'n/e/w.sh/x', content: '' })).toMatchObject({ ok: false })
  })
})

describe('edit_file', () => {
  it('replaces exactly, shows the difference, and takes $& as it is', async () => {
    shop.file('e.txt', 'one\ntwo\nthree\n')
    expect(await shop.call('edit_file', { path: 'e.txt', old: 'two', new: '$& 2' }, { key: 'e1' })).toEqual({
      ok: true,
      text: 'e.txt: 1 place changed; now 15 bytes.\n@@ -1,3 +1,3 @@\n one\n-two\n+$& 2\n three',
    })
    expect(textOf('e.txt')).toBe('one\n$& 2\nthree\n')
  })

  it('refuses what is there twice, and says where; with all it replaces both', async () => {
    shop.file('twice.txt', 'a\nb\na\n')
    expect(await shop.call('edit_file', { path: 'twice.txt', old: 'a', new: 'c' }, { key: 't1' })).toEqual({
      ok: false,
      reason: 'old is more than once in the file (lines 1, 3)',
      hint: 'take more of the lines around it, or set all',
    })
    expect((await shop.call('edit_file', { path: 'twice.txt', old: 'a', new: 'c', all: true }, { key: 't2' })).ok).toBe(
      true,
    )
    expect(textOf('twice.txt')).toBe('c\nb\nc\n')
  })

  it('shows the nearest lines of what is not there', async () => {
    shop.file('near.ts', 'import x\n\nfunction add(a, b) {\n  return a + b\n}\n')
    expect(await shop.call('edit_file', { path: 'near.ts', old: 'function add(a,b) {', new: '' })).toEqual({
      ok: false,
      reason:
        'old is not in the file\nNearest lines:\n1\timport x\n2\t\n3\tfunction add(a, b) {\n4\t  return a + b\n5\t}',
      hint: 'read the file again and copy the lines exactly, without their numbers',
    })
    expect(await shop.call('edit_file', { path: 'near.ts', old: '{\nreturn a + b', new: '' })).toMatchObject({
      hint: 'it is there with other spaces or line breaks: copy them from the file',
    })
  })

  it('keeps CRLF, and the mode', async () => {
    shop.file('crlf.txt', 'one\r\ntwo\r\nthree\r\n')
    chmodSync(join(shop.workspace, 'crlf.txt'), 0o640)
    await shop.call('edit_file', { path: 'crlf.txt', old: 'one\ntwo', new: '1\n1.5\n2' }, { key: 'c1' })
    expect([textOf('crlf.txt'), statSync(join(shop.workspace, 'crlf.txt')).mode & 0o777]).toEqual([
      '1\r\n1.5\r\n2\r\nthree\r\n',
      0o640,
    ])
  })

  it('happens once per key, also where the new text holds the old one', async () => {
    shop.file('once.txt', 'a\n')
    const input = { path: 'once.txt', old: 'a', new: 'a\nb' }
    await shop.call('edit_file', input, { key: 'k' })
    expect(await shop.call('edit_file', input, { key: 'k' })).toEqual({
      ok: true,
      text: 'once.txt: this change was made before; nothing was done twice.',
    })
    expect(textOf('once.txt')).toBe('a\nb\n')
    shop.file('once.txt', 'a, by me\n')
    expect((await shop.call('edit_file', input, { key: 'k' })).ok).toBe(false)
    expect((await shop.call('edit_file', input, { key: 'another' })).ok).toBe(true)
  })

  it('replaces in any text what was cut out of it', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n', ' ', '$', '한'), minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(text, text, text, fc.string(), (before, old, after, next) => {
        const whole = before + old + after
        const replaced = replaceIn(whole, { old, new: next })
        const isOnce = whole.indexOf(old) === whole.lastIndexOf(old)
        if (old === next) expect(replaced.ok).toBe(false)
        else expect(replaced.ok ? replaced.text : undefined).toBe(isOnce ? before + next + after : undefined)
      }),
    )
  })
})

describe('list_dir and glob', () => {
  it('lists folders first, with bytes, links and what is none of these', async () => {
    shop.file('l/b.txt', '12')
    shop.file('l/sub/c.txt', '1')
    shop.file('l/bad\nname', '')
    symlinkSync('b.txt', join(shop.workspace, 'l', 'link'))
    execFileSync('mkfifo', [join(shop.workspace, 'l', 'pipe')])
    expect(await shop.call('list_dir', { path: 'l' })).toEqual({
      ok: true,
      text: 'sub/\nb.txt 2 bytes\n"bad\\nname" 0 bytes\nlink -> b.txt\npipe (pipe, socket or device)',
    })
    for (let index = 0; index < 505; index++) shop.file(`many/${index}`, '')
    expect(saidBy(await shop.call('list_dir', { path: 'many' }))).toContain('[5 more; glob narrows it down]')
  })

  it('finds by pattern, without .git and node_modules, and never outside', async () => {
    for (const name of ['g/a.ts', 'g/b/c.ts', 'g/node_modules/d.ts', 'g/.git/e.ts']) shop.file(name, '')
    symlinkSync('../..', join(shop.workspace, 'g', 'out'))
    expect(await shop.call('glob', { pattern: '**/*.ts', path: 'g' })).toEqual({ ok: true, text: 'g/a.ts\ng/b/c.ts' })
    expect(saidBy(await shop.call('glob', { pattern: '**/*.ts', path: 'g', all: true }))).toContain(
      'g/node_modules/d.ts',
    )
    expect(await shop.call('glob', { pattern: 'out/*', path: 'g' })).not.toMatchObject({
      text: expect.stringContaining('secret'),
    })
    for (const pattern of ['../*', '/etc/*', '{a,..}/*', 'a/../../*'])
      expect((await shop.call('glob', { pattern })).ok).toBe(false)
    expect(await shop.call('glob', { pattern: '*.none' })).toEqual({ ok: true, text: 'Nothing matches *.none.' })
  })
})

describe('grep', () => {
  beforeAll(() => {
    shop.file('s/a.ts', 'let x = 1\r\nlet yy = 2\n')
    shop.file('s/b/c.md', '한글 let x\n')
    shop.file('s/bin', Buffer.from('let x\0let x'))
    shop.file('s/node_modules/m.ts', 'let x\n')
    shop.file('s/.gitignore', 'b\n')
    shop.file('s/long.txt', `needle ${'y'.repeat(1_000)}`)
  })

  it('names path, line and text', async () => {
    expect(await shop.call('grep', { pattern: 'let x', path: 's' })).toEqual({
      ok: true,
      text: 's/a.ts:1:let x = 1\ns/b/c.md:1:한글 let x',
    })
    expect(await shop.call('grep', { pattern: 'LET y+', path: 's', ignoreCase: true, files: '*.ts' })).toEqual({
      ok: true,
      text: 's/a.ts:2:let yy = 2',
    })
    expect(await shop.call('grep', { pattern: 'let', path: 's/a.ts' })).toEqual({
      ok: true,
      text: 's/a.ts:1:let x = 1\ns/a.ts:2:let yy = 2',
    })
    expect(await shop.call('grep', { pattern: 'let', path: 's/node_modules' })).toEqual({
      ok: true,
      text: 's/node_modules/m.ts:1:let x',
    })
    expect(saidBy(await shop.call('grep', { pattern: 'needle' })).length).toBeLessThan(400)
  })

  it.each(['let x', 'x$', '^let', '\\bx\\b', 'y{2}', '한', 'none', '(?<=let )x', '[', '(', 'a\\-b'])(
    'says of %s the same with and without ripgrep',
    async (pattern) => {
      const search = searchOf({ pattern, path: 's' }, shop.workspace, new AbortController().signal)
      if (!search.ok) throw new Error(search.reason)
      const [theirs, ours] = [await searchRipgrep(search), await searchHere(search)]
      if (theirs?.ok) expect(ours).toEqual(theirs)
      // Without ripgrep, or for what it does not know, our own search answers alone.
      else expect([ours.ok, theirs?.ok ?? ours.ok]).toEqual([ours.ok, ours.ok])
    },
  )

  it('refuses invalid patterns, options stay patterns, and a cancelled one ends', async () => {
    expect(await shop.call('grep', { pattern: '(' })).toMatchObject({
      ok: false,
      hint: expect.stringContaining('backslash'),
    })
    expect(await shop.call('grep', { pattern: '--files', path: 's' })).toEqual({
      ok: true,
      text: 'Nothing matches --files.',
    })
    expect(await shop.call('grep', { pattern: 'x' }, { signal: AbortSignal.abort() })).toEqual({
      ok: false,
      reason: 'it was cancelled',
    })
  })
})
