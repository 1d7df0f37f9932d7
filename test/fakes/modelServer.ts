/** What the fake model providers share: a server on the loopback that plays a script to each request, and remembers what it saw. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a fake provider does with a request, whatever its wire. */
export type Script =
  /** Answers `echo: <last message>`, a word at a time. */
  | { readonly do: 'echo'; readonly chunkDelayMs?: number }
  | {
      readonly do: 'say'
      readonly text: string
      readonly chunkDelayMs?: number
      readonly outputTokens?: number
      readonly stopReason?: string
    }
  | { readonly do: 'unauthorized' }
  | { readonly do: 'rateLimit'; readonly retryAfterSec: number }
  | { readonly do: 'overloaded' }
  /** Any other HTTP error. */
  | {
      readonly do: 'fail'
      readonly status: number
      readonly type?: string
      readonly message?: string
      readonly headers?: Readonly<Record<string, string>>
    }
  /** Breaks the connection in the middle of the answer; `clean` ends the body properly, but too early. */
  | { readonly do: 'truncate'; readonly clean?: boolean }
  /** Takes the request and never says a word. */
  | { readonly do: 'silence' }
  /** Begins to answer and falls silent. */
  | { readonly do: 'stall' }
  | { readonly do: 'refuse' }
  /**
   * Calls tools. Without `name` the tool that was forced; `input` as it is, `json` as this text, in pieces. `before` is said first, `delayMs` waited
   * before anything, `cut` ends the stream in the middle of the input.
   */
  | {
      readonly do: 'call'
      readonly calls: readonly {
        readonly name?: string
        readonly input?: unknown
        readonly json?: string
        readonly id?: string
      }[]
      readonly before?: string
      readonly delayMs?: number
      readonly cut?: boolean
      readonly stopReason?: string
    }
  /** Calls the forced tool with the first choice of its list, or with the first one that the question calls `action`. */
  | { readonly do: 'choose'; readonly action?: string; readonly reason?: string }
  /** Does what the text that it is shown says: `CHOOSE <word>` in it becomes the choice, as it stands there. */
  | { readonly do: 'obey' }
  /** Exactly these events of the wire; the answer is ended after them unless `open`. */
  | { readonly do: 'events'; readonly events: readonly object[]; readonly open?: boolean }
  /** One script a request, counted from when it was set; the last one stays. */
  | { readonly do: 'turns'; readonly turns: readonly Script[] }

/** A script, or what makes one of each request; `index` counts from when it was set. */
export type ScriptSource<Seen> = Script | ((seen: Seen, index: number) => Script)

/** Scripts without those that only choose another one. */
export type PlayedScript = Exclude<Script, { readonly do: 'turns' }>

/** A request as it came in. */
export type Seen<Body> = { readonly key: string | undefined; readonly body: Body }

/** A running fake. */
export type FakeModelServer<Body> = {
  readonly url: string
  readonly requests: readonly Seen<Body>[]
  /** What happens from now on. */
  readonly setScript: (script: ScriptSource<Seen<Body>>) => void
  /** Only this key is accepted; undefined accepts all. */
  readonly requireKey: (key: string | undefined) => void
  /** Resolves when so many requests have come in altogether. */
  readonly seen: (count: number) => Promise<void>
  /** Resolves when so many clients have gone before their answer was whole. */
  readonly dropped: (count: number) => Promise<void>
  readonly close: () => Promise<void>
}

/** A wire: where its requests go, how its errors look, how a script is played. */
export type FakeWire<Body> = {
  readonly path: string
  /** Further answers to GET, by path. */
  readonly lists?: Readonly<Record<string, object>>
  readonly error: (response: ServerResponse, failure: WireFailure) => void
  readonly play: (script: PlayedScript, seen: Seen<Body>, response: ServerResponse) => Promise<void> | void
}

/** An HTTP error in words of both wires. */
export type WireFailure = { readonly status: number; readonly type: string; readonly message: string }

const FAILURES = {
  unauthorized: { status: 401, type: 'authentication_error', message: 'invalid x-api-key' },
  rateLimit: { status: 429, type: 'rate_limit_error', message: 'Number of requests has exceeded your rate limit' },
  overloaded: { status: 529, type: 'overloaded_error', message: 'Overloaded' },
} as const

