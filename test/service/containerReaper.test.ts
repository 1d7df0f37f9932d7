import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createReaper } from '../../src/service/containerReaper.ts'
import { AS_FIRST, NO_NAMESPACES } from './firstProcess.ts'

it.skipIf(NO_NAMESPACES !== undefined)(
  `PID 1 takes in the end of what it inherited, and leaves its own children to Node${NO_NAMESPACES ? ` (${NO_NAMESPACES})` : ''}`,
  () => {
    const [program, ...words] = AS_FIRST
    const script = join(import.meta.dirname, 'reapingProcess.ts')
    const out = execFileSync(program, [...words, process.execPath, script], { encoding: 'utf8', timeout: 50_000 })
    expect(JSON.parse(out)).toEqual({ pid: 1, orphans: 1, reaped: 1, left: [], own: 0 })
  },
)

it('finds nothing to take in where nothing was inherited', async () => {
  const reap = await createReaper()
  expect(reap?.(new Set())).toBe(0)
})
