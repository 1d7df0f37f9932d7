/** One HTTP exchange with addresses that were judged: connects to exactly those, reads no more than it may, unpacks no more than that either. */
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIPv6 } from 'node:net'
import type { Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

/** What is sent, and where to. */
export type Exchange = {
  readonly url: URL
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  /** Judged; nothing else is connected to. */
  readonly addresses: readonly string[]
  readonly maxBytes: number
  readonly signal: AbortSignal
}

/** What came back. */
export type Reply = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly location: string | undefined
  readonly body: Buffer
  readonly isCut: boolean
}

/** Makes it. Rejects with an error for people where there is no reply. */
export async function exchange(wanted: Exchange): Promise<Reply> {
  const response = await ask(wanted)
  const { location } = response.headers
  const isRedirect = location !== undefined && [301, 302, 303, 307, 308].includes(response.statusCode ?? 0)
  const read = isRedirect ? { body: Buffer.alloc(0), isCut: false } : await readBody(response, wanted)
  response.destroy()
  return {
    status: response.statusCode ?? 0,
    headers: plainHeaders(response),
    location: isRedirect ? location : undefined,
    ...read,
  }
}

function ask({ url, method, headers, body, addresses, signal }: Exchange): Promise<IncomingMessage> {
  const found = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }))
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
      method,
      headers: {
        ...headers,
        'accept-encoding': 'gzip, deflate, br',
        ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
      },
      // A connection of its own: one that is kept could lead to an address that was judged for something else.
      agent: false,
      signal,
      // Whatever is asked for, the answer is what was judged. Literal addresses are not looked up, and were judged as they stand.
      lookup: (_host, options, done) => {
        const [first] = found
        if (options.all) done(null, found)
        else done(null, first?.address ?? '', first?.family)
      },
    })
    request.on('response', resolve)
    request.on('error', reject)
    request.end(body)
  })
}

async function readBody(
  response: IncomingMessage,
  { method, maxBytes, signal }: Exchange,
): Promise<Pick<Reply, 'body' | 'isCut'>> {
  const chunks: Buffer[] = []
  let length = 0
  const stream = method === 'HEAD' ? response : unpacked(response)
  // Nobody else hears that the packed stream ended early.
  response.on('error', (error) => stream.destroy(error))
  response.on('aborted', () => stream.destroy(new Error('the answer was cut off')))
  for await (const chunk of stream) {
    signal.throwIfAborted()
    chunks.push(chunk as Buffer)
    length += (chunk as Buffer).length
    if (length > maxBytes) return { body: Buffer.concat(chunks).subarray(0, maxBytes), isCut: true }
  }
  return { body: Buffer.concat(chunks), isCut: false }
}

/** Packed answers are unpacked as they are read, so that a bomb is cut at the same size. */
function unpacked(response: IncomingMessage): Readable {
  const packing = response.headers['content-encoding']?.trim().toLowerCase() ?? 'identity'
  if (packing === 'identity' || packing === '') return response
  const unpack = { gzip: createGunzip, 'x-gzip': createGunzip, deflate: createInflate, br: createBrotliDecompress }[
    packing
  ]
  if (!unpack) throw new Error(`the answer is packed as ${packing.slice(0, 50)}, which is not known`)
  return response.pipe(unpack())
}

/** Cookies are nobody's business here. */
function plainHeaders({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || name === 'set-cookie' ? [] : [[name, String(value)]],
    ),
  )
}
