/** The dashboard against a real process: signing in, what it shows, and what it says that it cannot know. */

import { mkdirSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import Database from 'better-sqlite3'
import { afterEach, expect, it } from 'vitest'
import { bootId, monotonicMs } from '../../src/shared/clock.ts'
import type { Incident } from '../../src/shared/incident.ts'
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

it('lets in with a one-time link only, and keeps the session in a strict cookie', async () => {
  home = makeHome({})
  const dashboard = await start()
  const { url } = dashboard
  expect((await fetch(`${url}/livez`)).status).toBe(200)
  const stranger = await fetch(url)
  expect(stranger.status).toBe(401)
  expect(await stranger.text()).toContain('ottugi dashboard')
  expect((await fetch(`${url}/api/status`)).status).toBe(401)

  const code = createLoginCode(home.paths.logins)
  expect((await fetch(`${url}/login?code=${code}`, { method: 'HEAD' })).status).toBe(405)
  const first = await fetch(`${url}/login?code=${code}`, { redirect: 'manual' })
  expect(first.status).toBe(303)
  expect((await fetch(`${url}/login?code=${code}`, { redirect: 'manual' })).status).toBe(401)
  const cookie = first.headers.get('set-cookie') ?? ''
  expect(cookie).toMatch(/^ottugi_dashboard=[\w.-]+; Max-Age=43200; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/)

  const page = await get(url, cookie)
  expect(page.status).toBe(200)
  expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/)
  const text = await page.text()
  expect(text).toContain(`pid ${dashboard.child.pid}`)
  expect(text).not.toMatch(/<script|style="/)
  expect(await (await get(`${url}/api/status`, cookie)).json()).toMatchObject({ dashboard: { url } })

  const forged = cookie.replace(/\.[\w-]/, (found) => (found === '.A' ? '.B' : '.A'))
  expect((await get(url, forged)).status).toBe(401)
  const longer = cookie.replace(/=\d/, '=9')
  expect((await get(url, longer)).status).toBe(401)
  expect((await fetch(`${url}/api/status`, { headers: { authorization: `Bearer ${dashboard.token}` } })).status).toBe(
    200,
  )
})

it('stops guessing', async () => {
  home = makeHome({})
  const { url } = await start()
  const statuses: number[] = []
  for (let tries = 0; tries < 12; tries++) statuses.push((await fetch(`${url}/login?code=x`)).status)
  expect(statuses).toEqual([...Array(10).fill(401), 429, 429])
})

it('tells the watch and its incidents, escaped', async () => {
  home = makeHome({})
  mkdirSync(home.paths.data, { recursive: true })
  const db = new Database(home.paths.watchdogDb)
  db.exec('CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT)')
  db.exec('CREATE TABLE incidents (id TEXT PRIMARY KEY, opened_at TEXT, closed_at TEXT, record TEXT)')
  const watch = { bootId: bootId(), watch: { state: { name: 'healthy', since: monotonicMs() }, incident: null } }
  db.prepare('INSERT INTO state VALUES (?, ?)').run('watch', JSON.stringify(watch))
  const at = '2026-01-02T03:04:05.000Z'
  const incident: Incident = {
    id: 'I1',
    openedAt: at,
    closedAt: at,
    fault: '<img src=x onerror=alert(1)>',
    symptom: 'exit',
    tier: 'guardian',
    outcome: 'healed',
    downMs: 1_234,
    detectMs: null,
    actions: [],
    modelCalls: 0,
    costUsd: 0,
    human: null,
  }
  db.prepare('INSERT INTO incidents VALUES (?, ?, ?, ?)').run('I1', at, at, JSON.stringify(incident))
  db.close()
  const dashboard = await start()
  const page = await (await get(dashboard.url, await signIn(dashboard))).text()
  expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;')
  expect(page).not.toContain('<img')
  expect(page).toContain('1.2 s')
})

it('says what it cannot know', async () => {
  home = makeHome({})
  mkdirSync(home.paths.data, { recursive: true })
  writeFileSync(home.paths.watchdogDb, 'no database at all, but long enough to be looked at')
  const dashboard = await start()
  const page = await (await get(dashboard.url, await signIn(dashboard))).text()
  expect(page).toMatch(/Cannot say more: watchdog\.db: file is not a database/)
})

it('runs with the defaults when the settings are broken, and says so; in Korean too', async () => {
  home = makeHome({})
  writeFileSync(home.paths.settings, 'dashboard:\n  prot: 1\n')
  const dashboard = await start({ LANG: 'ko_KR.UTF-8' })
  const page = await (await get(dashboard.url, await signIn(dashboard))).text()
  expect(page).toContain('lang="ko"')
  expect(page).toContain('대시보드가 기본값으로 실행됩니다')
})

it('takes the next free port when a stranger has its own, and says so', async () => {
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  const { port } = taken.address() as AddressInfo
  home = makeHome({ yaml: `dashboard:\n  port: ${port}\n`, ownPorts: true })
  const dashboard = await start()
  expect(Number(new URL(dashboard.url).port)).toBeGreaterThan(port)
  const page = await (await get(dashboard.url, await signIn(dashboard))).text()
  expect(page).toContain(`Port ${port} is taken`)
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
