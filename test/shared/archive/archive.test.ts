/** Archives come back as they were written, and whatever was done to one is seen before anything of it counts. */
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { ArchiveError } from '../../../src/shared/archive/archiveFault.ts'
import { isSafeEntryName } from '../../../src/shared/archive/entryName.ts'
import { FIRST_LINE, LAST_MARK, numberBytes } from '../../../src/shared/archive/form.ts'
import { readArchive } from '../../../src/shared/archive/readArchive.ts'
import { createSealer } from '../../../src/shared/archive/sealing.ts'
import { writeArchive } from '../../../src/shared/archive/writeArchive.ts'

const folder = mkdtempSync(join(tmpdir(), 'ottugi-archive-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A weak key derivation: the tests make many. */
const COST = 4
let made = 0
const newFile = () => join(folder, `a${made++}`)

type Files = Readonly<Record<string, Buffer>>

async function written(files: Files, passphrase?: string): Promise<string> {
  const path = newFile()
  const entries = Object.entries(files).map(([name, bytes]) => ({ name, mode: 0o640, content: () => [bytes] }))
  await writeArchive(path, entries, { passphrase, cost: COST })
  return path
}

async function readBack(path: string, passphrase?: string): Promise<Files> {
  const files: Record<string, Buffer> = {}
  for await (const { name, content } of readArchive(path, passphrase)) files[name] = Buffer.concat(await all(content))
  return files
}

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const one of source) found.push(one)
  return found
}

async function faultOf(path: string, passphrase?: string): Promise<string> {
  try {
    await readBack(path, passphrase)
    return 'none'
  } catch (error) {
    return error instanceof ArchiveError ? error.fault : `thrown: ${String(error)}`
  }
}

/** Content that gzip cannot make small, so that there are several chunks. */
function noise(length: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, index) =>
    createHash('sha256').update(String(index)).digest(),
  )
  return Buffer.concat(blocks).subarray(0, length)
}

const FILES: Files = {
  'ottugi.yaml': Buffer.from('language: ko\n'),
  'data/한글.db': noise(200_000),
  empty: Buffer.alloc(0),
}

describe('an archive', () => {
  it.each([undefined, 'pass phrase 오뚝이'])('comes back as it was, passphrase %s', async (passphrase) => {
    const path = await written(FILES, passphrase)
    expect(await readBack(path, passphrase)).toEqual(FILES)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    // Without a passphrase nothing is hidden, and nothing says that it is.
    if (passphrase) expect(readFileSync(path).includes('language: ko')).toBe(false)
  })

  it('comes back for any names and contents', async () => {
    const name = fc.stringMatching(/^[a-z0-9._ -]{1,12}(\/[a-z0-9_가-힣]{1,8}){0,2}$/).filter(isSafeEntryName)
    const files = fc.dictionary(name, fc.uint8Array({ maxLength: 300 }).map(Buffer.from), { maxKeys: 5 })
    await fc.assert(
      fc.asyncProperty(files, fc.option(fc.string({ minLength: 1 }), { nil: undefined }), async (given, passphrase) => {
        expect(await readBack(await written({ ...given }, passphrase), passphrase)).toEqual({ ...given })
      }),
      { numRuns: 40 },
    )
  })

  it('may be passed over entry by entry', async () => {
    const path = await written(FILES)
    expect((await all(readArchive(path))).map(({ name, mode }) => [name, mode])).toEqual(
      Object.keys(FILES).map((name) => [name, 0o640]),
    )
  })

  it('takes a passphrase however it was typed: composed or not', async () => {
    const path = await written(FILES, '오뚝이'.normalize('NFD'))
    expect(await faultOf(path, '오뚝이'.normalize('NFC'))).toBe('none')
  })

  it('is never written over another file', async () => {
    const path = await written(FILES)
    await expect(writeArchive(path, [])).rejects.toThrow(/EEXIST/)
    expect(await readBack(path)).toEqual(FILES)
  })
})

