/** A busy machine: more work than cores, and a disk that is always writing. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'

/** What the disk had to bear. */
export type Stressed = { readonly loops: number; readonly writtenGiB: number; readonly slowestSyncMs: number }
export type Stress = { readonly stop: () => Promise<Stressed> }

const LOOPS_PER_CORE = 2
/** Writes 256 MiB in pieces of 8 MiB, each synced to the disk, throws them away and begins again; says what each sync took. */
const WRITE_FOR_EVER = `
  const { openSync, writeSync, fsyncSync, ftruncateSync } = require('node:fs')
  const fd = openSync(process.argv[1], 'w')
  const piece = Buffer.alloc(8 * 1024 * 1024, 'ottugi')
  const step = (count) => {
    if (count % 32 === 0) ftruncateSync(fd, 0)
    writeSync(fd, piece, 0, piece.length, (count % 32) * piece.length)
    const startedAt = performance.now()
    fsyncSync(fd)
    process.stdout.write((performance.now() - startedAt).toFixed(1) + '\\n')
    setImmediate(step, count + 1)
  }
  step(0)`
const PIECE_GIB = 8 / 1_024

/** Begins it, with the file beside the homes of our rings: the same file system. */
export function startStress(): Stress {
  const folder = mkdtempSync(join(tmpdir(), 'ottugi-stress-'))
  const loops = cpus().length * LOOPS_PER_CORE
  const burners = Array.from({ length: loops }, () => startNode(['-e', 'for (;;);']))
  const writer = startNode(['-e', WRITE_FOR_EVER, join(folder, 'file')])
  let pieces = 0
  let slowestSyncMs = 0
  writer.stdout?.on('data', (chunk: Buffer) => {
    for (const line of chunk.toString('utf8').split('\n').filter(Boolean)) {
      pieces++
      slowestSyncMs = Math.max(slowestSyncMs, Number(line))
    }
  })
  return {
    async stop() {
      await Promise.all([...burners, writer].map(end))
      rmSync(folder, { recursive: true, force: true })
      return { loops, writtenGiB: pieces * PIECE_GIB, slowestSyncMs }
    },
  }
}

function startNode(words: readonly string[]): ChildProcess {
  return spawn(process.execPath, [...words], { env: { TMPDIR: tmpdir() }, stdio: ['ignore', 'pipe', 'ignore'] })
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.kill('SIGKILL')
  })
}
