/** The broker against real servers on loopback, under names that a resolver of the test makes up: what is judged is what is connected to. */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcp } from 'node:net'
import { createServer as createTls } from 'node:tls'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type BrokerInput, createBroker } from '../../../src/agent/sandbox/broker.ts'
import { networkRules } from '../../../src/agent/sandbox/brokerRules.ts'
import { nextHop } from '../../../src/agent/sandbox/redirect.ts'
import type { BrokerRequest } from '../../../src/agent/tools/tool.ts'
import { settingsSchema } from '../../../src/shared/config/schema.ts'

const SECRET = 'sk/secret+value=="9/and-it-goes-on'
let port: number
let seen: { host: string; headers: IncomingMessage['headers']; url: string; method: string; body: string }[] = []
let answer: RequestListener = (_, response) => response.end('hello')

const server = createServer(async (request, response) => {
  let body = ''
  for await (const chunk of request) body += chunk
  const { host = '' } = request.headers
  seen.push({ host, headers: request.headers, url: request.url ?? '', method: request.method ?? '', body })
  answer(request, response)
})

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await new Promise((listening) => server.once('listening', listening))
  port = (server.address() as AddressInfo).port
})
afterAll(() => new Promise((closed) => server.close(closed)))
afterEach(() => {
  seen = []
  answer = (_, response) => response.end('hello')
})

type Changes = Partial<BrokerInput['settings']> & Pick<Partial<BrokerInput>, 'resolve'>

function ask(request: BrokerRequest, { resolve = async () => ['127.0.0.1'], ...settings }: Changes = {}) {
  const network = {
    ...settingsSchema.parse({}).network,
    allow: [`shop.test:${port}`, `other.test:${port}`],
    timeoutMs: 20_000,
    ...settings,
  }
  const broker = createBroker({
    settings: network,
    readSecret: (variable) => (variable === 'API_KEY' ? SECRET : undefined),
    resolve,
  })
  return broker(request, new AbortController().signal)
}

const at = (path = '/', host = 'shop.test') => `http://${host}:${port}${path}`
const redirectTo =
  (location: string, status = 302): RequestListener =>
  (_, response) =>
    void response.writeHead(status, { location }).end()
const reasonOf = async (request: BrokerRequest, changes?: Changes) => {
  const given = await ask(request, changes)
  return given.ok ? `answered ${given.status}` : given.reason
}

