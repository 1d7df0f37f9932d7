import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'

const SCRIPT = join(import.meta.dirname, '..', '..', '.ci', 'run')
const TOOLS = ['dirname', 'mktemp', 'id', 'rm', 'sleep', 'grep', 'kill']
const folders: string[] = []

/** A machine that has these programs and no others. */
function machineWith(tools: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'ottugi-path-'))
  folders.push(folder)
  for (const tool of tools) symlinkSync(join('/usr/bin', tool), join(folder, tool))
  return folder
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

describe.skipIf(process.platform !== 'linux')('.ci/run', () => {
  it('is good bash', () => {
    expect(spawnSync('/bin/bash', ['-n', SCRIPT], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' })
  })

  it('names what the machine lacks, and ends with its counts', () => {
    const { status, stdout } = spawnSync('/bin/bash', [SCRIPT], {
      env: { PATH: machineWith(TOOLS) },
      stdio: ['ignore', 'pipe', 'inherit'],
      encoding: 'utf8',
    })
    expect([status, stdout.trimEnd().split('\n')]).toEqual([1, ['FAILED: git is missing', '0 passed, 1 failed']])
  })
})
