/** http_fetch, http_post, web_to_text and web_search against a server of our own; what stands between is a plain fetch. */
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { linksOf, titleOf } from '../../../src/agent/tools/pageFacts.ts'
import type { BrokerFetch, BrokerRequest, ToolContext } from '../../../src/agent/tools/tool.ts'
import { openWorkshop, saidBy, type Workshop } from './workshop.ts'

type Seen = { readonly method: string; readonly url: string; readonly type: string | undefined; readonly body: string }

let shop: Workshop
let server: Server
let base: string
let seen: Seen[] = []
let asked: BrokerRequest[] = []

const PAGE = `<!doctype html><html><head><title>A &amp; B
 page</title><script>evil()</script><style>x{}</style></head><body><nav>menu</nav><h1>Head</h1><p>Some &#54620; text &lt;b&gt;.</p>
<a href="/next?a=1&amp;b=2#x">Next</a> <a href='javascript:alert(1)'>no</a> <a href=other>Other</a><a href="/next?a=1&b=2">again</a>
<table><tr><th>n</th><th>m</th></tr><tr><td>1</td><td>2</td></tr></table></body></html>`

const ANSWERS: Readonly<Record<string, { status?: number; type: string; body: string | Uint8Array }>> = {
  '/json': { type: 'application/json', body: '{"a":1}' },
  '/page': { type: 'text/html; charset=utf-8', body: PAGE },
  '/deep': { type: 'text/html', body: '<div>'.repeat(50_000) },
  '/empty': { type: 'text/html', body: '<script>render()</script>' },
  '/png': { type: 'image/png', body: Uint8Array.from([0x89, 0x50]) },
  '/busy': { status: 429, type: 'text/plain', body: 'slow down' },
  '/searx/search': {
    type: 'application/json',
    body: JSON.stringify({ results: [{ title: 'T', url: 'https://a.example/', content: 'C\n c' }] }),
  },
  '/brave/res/v1/web/search': {
    type: 'application/json',
    body: JSON.stringify({
      web: { results: [{ title: 'B', url: 'https://b.example/', description: 'the <strong>word</strong>' }] },
    }),
  },
  '/tavily/search': { type: 'application/json', body: JSON.stringify({ results: [] }) },
  '/odd/search': { type: 'application/json', body: '["no"]' },
  '/html/search': { type: 'text/html', body: '<p>' },
}

beforeAll(async () => {
  shop = openWorkshop()
  server = createServer(async (request, response) => {
    const body = await bodyOf(request)
    const { method = '', url = '', headers } = request
    seen.push({ method, url, type: headers['content-type'], body })
    const answer = ANSWERS[new URL(url, 'http://x').pathname] ?? {
      status: 404,
      type: 'text/plain',
      body: 'nothing here',
    }
    response.writeHead(answer.status ?? 200, { 'content-type': answer.type, 'x-odd': 'y' }).end(answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  shop.leave()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})
beforeEach(() => {
  seen = []
  asked = []
})

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

const plainFetch: BrokerFetch = async (request) => {
  asked.push(request)
  try {
    const { method = 'GET', headers = {}, body = null } = request
    const answer = await fetch(request.url, { method, headers, body })
    return {
      ok: true,
      status: answer.status,
      url: answer.url,
      headers: Object.fromEntries(answer.headers),
      body: await answer.text(),
      isCut: false,
    }
  } catch {
    return { ok: false, reason: 'nobody answers' }
  }
}
const call = (tool: string, input: unknown, more: Partial<ToolContext> = {}) =>
  shop.call(tool, input, { fetch: plainFetch, ...more })
const withEngine = (engine: 'none' | 'searxng' | 'brave' | 'tavily', url: string) => ({
  settings: { search: { engine, url } },
})

describe('http_fetch and http_post', () => {
  it('show status, some headers and the body', async () => {
    expect(await call('http_fetch', { url: `${base}/json` })).toEqual({
      ok: true,
      text: `200 ${base}/json\ncontent-type: application/json\n\n{"a":1}`,
    })
    expect(await call('http_fetch', { url: `${base}/png` })).toMatchObject({
      ok: true,
      text: expect.stringContaining('not shown: no text]'),
    })
    expect(await call('http_fetch', { url: `${base}/nothing` })).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/^404 .*nothing here$/s),
    })
    expect(await call('http_fetch', { url: `${base}/busy` })).toMatchObject({
      ok: false,
      hint: 'too many requests: do not try again soon',
    })
  })

  it('send a body as what it is', async () => {
    await call('http_post', { url: `${base}/json`, body: '{"x":1}' })
    await call('http_post', { url: `${base}/json`, body: 'plain' })
    expect(seen).toEqual([
      { method: 'POST', url: '/json', type: 'application/json', body: '{"x":1}' },
      { method: 'POST', url: '/json', type: 'text/plain; charset=utf-8', body: 'plain' },
    ])
  })

  it('hand on the refusal of the broker, and take web addresses only', async () => {
    const refuse: BrokerFetch = async () => ({ ok: false, reason: '10.0.0.1 is private' })
    const outcome = await call('http_fetch', { url: 'http://10.0.0.1/' }, { fetch: refuse })
    expect(outcome).toMatchObject({
      ok: false,
      reason: '10.0.0.1 is private',
      hint: expect.stringContaining('network.allow'),
    })
    for (const url of ['file:///etc/passwd', 'ftp://x/', 'javascript:1', 'nothing'])
      await expect(call('http_fetch', { url })).rejects.toThrow()
  })

  it('end with the call, whatever the broker does', async () => {
    const control = new AbortController()
    const never: BrokerFetch = () => {
      control.abort()
      return new Promise(() => {})
    }
    expect(await call('http_fetch', { url: base }, { fetch: never, signal: control.signal })).toEqual({
      ok: false,
      reason: 'it was cancelled',
    })
    await call('http_fetch', { url: `${base}/json` }, { signal: AbortSignal.abort() })
    expect(asked).toEqual([])
  })
})