describe('a request', () => {
  it('reaches a host that the owner allowed, under its name', async () => {
    answer = (_, response) =>
      void response.writeHead(201, { 'x-a': 'b', 'set-cookie': 'c=d', connection: 'close', date: 'now' }).end('grüß')
    const { headers: _, ...rest } = { headers: {}, ...(await ask({ url: at('/a?b=c') })) }
    expect(rest).toEqual({ ok: true, status: 201, url: at('/a?b=c'), body: 'grüß', isCut: false })
    expect(seen).toMatchObject([{ host: `shop.test:${port}`, url: '/a?b=c', method: 'GET' }])
  })

  it('sends a body with POST, and keeps cookies from the tool', async () => {
    answer = (_, response) => void response.writeHead(200, { 'set-cookie': 'c=d' }).end()
    const given = await ask({
      url: at(),
      method: 'POST',
      body: '{"a":"ü"}',
      headers: { 'Content-Type': 'application/json' },
    })
    expect(seen[0]).toMatchObject({ method: 'POST', body: '{"a":"ü"}' })
    expect(given.ok && given.headers['set-cookie']).toBeUndefined()
  })

  it.each([
    [{ url: 'ftp://shop.test/' }, 'ftp: is not allowed, only http and https'],
    [{ url: 'file:///etc/passwd' }, 'file: is not allowed, only http and https'],
    [{ url: 'unix:/run/docker.sock' }, 'unix: is not allowed, only http and https'],
    [{ url: 'data:text/plain,x' }, 'data: is not allowed, only http and https'],
    [{ url: 'http://user:pass@shop.test/' }, 'an address may hold no user and no password'],
    [{ url: 'http://shop.test@127.0.0.1/' }, 'an address may hold no user and no password'],
    [{ url: 'http://[fe80::1%25eth0]/' }, 'it is no address of the web'],
    [{ url: 'http://' }, 'it is no address of the web'],
    [{ url: '//shop.test/' }, 'it is no address of the web'],
    [{ url: `https://shop.test/${'x'.repeat(9_000)}` }, 'it is no address of the web'],
    [{ url: 'https://shop.test', method: 'DELETE' }, 'the method DELETE is not allowed'],
    [{ url: 'https://shop.test', body: 'x' }, 'only POST has a body'],
    [{ url: 'https://shop.test', headers: { Host: 'x' } }, 'the header Host may not be sent by a tool'],
    [
      { url: 'https://shop.test', headers: { Authorization: 'x' } },
      'the header Authorization may not be sent by a tool',
    ],
    [{ url: 'https://shop.test', headers: { Cookie: 'x' } }, 'the header Cookie may not be sent by a tool'],
    [
      { url: 'https://shop.test', headers: { 'transfer-encoding': 'x' } },
      'the header transfer-encoding may not be sent by a tool',
    ],
    [{ url: 'https://shop.test', headers: { accept: 'a\r\nx: y' } }, 'the header accept may not be sent by a tool'],
  ])('is refused by its form: %j', async (request, reason) => {
    expect(await reasonOf(request as BrokerRequest)).toBe(reason)
  })

  it('is refused on another port, and on denied hosts before all else', async () => {
    expect(await reasonOf({ url: 'http://shop.test:22/' })).toMatch(/^port 22 is not allowed/)
    expect(await reasonOf({ url: at() }, { deny: ['shop.test'] })).toBe('shop.test is denied by network.deny')
    expect(await reasonOf({ url: at('/', 'SHOP.test.') }, { deny: ['*.test'] })).toBe(
      'shop.test is denied by network.deny',
    )
  })
})

describe('addresses', () => {
  const LITERALS = [
    ...[
      '127.0.0.1',
      '127.1',
      '0x7f.1',
      '0x7f000001',
      '2130706433',
      '017700000001',
      '0177.0.0.1',
      '127.0.0.1.',
      '0',
      '0.0.0.0',
    ],
    ...[
      '10.0.0.1',
      '172.16.3.4',
      '192.168.1.1',
      '169.254.169.254',
      '0xa9fea9fe',
      '2852039166',
      '100.64.1.1',
      '224.0.0.1',
    ],
    ...[
      '255.255.255.255',
      '192.0.2.1',
      '198.18.0.1',
      '[::1]',
      '[::]',
      '[::ffff:127.0.0.1]',
      '[::ffff:7f00:1]',
      '[0:0:0:0:0:0:0:1]',
    ],
    ...[
      '[fe80::1]',
      '[fd00:ec2::254]',
      '[fc00::1]',
      '[64:ff9b::7f00:1]',
      '[2002:7f00:1::]',
      '[2001::1]',
      '[ff02::1]',
      '[2001:db8::1]',
    ],
    ...['①②⑦.⓪.⓪.①', '127。0。0。1', '%31%32%37.0.0.1'],
  ]
  it.each(LITERALS)('refuses http://%s/', async (host) => {
    expect(await reasonOf({ url: `http://${host}/` })).toMatch(/which is /)
  })

  it.each([
    '127.0.0.1',
    '10.0.0.1',
    '169.254.169.254',
    '::1',
    '::ffff:10.0.0.1',
    'fd00:ec2::254',
    'fe80::1%eth0',
    '0.0.0.0',
  ])('refuses a public name that leads to %s, also beside a public address', async (address) => {
    for (const found of [[address], ['93.184.215.14', address], [address, '93.184.215.14']]) {
      expect(await reasonOf({ url: 'http://public.test/' }, { resolve: async () => found })).toMatch(
        /^public\.test leads to /,
      )
    }
  })

  it('opens metadata and link-local by no name, only by the address itself', async () => {
    for (const address of ['169.254.169.254', 'fd00:ec2::254', '100.100.100.200', '0.0.0.0', 'fe80::1']) {
      expect(await reasonOf({ url: at() }, { resolve: async () => [address] })).toMatch(/leads to/)
    }
    const allow = [`127.0.0.1:${port}`]
    expect(await reasonOf({ url: at('/', '127.0.0.1') }, { allow })).toBe('answered 200')
    expect(await reasonOf({ url: at('/', '127.0.0.2') }, { allow })).toMatch(/^port/)
  })

  it('opens nothing of ours by a wildcard', async () => {
    expect(await reasonOf({ url: at() }, { allow: [`*.test:${port}`] })).toMatch(/leads to 127\.0\.0\.1/)
  })

  it('connects to the address that it judged, however often the name changes', async () => {
    let asked = 0
    const resolve = async () => {
      asked += 1
      return asked === 1 ? ['127.0.0.1'] : ['169.254.169.254']
    }
    expect(await reasonOf({ url: at() }, { resolve })).toBe('answered 200')
    expect(asked).toBe(1)
    expect(await reasonOf({ url: at() }, { resolve })).toMatch(/169\.254\.169\.254/)
  })

  it('judges a name anew at each redirect to it', async () => {
    let asked = 0
    const resolve = async () => {
      asked += 1
      return asked === 1 ? ['127.0.0.1'] : ['169.254.169.254']
    }
    answer = redirectTo('/again')
    expect(await reasonOf({ url: at() }, { resolve })).toMatch(/169\.254\.169\.254/)
    expect(seen).toHaveLength(1)
  })

  it('names the host in TLS while it connects to the address', async () => {
    const names: string[] = []
    const tls = createTls({
      SNICallback: (name, done) => {
        names.push(name)
        done(new Error('enough'))
      },
    })
    tls.on('tlsClientError', () => {})
    tls.listen(0, '127.0.0.1')
    await new Promise((listening) => tls.once('listening', listening))
    const tlsPort = (tls.address() as AddressInfo).port
    expect(await reasonOf({ url: `https://shop.test:${tlsPort}/` }, { allow: [`shop.test:${tlsPort}`] })).toMatch(
      /^the request failed/,
    )
    expect(names).toEqual(['shop.test'])
    await new Promise((closed) => tls.close(closed))
  })
})

