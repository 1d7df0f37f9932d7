/** What the agent and a child in the sandbox say to each other: one JSON object a line, over a socket that only the two of them have. No secret ever goes in. */
import type { Duplex } from 'node:stream'
import type { BrokerAnswer, BrokerRequest, ToolSettings } from '../tools/tool.ts'

/** One call for the child. */
export type RunLine = {
  readonly type: 'run'
  readonly id: number
  readonly tool: string
  readonly input: unknown
  readonly key: string
  readonly workspace: string
  readonly settings: ToolSettings
  /** Name of the file that holds the whole output when it is too long. */
  readonly outputName: string
}

/** From the agent to the child. */
export type ToChild =
  | RunLine
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'answer'; readonly id: number; readonly answer: BrokerAnswer }

/** From the child to the agent. Whoever sits in the child may be hostile: every field is checked. */
export type FromChild =
  | { readonly type: 'ready' }
  | { readonly type: 'fetch'; readonly id: number; readonly request: BrokerRequest }
  | { readonly type: 'ended'; readonly id: number; readonly ok: boolean; readonly text: string; readonly rest?: string }

/** Longest line that a child may send, in characters; more is a flood. */
export const MAX_FROM_CHILD = 4 * 1_024 * 1_024
/** Longest line to a child: a web page of the largest size, escaped. */
export const MAX_TO_CHILD = 400 * 1_024 * 1_024

/** Writes one message. A line that is gone is told by its end, not here. */
export function sendLine(line: Duplex, message: ToChild | FromChild): void {
  if (line.writable) line.write(`${JSON.stringify(message)}\n`)
}

/** Reads lines; one that is too long, or no JSON, breaks the line for good and is told once. */
export function readLines(
  line: Duplex,
  limit: number,
  on: { line: (value: unknown) => void; broken: (why: string) => void },
): void {
  const pieces: string[] = []
  let length = 0
  let isBroken = false
  const breakOff = (why: string) => {
    isBroken = true
    pieces.length = 0
    on.broken(why)
  }
  const take = (text: string) => {
    length += text.length
    if (length > limit) return breakOff(`a line is longer than ${limit} characters`)
    pieces.push(text)
  }
  const finish = () => {
    const whole = pieces.join('')
    pieces.length = 0
    length = 0
    try {
      on.line(JSON.parse(whole))
    } catch {
      breakOff('a line is no JSON')
    }
  }
  line.setEncoding('utf8')
  line.on('data', (chunk: string) => {
    const parts = chunk.split('\n')
    for (const [index, part] of parts.entries()) {
      if (isBroken) return
      take(part)
      if (index < parts.length - 1 && !isBroken) finish()
    }
  })
}

/** Makes a message of what a child sent; undefined when it is none. */
export function fromChild(value: unknown): FromChild | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { type, id, ok, text, rest, request } = value as Record<string, unknown>
  if (type === 'ready') return { type }
  if (!Number.isSafeInteger(id)) return undefined
  if (type === 'fetch' && isRequest(request)) return { type, id: id as number, request }
  if (type !== 'ended' || typeof ok !== 'boolean' || typeof text !== 'string') return undefined
  return { type, id: id as number, ok, text, ...(isRest(rest) ? { rest } : {}) }
}

/** Where the whole output of a call lies: a name of ours, below the one folder for them. */
function isRest(rest: unknown): rest is string {
  return typeof rest === 'string' && /^\.ottugi\/output\/[\w.-]{1,120}\.txt$/.test(rest)
}

function isRequest(value: unknown): value is BrokerRequest {
  if (typeof value !== 'object' || value === null) return false
  const { url, method, headers, body, secret, maxBytes } = value as Record<string, unknown>
  return (
    typeof url === 'string' &&
    isOptional(method, 'string') &&
    isOptional(body, 'string') &&
    isOptional(maxBytes, 'number') &&
    (headers === undefined || isTexts(headers)) &&
    (secret === undefined || isSecret(secret))
  )
}

function isOptional(value: unknown, type: 'string' | 'number'): boolean {
  return value === undefined || typeof value === type
}

function isTexts(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.values(value).every((entry) => typeof entry === 'string')
}

function isSecret(value: unknown): boolean {
  if (!isTexts(value)) return false
  const { variable, header, prefix } = value as Record<string, unknown>
  return typeof variable === 'string' && typeof header === 'string' && isOptional(prefix, 'string')
}
