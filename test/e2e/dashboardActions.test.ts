/** A whole ring, and what a person does to it through its own dashboard: each order is left by one process, carried out by another, and seen in a third. */
import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ActionName, ActionResult, Logs } from '../../dashboard/contractViews.ts'
import { createRing, type Ring } from '../../src/drill/ring.ts'
import { waitFor } from '../../src/drill/waitFor.ts'
import { monotonicMs } from '../../src/shared/clock.ts'
import { readMaintenance } from '../../src/shared/maintenance.ts'

const LIMIT_MS = 60_000
let ring: Ring
let token: string

beforeAll(async () => {
  ring = await createRing()
  await ring.start()
  token = parseEnv(readFileSync(ring.paths.env, 'utf8'))['OTTUGI_TOKEN'] ?? ''
})
afterAll(async () => {
  expect(await ring.destroy()).toEqual([])
})

async function ask(path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${ring.living('dashboard')?.url}${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: body ? JSON.stringify(body) : null,
  })
  return response.json()
}

const act = async (name: ActionName, body: object = {}) => (await ask(`/api/actions/${name}`, body)) as ActionResult
const until = <Value>(what: string, look: () => Promise<Value | undefined>) => waitFor(what, LIMIT_MS, look)

async function healthy(): Promise<void> {
  await until('the watch to be healthy', async () => ((await ring.status()).state === 'healthy' ? true : undefined))
}

it('restarts the agent as a planned end: no incident, another life', async () => {
  await healthy()
  const before = ring.living('agent')
  expect(await act('restart')).toMatchObject({ done: true })
  expect((await ring.nextAgent(before, LIMIT_MS)).nonce).not.toBe(before?.nonce)
  await healthy()
  expect(await ring.incidents()).toEqual([])
})

it('holds a fire drill, which heals by itself and stands in its incident', async () => {
  await healthy()
  const before = ring.living('agent')
  expect(await act('drill')).toMatchObject({ done: true })
  await ring.nextAgent(before, LIMIT_MS)
  const [incident] = await ring.closedIncidents(1, LIMIT_MS)
  expect(incident).toMatchObject({ symptom: 'exited', outcome: 'healed' })
  expect(incident?.actions.map(({ action }) => action)).toContain('drill')
  expect(await act('drill')).toMatchObject({ done: false })
})

it('begins and ends maintenance and safe mode', async () => {
  expect(await act('maintenance-on', { minutes: 3, reason: 'a test' })).toMatchObject({ undo: 'maintenance-off' })
  expect(readMaintenance(ring.paths, monotonicMs())).toMatchObject({ reason: 'a test' })
  expect(await act('maintenance-off')).toMatchObject({ done: true })
  await healthy()
  const whole = ring.living('agent')
  expect(await act('safe-mode-on')).toMatchObject({ done: true, undo: 'safe-mode-off' })
  const bare = await ring.nextAgent(whole, LIMIT_MS)
  expect((await ring.status()).safeMode).not.toBe(null)
  expect(await act('safe-mode-off')).toMatchObject({ done: true })
  await ring.nextAgent(bare, LIMIT_MS)
  expect((await ring.status()).safeMode).toBe(null)
})

it('has all of it in the audit', async () => {
  const { lines } = (await ask('/api/audit')) as Logs
  const names = lines.map(({ raw }) => (JSON.parse(raw) as { audit: { action: string; done: boolean } }).audit.action)
  expect(names.toReversed()).toEqual([
    'restart',
    'drill',
    'drill',
    'maintenance-on',
    'maintenance-off',
    'safe-mode-on',
    'safe-mode-off',
  ])
})