/** Starts a fake on a free port of the loopback (or on the one given). */
export async function startModelServer<Body>(
  wire: FakeWire<Body>,
  script: ScriptSource<Seen<Body>>,
  port = 0,
): Promise<FakeModelServer<Body>> {
  const state = { script, playedSince: 0, key: undefined as string | undefined }
  const requests: Seen<Body>[] = []
  let droppedCount = 0
  const arrivals = createWaiting(() => requests.length)
  const drops = createWaiting(() => droppedCount)
  const setScript = (next: ScriptSource<Seen<Body>>) => {
    state.script = next
    state.playedSince = requests.length
  }
  const server = createServer(async (request, response) => {
    const text = await readBody(request)
    const path = request.url?.split('?')[0] ?? ''
    if (path === '/_stats') return sendJson(response, 200, { requests: requests.length })
    if (path === '/_script') {
      setScript(JSON.parse(text))
      return sendJson(response, 200, JSON.parse(text))
    }
    const list = wire.lists?.[path]
    if (list) return sendJson(response, 200, list)
    if (request.method !== 'POST' || path !== wire.path) {
      return wire.error(response, { status: 404, type: 'not_found_error', message: 'not found' })
    }
    const seen: Seen<Body> = { key: keyOf(request), body: JSON.parse(text) }
    requests.push(seen)
    response.on('close', () => {
      if (response.writableFinished) return
      droppedCount += 1
      drops.check()
    })
    arrivals.check()
    const isWrongKey = state.key !== undefined && seen.key !== state.key
    const chosen = chooseScript(state.script, seen, requests.length - 1 - state.playedSince)
    await playOrFail(wire, isWrongKey ? { do: 'unauthorized' } : chosen, seen, response)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    setScript,
    requireKey: (key) => {
      state.key = key
    },
    seen: arrivals.until,
    dropped: drops.until,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function chooseScript<Seen>(source: ScriptSource<Seen>, seen: Seen, index: number): PlayedScript {
  const script = typeof source === 'function' ? source(seen, index) : source
  if (script.do !== 'turns') return script
  const turn = script.turns[Math.min(index, script.turns.length - 1)]
  return chooseScript(turn ?? { do: 'echo' }, seen, 0)
}

async function playOrFail<Body>(
  wire: FakeWire<Body>,
  script: PlayedScript,
  seen: Seen<Body>,
  response: ServerResponse,
): Promise<void> {
  switch (script.do) {
    case 'unauthorized':
    case 'overloaded':
      return wire.error(response, FAILURES[script.do])
    case 'rateLimit':
      response.setHeader('retry-after', String(script.retryAfterSec))
      return wire.error(response, FAILURES.rateLimit)
    case 'fail': {
      const { status, type = 'invalid_request_error', message = 'no', headers = {} } = script
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
      return wire.error(response, { status, type, message })
    }
    case 'silence':
      return
    default:
      return wire.play(script, seen, response)
  }
}

function createWaiting(count: () => number) {
  const waiting = new Set<() => void>()
  const until = (wanted: number) =>
    new Promise<void>((resolve) => {
      const check = () => {
        if (count() < wanted) return
        waiting.delete(check)
        resolve()
      }
      waiting.add(check)
      check()
    })
  return { until, check: () => waiting.forEach((check) => void check()) }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

function keyOf({ headers }: IncomingMessage): string | undefined {
  return headers['x-api-key']?.toString() ?? headers.authorization?.replace(/^Bearer /, '')
}

/** Sends a JSON body. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

/** The words of an answer, each with the space before it. */
export function wordsOf(text: string): readonly string[] {
  return text.match(/\s*\S+/g) ?? [text]
}

/** The first half and the rest; with `cut` the first half only. */
export function inPieces(text: string, cut = false): readonly string[] {
  const half = Math.ceil(text.length / 2)
  return cut ? [text.slice(0, half)] : [text.slice(0, half), text.slice(half)]
}

/** The choice that `choose` makes of a question. */
export function choiceIn(choices: readonly string[], question: string, action: string | undefined): string | undefined {
  if (action === undefined) return choices[0]
  return new RegExp(`^(\\S+): ${action}\\b`, 'm').exec(question)?.[1]
}

/** The order that `obey` follows. */
export function orderIn(question: string): string {
  return /CHOOSE (\S+)/.exec(question)?.[1] ?? 'none'
}
