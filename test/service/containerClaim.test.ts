import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { claimForeground } from '../../src/service/containerClaim.ts'
import { appRoot } from '../../src/shared/paths.ts'
import { newHome } from '../cli/command.ts'

function preparedHome() {
  const paths = newHome()
  mkdirSync(paths.run, { recursive: true, mode: 0o700 })
  return paths
}

it('gives a home to one at a time', async () => {
  const paths = preparedHome()
  const first = await claimForeground(paths)
  expect(await claimForeground(paths)).toEqual({ ok: false, reason: join(paths.run, 'forever.sock') })
  if (first.ok) first.release()
  const next = await claimForeground(paths)
  expect(next.ok).toBe(true)
  if (next.ok) next.release()
})

it('takes over what a killed process left behind', async () => {
  const paths = preparedHome()
  const module = pathToFileURL(join(appRoot, 'src/service/containerClaim.ts')).href
  const script = `const { claimForeground } = await import(${JSON.stringify(module)});
    await claimForeground({ run: ${JSON.stringify(paths.run)} }); process.stdout.write('held'); setInterval(() => {}, 1000)`
  const holder = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(holder.stdout, 'data')
  expect((await claimForeground(paths)).ok).toBe(false)
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  expect(existsSync(join(paths.run, 'forever.sock'))).toBe(true)
  const claim = await claimForeground(paths)
  expect(claim.ok).toBe(true)
  if (claim.ok) claim.release()
})