describe('web_to_text', () => {
  it('gives title, text and links', async () => {
    const text = saidBy(await call('web_to_text', { url: `${base}/page`, links: true }))
    expect(text).toContain(`# A & B page\n${base}/page\n\nHead\n\nSome 한 text <b>.`)
    expect(text).not.toMatch(/evil|x\{\}|menu|javascript/)
    expect(text).toContain(`Links:\nNext: ${base}/next?a=1&b=2\nOther: ${base}/other`)
    expect(text.match(/\/next/g)?.length).toBe(1)
    expect(asked[0]).toMatchObject({ maxBytes: 2_097_152 })
  })

  it('stands pages that are deep, empty, plain or no pages', async () => {
    expect((await call('web_to_text', { url: `${base}/deep` })).ok).toBe(true)
    expect(saidBy(await call('web_to_text', { url: `${base}/empty` }))).toContain('it may be made by scripts')
    expect(saidBy(await call('web_to_text', { url: `${base}/json` }))).toContain('{"a":1}')
    expect(await call('web_to_text', { url: `${base}/png` })).toMatchObject({
      ok: false,
      reason: `${base}/png is image/png, not a page`,
    })
    expect((await call('web_to_text', { url: `${base}/nothing` })).ok).toBe(false)
  })

  it('reads facts of any markup without failing', () => {
    const piece = fc.constantFrom(
      '<a href=',
      '"',
      "'",
      '>',
      '<',
      '/x',
      '&#x110000;',
      '&#55296;',
      '&amp;',
      '<title>',
      'http://[',
      ' ',
    )
    fc.assert(
      fc.property(
        fc.array(piece).map((parts) => parts.join('')),
        (html) => {
          for (const link of linksOf(html, 'http://a.example/')) expect(link).toMatch(/https?:\/\//)
          expect(titleOf(html)).not.toContain('\n')
        },
      ),
    )
  })
})

describe('web_search', () => {
  it('refuses without an engine, and says which setting names one', async () => {
    expect(await call('web_search', { query: 'x' })).toMatchObject({
      ok: false,
      reason: 'no search engine is set',
      hint: expect.stringContaining('tools.searchEngine'),
    })
    expect((await call('web_search', { query: 'x' }, withEngine('searxng', ''))).ok).toBe(false)
    expect(asked).toEqual([])
  })

  it('asks SearXNG, Brave and Tavily each in its way; the key is put in by the broker', async () => {
    expect(await call('web_search', { query: 'a b' }, withEngine('searxng', `${base}/searx/`))).toEqual({
      ok: true,
      text: '1. T\n   https://a.example/\n   C c',
    })
    expect(await call('web_search', { query: 'a' }, withEngine('brave', `${base}/brave`))).toEqual({
      ok: true,
      text: '1. B\n   https://b.example/\n   the word',
    })
    expect(await call('web_search', { query: 'a' }, withEngine('tavily', `${base}/tavily`))).toEqual({
      ok: true,
      text: 'Nothing was found for a.',
    })
    expect(
      asked.map(({ url, method, secret, body }) => ({ url: url.slice(base.length), method, secret, body })),
    ).toEqual([
      { url: '/searx/search?q=a+b&format=json' },
      {
        url: '/brave/res/v1/web/search?q=a&count=8',
        secret: { variable: 'BRAVE_API_KEY', header: 'x-subscription-token' },
      },
      {
        url: '/tavily/search',
        method: 'POST',
        secret: { variable: 'TAVILY_API_KEY', header: 'authorization', prefix: 'Bearer ' },
        body: '{"query":"a","max_results":8}',
      },
    ])
  })

  it.each(['/odd', '/html', '/gone'])('says of %s that there are no results to read', async (path) => {
    expect((await call('web_search', { query: 'a' }, withEngine('searxng', base + path))).ok).toBe(false)
  })
})
