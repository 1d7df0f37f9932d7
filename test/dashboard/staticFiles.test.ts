/** The built page: how its files are sent, below any base path, through a real proxy; and what there is without it. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLoginCode } from '../../src/shared/tokens.ts'
import { makeDashboardHome, startDashboard, type TestDashboard, type TestOptions } from './dashboardApp.ts'

let home: ReturnType<typeof makeDashboardHome>
let dashboard: TestDashboard
const proxies: Server[] = []

beforeEach(() => {
  home = makeDashboardHome()
})
afterEach(async () => {
  for (const proxy of proxies.splice(0)) {
    proxy.closeAllConnections()
    await new Promise((resolve) => proxy.close(resolve))
  }
  await dashboard.close()
  home.remove()
  expect(dashboard.bugs).toEqual([])
})

const INDEX = `<!doctype html><html><head><link rel="icon" href="./icon.svg"></head>
<body><script type="module" src="./assets/main-AbC1.js"></script></body></html>`
const SCRIPT = `console.log(${'1'.repeat(500)})`

function writeDist(): string {
  const dist = join(home.paths.home, 'dist')
  mkdirSync(join(dist, 'assets'), { recursive: true })
  writeFileSync(join(dist, 'index.html'), INDEX)
  writeFileSync(join(dist, 'icon.svg'), '<svg/>')
  writeFileSync(join(dist, 'assets', 'main-AbC1.js'), SCRIPT)
  writeFileSync(join(dist, 'assets', 'main-AbC1.js.br'), brotliCompressSync(SCRIPT))
  return dist
}

const start = async (options: TestOptions = {}) => {
  dashboard = await startDashboard(home.paths, { distFolder: writeDist(), ...options })
}
const facts = ({ status, headers }: Response, ...names: string[]) => [status, ...names.map((name) => headers.get(name))]

describe('files', () => {
  it('gives hashed ones for ever and pressed, the page anew each time', async () => {
    await start()
    const script = await fetch(`${dashboard.url}/assets/main-AbC1.js`, { headers: { 'accept-encoding': 'br' } })
    expect(
      facts(script, 'content-type', 'cache-control', 'content-encoding', 'vary', 'x-content-type-options'),
    ).toEqual([
      200,
      'text/javascript; charset=utf-8',
      'public, max-age=31536000, immutable',
      'br',
      'Accept-Encoding',
      'nosniff',
    ])
    expect(await script.text()).toBe(SCRIPT)
    const plain = await fetch(`${dashboard.url}/assets/main-AbC1.js`, { headers: { 'accept-encoding': 'identity' } })
    expect([plain.headers.get('content-encoding'), await plain.text()]).toEqual([null, SCRIPT])
    expect(facts(await fetch(`${dashboard.url}/icon.svg`), 'cache-control')).toEqual([200, 'no-cache'])
    for (const path of ['/', '/incidents/I7', '/sessions/a.b']) {
      const page = await fetch(dashboard.url + path)
      expect(facts(page, 'cache-control', 'content-security-policy')).toEqual([
        200,
        'no-store',
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
      ])
      const text = await page.text()
      expect(text).toContain(' src="/assets/main-AbC1.js"')
      expect(text).toContain('<meta name="ottugi-base" content="">')
    }
  })

  it('gives nothing else of the disk', async () => {
    await start()
    const statusOf = (path: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        // As it stands: fetch would tidy the path up.
        const asked = request({ host: '127.0.0.1', port: dashboard.port, path }, (response) => {
          response.resume()
          resolve(response.statusCode)
        })
        asked.on('error', reject).end()
      })
    const paths = ['/assets/..%2findex.html', '/assets/../../.env', '/assets/%2e%2e/.env', '/.env', '/assets/none.js']
    for (const path of [...paths, '/main-AbC1.js', '/assets/main-AbC1.js.br', '/assets/', '/index.html/../.env']) {
      expect([path, await statusOf(path)]).toEqual([path, 404])
    }
    expect((await fetch(`${dashboard.url}/`, { method: 'POST' })).status).toBe(405)
  })
})

/** What a proxy does to a request. */
type Proxying = { readonly strips: boolean; readonly headers: Record<string, string>; readonly keepsHost: boolean }

