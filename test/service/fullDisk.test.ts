/** A disk that is really full: whatever is being made goes again, and what was there stays whole. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { noSmallDisk } from '../../src/drill/smallDisk.ts'

const missing = noSmallDisk()
const OWN_MOUNTS = process.getuid?.() === 0 ? ['--mount'] : ['--user', '--map-root-user', '--mount']

/** Plays it on a disk of its own, in a namespace that goes with its process. */
async function played(): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), 'ottugi-full-'))
  try {
    const stage = join(import.meta.dirname, 'fullDiskStage.ts')
    const { stdout } = await promisify(execFile)('unshare', [...OWN_MOUNTS, '--', process.execPath, stage, folder])
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

describe.skipIf(missing !== undefined)(`a full disk${missing ? ` (${missing})` : ''}`, () => {
  it('during a backup, a restore and an update leaves the home whole and nothing behind', async () => {
    expect(await played()).toEqual({
      backup: 'no-room',
      restore: 'no-room',
      update: 'no-room',
      tried: 'migration',
      left: { backups: [], swaps: [], proofs: [], releases: [] },
      journal: ['done', 'done', 'done'],
      settings: 'language: en\n',
    })
  })
})