describe('redirects', () => {
  it('are followed, as GET after a POST', async () => {
    answer = (request, response) =>
      request.url === '/' ? redirectTo('/next', 303)(request, response) : response.end('there')
    const given = await ask({ url: at(), method: 'POST', body: 'x' })
    expect(given).toMatchObject({ ok: true, url: at('/next'), body: 'there' })
    expect(seen.map(({ method, body }) => [method, body])).toEqual([
      ['POST', 'x'],
      ['GET', ''],
    ])
  })

  it('keep method and body for 307 on the same host, and take them to no other', async () => {
    answer = (request, response) => (request.url === '/' ? redirectTo('/next', 307)(request, response) : response.end())
    await ask({ url: at(), method: 'POST', body: 'x' })
    expect(seen[1]).toMatchObject({ method: 'POST', body: 'x' })
    answer = redirectTo(at('/', 'other.test'), 308)
    expect(await reasonOf({ url: at(), method: 'POST', body: 'x' })).toBe(
      'it was redirected to another host with what was sent',
    )
  })

  it('end after five', async () => {
    answer = (request, response) => redirectTo(`${request.url}x`)(request, response)
    expect(await reasonOf({ url: at() })).toBe('more than 5 redirects')
    expect(seen).toHaveLength(6)
  })

  it.each([
    ['http://127.0.0.1/', /which is this machine/],
    ['http://169.254.169.254/latest/meta-data/', /metadata/],
    ['http://[::ffff:127.0.0.1]/', /this machine/],
    ['http://0x7f.1/', /this machine/],
    ['file:///etc/passwd', /only http and https/],
    ['http://u:p@shop.test/', /no user/],
    ['http://shop.test:22/', /port 22/],
    ['http://[', /no address of the web/],
  ])('to %s are refused', async (location, reason) => {
    answer = redirectTo(location)
    expect(await reasonOf({ url: at() })).toMatch(reason)
    expect(seen).toHaveLength(1)
  })
})

