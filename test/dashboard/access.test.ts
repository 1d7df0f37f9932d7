/** Who is let in, as what, for how long; and what is refused. */
import { request } from 'node:http'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createLoginLimit } from '../../dashboard/loginLimit.ts'
import { SESSION_MS } from '../../dashboard/session.ts'
import { createLoginCode } from '../../src/shared/tokens.ts'
import { makeDashboardHome, startDashboard, type TestDashboard, type TestOptions, writeTokens } from './dashboardApp.ts'

let home: ReturnType<typeof makeDashboardHome>
let dashboard: TestDashboard

beforeEach(() => {
  home = makeDashboardHome()
})
afterEach(async () => {
  await dashboard.close()
  home.remove()
  expect(dashboard.bugs).toEqual([])
})

const start = async (options?: TestOptions) => {
  dashboard = await startDashboard(home.paths, options)
}
const me = (headers: Record<string, string>) => fetch(`${dashboard.url}/api/me`, { headers })
const post = (path: string, headers: Record<string, string> = {}, body?: unknown) =>
  fetch(dashboard.url + path, {
    method: 'POST',
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
const problemOf = async (response: Response) => {
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  const { type, status } = (await response.json()) as { type: string; status: number }
  return [status, type.replace('urn:ottugi:problem:', '')]
}
/** `fetch` does not let a test write a Host header. */
function statusWith(headers: Record<string, string>, method = 'GET', path = '/api/me'): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: dashboard.port, path, method, headers }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    asked.on('error', reject).end()
  })
}

it('exchanges a link for a strict cookie, once, and leaves no code in an address', async () => {
  await start()
  const code = createLoginCode(home.paths.logins)
  expect((await fetch(`${dashboard.url}/login?code=${code}`, { method: 'HEAD' })).status).toBe(405)
  const first = await fetch(`${dashboard.url}/login?code=${code}`, { redirect: 'manual' })
  expect([first.status, first.headers.get('location')]).toEqual([303, '/'])
  const cookie = first.headers.get('set-cookie') ?? ''
  expect(cookie).toMatch(
    /^ottugi_dashboard=\d+\.admin\.[\w-]{16}\.[\w-]{43}; Max-Age=43200; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/,
  )
  const second = await fetch(`${dashboard.url}/login?code=${code}`, { redirect: 'manual' })
  expect(second.status).toBe(401)
  expect(second.headers.get('set-cookie')).toBeNull()
  // Whoever is in already is led to the page, whatever the code is worth.
  const pair = cookie.split(';')[0] ?? ''
  expect(
    (await fetch(`${dashboard.url}/login?code=${code}`, { headers: { cookie: pair }, redirect: 'manual' })).status,
  ).toBe(303)
  expect(await (await me({ cookie: pair })).json()).toMatchObject({ can: { approve: true, admin: true, chat: true } })
})