describe('a file that is not as it was written', () => {
  it('wants its passphrase, and that one', async () => {
    const path = await written(FILES, 'right')
    expect(await faultOf(path)).toBe('passphrase-needed')
    expect(await faultOf(path, 'wrong')).toBe('wrong-passphrase')
  })

  it.each([undefined, 'p'])('is refused wherever it was cut off, passphrase %s', async (passphrase) => {
    const bytes = readFileSync(await written(FILES, passphrase))
    const cut = newFile()
    const lengths = [
      0,
      5,
      15,
      18,
      60,
      ...Array.from({ length: 25 }, (_, index) => Math.floor((bytes.length * index) / 25)),
    ]
    for (const length of [...lengths, bytes.length - 1]) {
      writeFileSync(cut, bytes.subarray(0, length))
      expect(['truncated', 'no-archive', 'damaged'], `cut to ${length}`).toContain(await faultOf(cut, passphrase))
    }
  })

  it.each([undefined, 'p'])('is refused whichever byte was changed, passphrase %s', async (passphrase) => {
    const small = { 'a/b': noise(500) }
    const bytes = readFileSync(await written(small, passphrase))
    const changed = newFile()
    for (let at = 0; at < bytes.length; at += 3) {
      const copy = Buffer.from(bytes)
      copy.writeUInt8((copy[at] ?? 0) ^ 0x41, at)
      writeFileSync(changed, copy)
      expect(await faultOf(changed, passphrase), `byte ${at}`).not.toBe('none')
      expect(await faultOf(changed, passphrase), `byte ${at}`).not.toMatch(/thrown/)
    }
  })

  it('is refused when chunks change their places, one is gone, or something is added', async () => {
    const path = await written(FILES, 'p')
    const { head, frames } = taken(readFileSync(path))
    expect(frames.length).toBeGreaterThan(2)
    const [first = Buffer.alloc(0), second = Buffer.alloc(0), ...rest] = frames
    for (const [what, order] of [
      ['swapped', [second, first, ...rest]],
      ['one gone', [first, ...rest]],
      ['added', [first, second, ...rest, first]],
    ] as const) {
      writeFileSync(path, Buffer.concat([head, ...order]))
      expect(await faultOf(path, 'p'), what).toBe('damaged')
    }
  })

  it('is refused as newer where its form is', async () => {
    const path = newFile()
    const header = Buffer.from(JSON.stringify({ form: 2, sealing: { kind: 'plain' } }))
    writeFileSync(path, Buffer.concat([FIRST_LINE, numberBytes(header.length), header]))
    expect(await faultOf(path)).toBe('newer')
  })

  it('is no archive when it is something else', async () => {
    const path = newFile()
    writeFileSync(path, 'SQLite format 3\0 and more')
    expect(await faultOf(path)).toBe('no-archive')
  })

  it('does not make the derivation of a key take the whole machine', async () => {
    const path = newFile()
    const sealing = {
      kind: 'scrypt-aes-256-gcm',
      salt: 'A'.repeat(22),
      cost: 30,
      noncePrefix: 'AAAAAAAAAA',
      check: 'A'.repeat(22),
    }
    const header = Buffer.from(JSON.stringify({ form: 1, sealing }))
    writeFileSync(path, Buffer.concat([FIRST_LINE, numberBytes(header.length), header]))
    expect(await faultOf(path, 'p')).toBe('damaged')
  })
})

describe('names that lead elsewhere', () => {
  const UNSAFE = [
    '../x',
    'a/../../x',
    '/etc/passwd',
    'a//b',
    './a',
    'a/.',
    '',
    'a\0b',
    'a\\..\\b',
    `${'x'.repeat(256)}`,
    'a\nb',
  ]

  it.each(UNSAFE)('%j is refused on the way in and out', async (name) => {
    expect(isSafeEntryName(name)).toBe(false)
    await expect(writeArchive(newFile(), [{ name, mode: 0o600, content: () => [] }])).rejects.toThrow(/cannot put/)
    expect(await faultOf(forged([name]))).toBe('unsafe-name')
  })

  it('the same name does not come twice', async () => {
    expect(await faultOf(forged(['a', 'a']))).toBe('unsafe-name')
  })
})

/** An archive as a forger makes it: sound in its form, with any names. */
function forged(names: readonly string[]): string {
  const records = names.flatMap((name) => {
    const head = Buffer.from(JSON.stringify({ name, mode: 0o600 }))
    return [numberBytes(head.length), head, numberBytes(0), createHash('sha256').digest()]
  })
  const header = Buffer.from(JSON.stringify({ form: 1, sealing: { kind: 'plain' } }))
  const head = Buffer.concat([FIRST_LINE, numberBytes(header.length), header])
  const packed = gzipSync(Buffer.concat([...records, numberBytes(0), numberBytes(names.length)]))
  const sealed = createSealer({ kind: 'plain' }, undefined, head).seal(packed, true)
  const path = newFile()
  writeFileSync(path, Buffer.concat([head, numberBytes(sealed.length + LAST_MARK), sealed]))
  return path
}

function taken(bytes: Buffer): { head: Buffer; frames: Buffer[] } {
  const headerAt = FIRST_LINE.length + 4
  let at = headerAt + bytes.readUInt32BE(FIRST_LINE.length)
  const head = bytes.subarray(0, at)
  const frames: Buffer[] = []
  while (at < bytes.length) {
    const length = bytes.readUInt32BE(at) % LAST_MARK
    frames.push(bytes.subarray(at, at + 4 + length))
    at += 4 + length
  }
  return { head, frames }
}