async function startProxy({ strips, headers, keepsHost }: Proxying): Promise<string> {
  const proxy = createServer((incoming, answer) => {
    const path = strips ? (incoming.url ?? '').replace(/^\/ottugi(?=\/|$)/, '') || '/' : incoming.url
    const host = keepsHost ? incoming.headers.host : `127.0.0.1:${dashboard.port}`
    const outgoing = request(
      {
        host: '127.0.0.1',
        port: dashboard.port,
        path,
        method: incoming.method,
        headers: { ...incoming.headers, ...headers, host },
      },
      (response) => {
        answer.writeHead(response.statusCode ?? 502, response.headers)
        response.pipe(answer)
      },
    )
    outgoing.on('error', () => answer.destroy())
    incoming.pipe(outgoing)
  })
  proxies.push(proxy)
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
}

describe('behind a proxy', () => {
  it.each([
    ['that takes the path away', true],
    ['that passes it on', false],
  ])('%s: links, cookie and stream lie below the base path', async (_, strips) => {
    await start({ yaml: 'dashboard:\n  basePath: /ottugi\n  trustedProxies: [127.0.0.1]\n' })
    const proxy = await startProxy({ strips, headers: { 'X-Forwarded-Proto': 'https' }, keepsHost: false })
    const code = createLoginCode(home.paths.logins)
    const login = await fetch(`${proxy}/ottugi/login?code=${code}`, { redirect: 'manual' })
    expect(facts(login, 'location')).toEqual([303, '/ottugi/'])
    const cookie = login.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/; Path=\/ottugi\/; .*; HttpOnly; Secure; SameSite=Strict$/)
    const page = await (await fetch(`${proxy}/ottugi/incidents/I7`)).text()
    expect(page).toContain(' src="/ottugi/assets/main-AbC1.js"')
    expect(page).toContain(' href="/ottugi/icon.svg"')
    expect((await fetch(`${proxy}/ottugi/assets/main-AbC1.js`)).status).toBe(200)
    const headers = { cookie: cookie.split(';')[0] ?? '' }
    const me = await fetch(`${proxy}/ottugi/api/me`, { headers })
    expect(await me.json()).toMatchObject({ basePath: '/ottugi', version: expect.any(String) })
    const stream = await fetch(`${proxy}/ottugi/api/events`, { headers })
    const reader = stream.body?.getReader()
    const { value } = (await reader?.read()) ?? {}
    expect(new TextDecoder().decode(value)).toMatch(/^id: 0\.0\nevent: overview\n/)
    await reader?.cancel()
    // The watchdog asks at the root.
    expect((await fetch(`${dashboard.url}/livez`)).status).toBe(200)
  })

  it('believes what a trusted proxy says of scheme and path, and nobody else', async () => {
    const headers = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Prefix': '/told' }
    await start({ yaml: 'dashboard:\n  trustedProxies: [127.0.0.0/8]\n' })
    const login = async () => {
      const proxy = await startProxy({ strips: false, headers, keepsHost: false })
      const response = await fetch(`${proxy}/login?code=${createLoginCode(home.paths.logins)}`, { redirect: 'manual' })
      return [response.headers.get('location'), / Secure;/.test(response.headers.get('set-cookie') ?? '')]
    }
    expect(await login()).toEqual(['/told/', true])
    await dashboard.close()
    await start()
    expect(await login()).toEqual(['/', false])
    await dashboard.close()
    await start({ yaml: 'dashboard:\n  trustedProxies: [10.0.0.1]\n' })
    expect(await login()).toEqual(['/', false])
  })

  it('believes no path that is none', async () => {
    await start({ yaml: 'dashboard:\n  trustedProxies: [127.0.0.1]\n' })
    for (const prefix of ['//evil.example', '/a/', 'evil', '/"><script>']) {
      const page = await (await fetch(`${dashboard.url}/`, { headers: { 'X-Forwarded-Prefix': prefix } })).text()
      expect(page).toContain(' src="/assets/main-AbC1.js"')
    }
  })
})

it('without the built page there is a small one, which says how to build it', async () => {
  dashboard = await startDashboard(home.paths, { language: 'ko' })
  const stranger = await fetch(dashboard.url)
  expect([stranger.status, stranger.headers.get('content-security-policy')]).toEqual([
    401,
    expect.stringMatching(/^default-src 'none'; style-src 'sha256-/),
  ])
  expect(await stranger.text()).toContain('ottugi dashboard')
  const page = await (await dashboard.get('/')).text()
  expect(page).toContain('lang="ko"')
  expect(page).toContain('npm run build')
  expect(page).toContain('a note')
  expect(page).not.toMatch(/<script|style="/)
  expect((await dashboard.get('/incidents/I7')).status).toBe(404)
})
