/** Packs a folder as a package manager does: POSIX ustar, everything below `package/`, as one gzip stream without compression. */
import { createReadStream, readdirSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { pipeline, Readable } from 'node:stream'
import { constants, createGzip } from 'node:zlib'

const BLOCK = 512
const MAX_NAME = 100
const MAX_PREFIX = 155

/** The tarball of a package folder; packages inside of it (`node_modules`) are packages of their own. */
export function tarballOf(folder: string): Readable {
  // A program of 200 MB over loopback: packing it smaller takes longer than sending it.
  return pipeline(Readable.from(blocksOf(folder)), createGzip({ level: constants.Z_NO_COMPRESSION }), () => {})
}

async function* blocksOf(folder: string): AsyncGenerator<Buffer> {
  for (const path of filesOf(folder)) {
    const { size, mode } = statSync(path)
    yield headerOf(`package/${relative(folder, path)}`, size, mode)
    yield* createReadStream(path)
    yield Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK)
  }
  yield Buffer.alloc(2 * BLOCK)
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesOf(path)
    return entry.isFile() ? [path] : []
  })
}

/** The fields of a ustar header (POSIX.1-1988), as octal text at fixed places; its checksum counts its own field as spaces. */
function headerOf(path: string, size: number, mode: number): Buffer {
  const header = Buffer.alloc(BLOCK)
  const [prefix, name] = splitName(path)
  header.write(name, 0)
  header.write(octal(mode & 0o777, 7), 100)
  header.write(octal(0, 7), 108)
  header.write(octal(0, 7), 116)
  header.write(octal(size, 11), 124)
  header.write(octal(0, 11), 136)
  header.write(' '.repeat(8), 148)
  header.write('0', 156)
  header.write('ustar\0', 257)
  header.write('00', 263)
  header.write(prefix, 345)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${octal(sum, 6)}\0 `, 148)
  return header
}

function octal(value: number, width: number): string {
  return value.toString(8).padStart(width, '0')
}

/** A long path is cut at a slash, so that both parts fit. */
function splitName(path: string): readonly [string, string] {
  if (Buffer.byteLength(path) <= MAX_NAME) return ['', path]
  const cut = path.indexOf('/', path.length - MAX_NAME - 1)
  const [prefix, name] = [path.slice(0, cut), path.slice(cut + 1)]
  if (cut < 0 || Buffer.byteLength(prefix) > MAX_PREFIX) throw new Error(`${path} is too long for a tarball`)
  return [prefix, name]
}
