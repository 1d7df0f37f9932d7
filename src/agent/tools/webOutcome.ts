import type { ToolOutcome } from './tool.ts'
import { contentKind, isReadable, type WebAnswer } from './webRequest.ts'

/** Headers that a model can do something with. */
const SHOWN = ['content-type', 'location', 'last-modified', 'etag', 'link', 'retry-after', 'x-ratelimit-remaining']

/** An answer of the web in words: status, headers, body. A status of 400 and more is a failure that shows its body. */
export function webOutcome(answer: WebAnswer): ToolOutcome {
  if (!answer.ok) return answer
  const { status, url, headers, body, isCut } = answer
  const kind = contentKind(answer)
  const shown = SHOWN.flatMap((name) => (headers[name] === undefined ? [] : [`${name}: ${headers[name]}`]))
  const content = isReadable(kind) ? body : `[${body.length} characters of ${kind}, not shown: no text]`
  const text = [`${status} ${url}`, ...shown, '', content, ...(isCut ? ['[cut: the body is longer]'] : [])]
    .join('\n')
    .trimEnd()
  if (status < 400) return { ok: true, text }
  const hint = hintFor(status)
  return { ok: false, reason: text, ...(hint === undefined ? {} : { hint }) }
}

function hintFor(status: number): string | undefined {
  if (status === 401 || status === 403) return 'the site wants a login, or keeps programs away; ask the person'
  if (status === 404 || status === 410) return 'check the address; web_search may find where it is now'
  if (status === 429) return 'too many requests: do not try again soon'
  return status >= 500 ? 'the site has a fault of its own: later it may work' : undefined
}