it('takes a token that was typed by hand, and gives no more than it may', async () => {
  await start()
  const wrong = await post('/login', {}, { token: 'ott_admin_0000000000000000000000' })
  expect(await problemOf(wrong)).toEqual([401, 'wrong-token'])
  expect((await post('/login', {}, [1])).status).toBe(401)
  const login = await post('/login', {}, { token: ` ${dashboard.tokens.approve}\n` })
  expect(login.status).toBe(204)
  const cookie = (login.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  expect(await (await me({ cookie })).json()).toMatchObject({ can: { approve: true, admin: false, chat: false } })
  expect((await post('/api/actions/restart', { cookie }, {})).status).toBe(403)
})

it('knows programs by their tokens; a wrong one is not made good by a cookie', async () => {
  await start()
  expect((await me({ authorization: `Bearer ${dashboard.tokens.read}` })).status).toBe(200)
  expect(await problemOf(await me({ authorization: 'Bearer nothing', cookie: dashboard.cookie() }))).toEqual([
    401,
    'no-session',
  ])
  expect(await problemOf(await me({}))).toEqual([401, 'no-session'])
})

it('believes no cookie that it did not sign, that has run out, or that was signed in the future', async () => {
  await start()
  const now = Date.now()
  const status = async (cookie: string) => (await me({ cookie })).status
  const good = dashboard.cookie('read')
  expect(await status(good)).toBe(200)
  expect(await status(good.replace('.read.', '.admin.'))).toBe(401)
  expect(await status(good.replace(/=(\d)/, '=9'))).toBe(401)
  expect(await status(good.slice(0, -1))).toBe(401)
  expect(await status(dashboard.cookie('admin', now - SESSION_MS - 1))).toBe(401)
  expect(await status(dashboard.cookie('admin', now - SESSION_MS + 60_000))).toBe(200)
  expect(await status(dashboard.cookie('admin', now + 60_000))).toBe(200)
  expect(await status(dashboard.cookie('admin', now + 3_600_000))).toBe(401)
})

it('ends sessions: a copied cookie is worth nothing after signing out, nor after the tokens were changed', async () => {
  await start()
  const stolen = dashboard.cookie()
  const other = dashboard.cookie()
  const out = await post('/logout', { cookie: stolen })
  expect([out.status, out.headers.get('set-cookie')]).toEqual([
    204,
    expect.stringMatching(/^ottugi_dashboard=; Path=\/; Expires=Thu, 01 Jan 1970/),
  ])
  expect([(await me({ cookie: stolen })).status, (await me({ cookie: other })).status]).toEqual([401, 200])
  await dashboard.close()
  // A new process knows it too; the tokens were written anew with it.
  await start()
  expect((await me({ cookie: other })).status).toBe(401)
  const fresh = dashboard.cookie()
  expect((await me({ cookie: fresh })).status).toBe(200)
  writeTokens(home.paths)
  expect((await me({ cookie: fresh })).status).toBe(401)
})

it('a signed-out session stays so over a restart', async () => {
  await start()
  const cookie = dashboard.cookie()
  await post('/logout', { cookie })
  const { signedOut } = dashboard.context
  const id = cookie.split('.')[2] ?? ''
  expect(signedOut.has(id)).toBe(true)
  await dashboard.close()
  await start()
  expect(dashboard.context.signedOut.has(id)).toBe(true)
})

it('refuses changes that a page of another origin asks for', async () => {
  await start()
  const cookie = dashboard.cookie()
  const logout = async (headers: Record<string, string>) => (await post('/logout', { cookie, ...headers })).status
  expect(await logout({ origin: 'https://evil.example' })).toBe(403)
  expect(await logout({ origin: 'null' })).toBe(403)
  expect(await logout({ origin: dashboard.url, 'sec-fetch-site': 'cross-site' })).toBe(403)
  expect(await logout({ origin: dashboard.url, 'sec-fetch-site': 'same-origin' })).toBe(204)
})

it('answers to its own names only, and to the public one where there is one', async () => {
  await start({ yaml: 'dashboard:\n  publicUrl: https://Ottugi.example:8443/\n' })
  const cookie = dashboard.cookie()
  const { port } = dashboard
  expect(await statusWith({ cookie, host: `localhost:${port}` })).toBe(200)
  expect(await statusWith({ cookie, host: `evil.example:${port}` })).toBe(403)
  expect(await statusWith({ cookie, host: '127.0.0.1:1' })).toBe(403)
  expect(await statusWith({ cookie, host: 'ottugi.example:8443' })).toBe(200)
  expect(await statusWith({ cookie, host: 'ottugi.example' })).toBe(200)
  expect(await statusWith({ cookie, host: 'ottugi.example:1' })).toBe(403)
  const origin = { cookie, host: `127.0.0.1:${port}`, origin: 'https://ottugi.example:8443' }
  expect(await statusWith(origin, 'POST', '/logout')).toBe(204)
})

it('stops guessing, each address for itself, by elapsed time', async () => {
  const limit = createLoginLimit()
  const tries = (address: string, at: number, count: number) => Array.from({ length: count }, () => limit(address, at))
  expect(tries('a', 0, 11)).toEqual([...Array(10).fill(true), false])
  expect(limit('b', 0)).toBe(true)
  expect(limit('a', 59_999)).toBe(false)
  expect(limit('a', 60_000)).toBe(true)
  const many = Array.from({ length: 200 }, (_, index) => limit(`address ${index}`, 200_000))
  expect(many.filter(Boolean)).toHaveLength(100)

  await start()
  const statuses: number[] = []
  for (let tried = 0; tried < 12; tried++) statuses.push((await post('/login', {}, { token: 'x' })).status)
  expect(statuses).toEqual([...Array(10).fill(401), 429, 429])
  expect((await fetch(`${dashboard.url}/login?code=x`)).status).toBe(429)
})

it('says what is not there, as a problem', async () => {
  await start()
  expect(await problemOf(await dashboard.get('/api/nothing'))).toEqual([404, 'not-found'])
  expect(await problemOf(await dashboard.get('/api/incidents/I404'))).toEqual([404, 'not-found'])
  expect(await problemOf(await dashboard.get('/api/sessions/%3Cscript%3E'))).toEqual([404, 'not-found'])
  expect(await problemOf(await dashboard.get('/api/runs/none'))).toEqual([404, 'not-found'])
  expect(await problemOf(await dashboard.get('/nothing.js'))).toEqual([404, 'not-found'])
  expect(await problemOf(await dashboard.get('/api/sessions/%E0%A4%A'))).toEqual([400, 'bad-request'])
  expect(await problemOf(await post('/api/overview', { cookie: dashboard.cookie() }))).toEqual([
    405,
    'method-not-allowed',
  ])
  expect(await problemOf(await dashboard.get('/api/heartbeat?window=1h'))).toEqual([400, 'bad-request'])
  expect(await problemOf(await dashboard.get('/api/incidents?before=x'))).toEqual([400, 'bad-request'])
  expect(await problemOf(await dashboard.get('/api/incidents?limit=-1'))).toEqual([400, 'bad-request'])
  expect(await problemOf(await dashboard.get('/api/costs?by=shoe'))).toEqual([400, 'bad-request'])
  expect(await problemOf(await dashboard.get('/api/events', { 'last-event-id': 'x' }))).toEqual([400, 'bad-request'])
})