describe('a secret', () => {
  const secret = { variable: 'API_KEY', header: 'Authorization', prefix: 'Bearer ' }
  const secrets = () => [`API_KEY=shop.test:${port}`, 'API_KEY=safe.test']

  it('is put in for its host', async () => {
    expect(await reasonOf({ url: at(), secret }, { secrets: secrets() })).toBe('answered 200')
    expect(seen[0]?.headers.authorization).toBe(`Bearer ${SECRET}`)
  })

  it.each([
    ['another host', { url: 'http://other.test:PORT/' }, /^API_KEY may not be sent to other\.test/],
    ['a host below', { url: 'https://a.safe.test/' }, /^API_KEY may not be sent to a\.safe\.test/],
    ['the right host in clear', { url: 'http://safe.test/' }, /^API_KEY may not be sent to safe\.test:80/],
    [
      'a header that is shown',
      { url: 'http://shop.test:PORT/', secret: { ...secret, header: 'user-agent' } },
      /may not stand in the header/,
    ],
    [
      'a broken prefix',
      { url: 'http://shop.test:PORT/', secret: { ...secret, prefix: 'x\r\ny: z' } },
      /no text of a header/,
    ],
    [
      'a variable of ours',
      { url: 'http://shop.test:PORT/', secret: { ...secret, variable: 'OTTUGI_TOKEN' } },
      /^OTTUGI_TOKEN may not/,
    ],
  ])('is not sent: %s', async (_, request, reason) => {
    const wanted = { secret, ...request, url: request.url.replace('PORT', String(port)) }
    expect(await reasonOf(wanted, { secrets: secrets() })).toMatch(reason)
    expect(seen).toEqual([])
  })

  it('is not sent in clear to another machine, whatever is allowed', async () => {
    const given = await reasonOf({ url: at(), secret }, { secrets: secrets(), resolve: async () => ['10.0.0.1'] })
    expect(given).toBe('a secret is sent over https only')
  })

  it('is missed in words', async () => {
    const given = await reasonOf(
      { url: at(), secret: { ...secret, variable: 'NONE' } },
      { secrets: [`NONE=shop.test:${port}`] },
    )
    expect(given).toBe('NONE is not set in .env')
  })

  it('is dropped on the way to another host, and stays on the way to the same', async () => {
    answer = (request, response) =>
      request.headers.host?.startsWith('shop')
        ? redirectTo(request.url === '/' ? '/b' : at('/', 'other.test'))(request, response)
        : response.end('end')
    expect(await reasonOf({ url: at(), secret }, { secrets: secrets() })).toBe('answered 200')
    expect(seen.map(({ host, headers }) => [host.split('.')[0], headers.authorization !== undefined])).toEqual([
      ['shop', true],
      ['shop', true],
      ['other', false],
    ])
  })

  it('does not follow from https to http', () => {
    const hop = { url: new URL('https://safe.test/'), method: 'GET', body: undefined, secret }
    const rules = networkRules(settingsSchema.parse({}).network)
    const refused = { ok: false, reason: 'it was redirected from https to http with a secret' }
    expect(nextHop(hop, 302, 'http://safe.test/', rules)).toEqual(refused)
    expect(nextHop(hop, 302, 'http://other.test/', rules)).toEqual(refused)
    expect(nextHop({ ...hop, secret: undefined }, 302, 'http://safe.test/', rules)).toMatchObject({ ok: true })
  })

  it.each([
    ['as it is', (value: string) => value],
    ['in an address', encodeURIComponent],
    ['in JSON', (value: string) => JSON.stringify({ value })],
    ['in base64', (value: string) => Buffer.from(value).toString('base64')],
    ['as Basic login', (value: string) => Buffer.from(`:${value}`).toString('base64')],
    ['in base64 behind a name', (value: string) => Buffer.from(`me@shop:${value}:x`).toString('base64')],
    ['in base64 behind another', (value: string) => Buffer.from(`me@sho:${value}:x`).toString('base64')],
    ['in hex', (value: string) => Buffer.from(value).toString('hex')],
  ])('does not come back %s', async (_, form) => {
    answer = (_request, response) =>
      void response.writeHead(200, { 'x-echo': form(SECRET) }).end(`you sent ${form(SECRET)}!`)
    const given = await ask({ url: at(), secret }, { secrets: secrets() })
    const text = JSON.stringify(given)
    expect(given).toMatchObject({ ok: true, headers: { 'x-echo': expect.stringContaining('[masked]') } })
    expect(text).not.toContain(form(SECRET).slice(12, 24))
  })

  it('does not come back in part where an answer is cut', async () => {
    answer = (_, response) => response.end(`${'x'.repeat(90)}${SECRET}`)
    const given = await ask({ url: at(), secret, maxBytes: 100 }, { secrets: secrets() })
    expect(given).toMatchObject({ ok: true, isCut: true })
    expect(given.ok && given.body).toMatch(/^x+$/)
  })
})

