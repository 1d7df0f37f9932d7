/** How a child begins, without its sandbox. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, readdirSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { expect, it, onTestFinished } from 'vitest'
import { appRoot } from '../../../src/shared/paths.ts'

const CHILD = join(appRoot, 'src', 'agent', 'sandbox', 'child.ts')
const TOOLS = `file://${join(appRoot, 'src', 'agent', 'tools', 'table.ts')}`
const temporary = () => mkdtempSync(join(tmpdir(), 'ottugi-child-'))

/** Starts it, resolves with its first word, and lets go of its line: then it ends by itself. */
async function firstWord(words: readonly string[], held: number): Promise<string> {
  const child = spawn(process.execPath, [CHILD, TOOLS, ...words], {
    env: {},
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'ignore', 'ignore', held],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const line = child.stdio[3] as Duplex
  try {
    const [word] = await once(line, 'data')
    return String(word)
  } finally {
    const ended = once(child, 'exit')
    line.destroy()
    await ended
  }
}

it('keeps what Node made of the code where it is told to', async () => {
  const folder = temporary()
  const held = openSync(folder, 'r')
  expect(await firstWord(['fill', folder], held)).toContain('ready')
  closeSync(held)
  expect(readdirSync(folder, { recursive: true }).length).toBeGreaterThan(3)
})

it('begins without where the folder was removed meanwhile', async () => {
  const folder = temporary()
  const held = openSync(folder, 'r')
  rmdirSync(folder)
  expect(await firstWord(['fill', '/proc/self/fd/6'], held)).toContain('ready')
  closeSync(held)
})
