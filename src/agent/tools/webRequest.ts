import * as z from 'zod'
import type { BrokerAnswer, BrokerRequest, ToolContext } from './tool.ts'

/** The address of a web page in a call. */
export const webUrl = z
  .url({ protocol: /^https?$/ })
  .max(8_000)
  .describe('http(s)')

/** What came, or why nothing did. */
export type WebAnswer =
  | Extract<BrokerAnswer, { ok: true }>
  | { readonly ok: false; readonly reason: string; readonly hint?: string }

/** Asks through the broker; ends with the call. A refusal of the broker gets a hint. */
export async function askWeb({ fetch, signal }: ToolContext, request: BrokerRequest): Promise<WebAnswer> {
  if (signal.aborted) return CANCELLED
  const cancelled = Promise.withResolvers<WebAnswer>()
  const cancel = () => cancelled.resolve(CANCELLED)
  signal.addEventListener('abort', cancel, { once: true })
  const answer = await Promise.race([fetch(request), cancelled.promise])
  signal.removeEventListener('abort', cancel)
  if (answer.ok || answer === CANCELLED) return answer
  return {
    ...answer,
    hint: 'private and local addresses need network.allow in the settings: tell the person, do not look for a way around',
  }
}

const CANCELLED: WebAnswer = { ok: false, reason: 'it was cancelled' }

/** The kind of content without its parameters, in small letters; empty where none is told. */
export function contentKind({ headers }: Extract<BrokerAnswer, { ok: true }>): string {
  return (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
}

/** Whether there is text in it that a model can read. */
export function isReadable(kind: string): boolean {
  return kind === '' || /^text\/|[/+](json|xml|yaml|javascript|x-ndjson|x-www-form-urlencoded)$/.test(kind)
}
