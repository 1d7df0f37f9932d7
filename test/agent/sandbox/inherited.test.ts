import { spawn } from 'node:child_process'
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'

it('hands no descriptor that we inherited to tools', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ottugi-inherit-'))
  const file = join(folder, 'secret')
  writeFileSync(file, 'canary')
  const open = openSync(file, 'r')
  const stdio = Array.from({ length: 41 }, (_, fd) => (fd === 9 || fd === 40 ? open : fd === 1 ? 'pipe' : 'ignore'))
  const child = spawn(process.execPath, [join(import.meta.dirname, 'inheritProcess.ts')], { stdio: stdio as never })
  expect(await text(child.stdout as unknown as NodeJS.ReadableStream)).toMatch(/^\["(|EAGAIN|EBADF)","(|EBADF)"\]$/)
  rmSync(folder, { recursive: true })
})
