/** The dashboard against a real process: signing in, what it shows, and what it says that it cannot know. */

import { writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { createLoginCode } from '../../src/shared/tokens.ts'
import { makeHome, startProcess, type TestHome, type TestProcess } from '../agent/agentProcess.ts'

let home: TestHome
const running: TestProcess[] = []

afterEach(async () => {
  for (const one of running.splice(0)) await one.kill()
  home.remove()
})

async function start(environment: Record<string, string> = {}): Promise<TestProcess> {
  const dashboard = await startProcess(home, 'dashboard', { LANG: 'C', ...environment })
  running.push(dashboard)
  return dashboard
}

async function signIn({ url }: TestProcess): Promise<string> {
  const response = await fetch(`${url}/login?code=${createLoginCode(home.paths.logins)}`, { redirect: 'manual' })
  expect([response.status, response.headers.get('location')]).toEqual([303, '/'])
  return response.headers.get('set-cookie') ?? ''
}

const get = (url: string, cookie: string) => fetch(url, { headers: { cookie: cookie.split(';')[0] ?? '' } })

const asked = async (url: string, cookie: string) => {
  const response = await get(url, cookie)
  expect(response.status).toBe(200)
  return (await response.json()) as Record<string, unknown>
}

it('lets in with a one-time link, tells how the ring is, and knows programs by their token', async () => {
  home = makeHome({})
  const dashboard = await start()
  const { url, token } = dashboard
  expect((await fetch(`${url}/livez`)).status).toBe(200)
  expect((await fetch(`${url}/readyz`)).status).toBe(200)
  const stranger = await fetch(`${url}/api/status`)
  expect(stranger.status).toBe(401)
  expect(await stranger.text()).toContain('ottugi dashboard')
  const cookie = await signIn(dashboard)
  expect(await asked(`${url}/api/overview`, cookie)).toMatchObject({
    status: { dashboard: { pid: dashboard.child.pid, url } },
    unknown: [{ what: 'watchdog.db' }, { what: 'agent.db' }],
  })
  const byToken = await fetch(`${url}/api/status`, { headers: { authorization: `Bearer ${token}` } })
  expect(await byToken.json()).toMatchObject({ dashboard: { url } })
  expect((await get(url, cookie)).status).toBe(200)
})

it('runs with the defaults when the settings are broken, and says so; in Korean too', async () => {
  home = makeHome({})
  writeFileSync(home.paths.settings, 'dashboard:\n  prot: 1\n')
  const dashboard = await start({ LANG: 'ko_KR.UTF-8' })
  const { language, notes } = await asked(`${dashboard.url}/api/me`, await signIn(dashboard))
  expect([language, String(notes)]).toEqual(['ko', expect.stringContaining('대시보드가 기본값으로 실행됩니다')])
})

it('ends its live streams when it is told to leave', async () => {
  home = makeHome({})
  const dashboard = await start()
  const stream = await get(`${dashboard.url}/api/events`, await signIn(dashboard))
  const reading = stream.text()
  await dashboard.stop()
  expect(await reading).toContain('event: overview')
  expect(await dashboard.exited).toEqual({ code: 0, signal: null })
})

it('takes the next free port when a stranger has its own, and says so', async () => {
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  const { port } = taken.address() as AddressInfo
  home = makeHome({ yaml: `dashboard:\n  port: ${port}\n`, ownPorts: true })
  const dashboard = await start()
  expect(Number(new URL(dashboard.url).port)).toBeGreaterThan(port)
  const { notes } = await asked(`${dashboard.url}/api/me`, await signIn(dashboard))
  expect(String(notes)).toContain(`Port ${port} is taken`)
  await new Promise((resolve) => taken.close(resolve))
})

it('follows a living one when a supervisor starts it, and leaves it alone when a person does', async () => {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  home = makeHome({ yaml: `dashboard:\n  port: ${port}\n`, ownPorts: true })
  const first = await start()
  await expect(start()).rejects.toThrow(/ended with 78/)
  const second = await start({ OTTUGI_SUPERVISED: '1' })
  expect(await first.exited).toEqual({ code: 0, signal: null })
  expect(second.url).toBe(first.url)
})
