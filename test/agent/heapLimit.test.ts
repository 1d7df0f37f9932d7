/** A raised heap limit counts for a real agent, and only with it does one live whose settings give it too little. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readBoots } from '../../src/shared/bootledger.ts'
import type { HealthCheck } from '../../src/shared/health.ts'
import { call, eventually, makeHome, startAgent, type TestHome, type TestProcess } from './agentProcess.ts'

/** Less than an idle agent needs. */
const TOO_SMALL_MB = 16
let home: TestHome
let agent: TestProcess

beforeAll(() => {
  home = makeHome({ yaml: `agent:\n  port: 0\n  maxHeapMb: ${TOO_SMALL_MB}\n` })
  mkdirSync(home.paths.data, { recursive: true })
})
afterAll(async () => {
  await agent?.stop()
  home?.remove()
})

it('ends out of memory without it, and lives with it', async () => {
  const without = await startAgent(home)
  await without.exited
  const end = readBoots(home.paths.boots).findLast(({ kind }) => kind === 'end')
  expect(end).toMatchObject({ planned: false, reason: expect.stringMatching(/^out-of-memory/) })

  const raised = { configuredMb: TOO_SMALL_MB, mb: 64, at: '2026-01-01T00:00:00.000Z' }
  writeFileSync(home.paths.heapLimit, JSON.stringify(raised))
  agent = await startAgent(home)
  const health = await eventually(async () => {
    const report = (await (await call(agent, '/health')).json()) as {
      uptimeSec: number
      checks: Record<string, HealthCheck>
    }
    return report.uptimeSec >= 3 ? report : undefined
  })
  expect(health.checks['memory']).toMatchObject({ status: 'pass' })
})
