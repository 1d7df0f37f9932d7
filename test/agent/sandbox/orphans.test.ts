import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { processesWith } from './support.ts'

it('ends all sandboxes with the agent, also when it is killed and a child is stopped', async () => {
  const agent = spawn(process.execPath, [join(import.meta.dirname, 'dyingProcess.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const home = await new Promise<string>((said) =>
    agent.stdout.once('data', (chunk: Buffer) => said(chunk.toString('utf8'))),
  )
  expect(processesWith(home).length).toBeGreaterThan(0)
  agent.kill('SIGKILL')
  await expect.poll(() => processesWith(home), { timeout: 30_000 }).toEqual([])
  await expect.poll(() => processesWith('7501'), { timeout: 30_000 }).toEqual([])
  rmSync(home, { recursive: true })
})