describe('bad servers', () => {
  it('cuts a long answer', async () => {
    answer = (_, response) => response.end('x'.repeat(5_000))
    expect(await ask({ url: at(), maxBytes: 1_000 })).toMatchObject({ ok: true, isCut: true, body: 'x'.repeat(1_000) })
    expect(await ask({ url: at() }, { maxBytes: 2_000 })).toMatchObject({
      ok: true,
      isCut: true,
      body: 'x'.repeat(2_000),
    })
  })

  it('cuts an answer without an end', async () => {
    answer = (_, response) => {
      const timer = setInterval(() => response.write('x'.repeat(10_000)), 1)
      response.on('close', () => clearInterval(timer))
    }
    expect(await ask({ url: at(), maxBytes: 50_000 })).toMatchObject({ ok: true, isCut: true })
  })

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ])('unpacks %s, and cuts a bomb at the same size', async (packing, pack) => {
    const packed = (text: string) => (_: IncomingMessage, response: ServerResponse) =>
      void response.writeHead(200, { 'content-encoding': packing }).end(pack(Buffer.from(text)))
    answer = packed('grüß')
    expect(await ask({ url: at() })).toMatchObject({ ok: true, body: 'grüß', isCut: false })
    answer = packed('0'.repeat(20_000_000))
    const given = await ask({ url: at(), maxBytes: 10_000 })
    expect(given).toMatchObject({ ok: true, isCut: true })
    expect(given.ok && given.body.length).toBe(10_000)
  })

  it.each([
    ['an unknown packing', { 'content-encoding': 'compress' }, 'x', /packed as compress/],
    ['packing in packing', { 'content-encoding': 'gzip, gzip' }, 'x', /packed as gzip, gzip/],
    ['packed rubbish', { 'content-encoding': 'gzip' }, 'no gzip', /^the request failed/],
    ['an answer that breaks off', { 'content-length': '100' }, undefined, /^the request failed/],
  ])('tells of %s', async (_, headers, body, reason) => {
    answer = (_request, response) => {
      response.writeHead(200, headers as Record<string, string>)
      if (body !== undefined) return response.end(body)
      response.write('x')
      setImmediate(() => response.destroy())
    }
    expect(await reasonOf({ url: at() })).toMatch(reason)
  })

  it('ends at its time, also while a name is looked up', async () => {
    answer = () => {}
    expect(await reasonOf({ url: at() }, { timeoutMs: 200 })).toBe('no answer within 0.2 s')
    expect(await reasonOf({ url: at() }, { timeoutMs: 200, resolve: () => new Promise(() => {}) })).toBe(
      'no answer within 0.2 s',
    )
  })

  it('tells of a host that is unknown or refuses', async () => {
    const unknown = async () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' }))
    expect(await reasonOf({ url: at() }, { resolve: unknown })).toBe('the host is not known')
    const closed = createTcp().listen(0, '127.0.0.1')
    await new Promise((listening) => closed.once('listening', listening))
    const free = (closed.address() as AddressInfo).port
    await new Promise((done) => closed.close(done))
    expect(await reasonOf({ url: `http://shop.test:${free}/` }, { allow: [`shop.test:${free}`] })).toMatch(
      /ECONNREFUSED/,
    )
  })
})
