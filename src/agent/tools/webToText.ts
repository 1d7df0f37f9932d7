import * as z from 'zod'
import { defineTool } from './defineTool.ts'
import { linksOf, titleOf } from './pageFacts.ts'
import type { ToolOutcome } from './tool.ts'
import { askWeb, contentKind, isReadable, type WebAnswer, webUrl } from './webRequest.ts'

/** Longest page that is turned into text, in bytes and as many characters. */
const MAX_BYTES = 2 * 1_024 * 1_024

const schema = z.strictObject({ url: webUrl, links: z.boolean().optional().describe('also list its links') })

/** Reads a web page as text. */
export const webToTextTool = defineTool({
  name: 'web_to_text',
  description:
    'Read a web page for people: article, documentation, search hit. Returns title, plain text and, if wanted, links. Refuses private addresses, pictures and PDF.',
  schema,
  safety: 'pure',
  risk: 2,
  deadlineMs: 60_000,
  maxOutput: 20_000,
  place: 'sandbox',
  run: async ({ url, links = false }: z.infer<typeof schema>, context) => {
    const headers = { accept: 'text/html,application/xhtml+xml,text/plain;q=0.8,*/*;q=0.1' }
    const answer = await askWeb(context, { url, headers, maxBytes: MAX_BYTES })
    return answer.ok ? asText(answer, links) : answer
  },
})

type Page = Extract<WebAnswer, { ok: true }>

async function asText(page: Page, wantsLinks: boolean): Promise<ToolOutcome> {
  const kind = contentKind(page)
  const { status, url, body } = page
  if (!isReadable(kind) && !kind.endsWith('/xhtml+xml')) {
    return { ok: false, reason: `${url} is ${kind}, not a page`, hint: 'look for the same as a web page' }
  }
  const isPage = /html/.test(kind) || (kind === '' && /^\s*<(!doctype|html)/i.test(body))
  const text = isPage ? await plainText(body) : body
  const title = isPage ? titleOf(body) : ''
  const links = isPage && wantsLinks ? linksOf(body, url) : []
  const parts = [
    title === '' ? url : `# ${title}\n${url}`,
    text.trim() === '' ? '[no text in it: it may be made by scripts]' : text.trim(),
    ...(links.length > 0 ? [`Links:\n${links.join('\n')}`] : []),
    ...(page.isCut ? ['[cut: the page is longer]'] : []),
  ]
  const whole = parts.join('\n\n')
  return status < 400 ? { ok: true, text: whole } : { ok: false, reason: `status ${status}\n${whole}` }
}

/** Depth and width are limited: a page of a million nested elements must not use up the stack. */
async function plainText(html: string): Promise<string> {
  const { convert } = await import('html-to-text')
  return convert(html.slice(0, MAX_BYTES), {
    wordwrap: false,
    limits: { maxDepth: 200, maxInputLength: MAX_BYTES, maxBaseElements: 10 },
    selectors: [
      { selector: 'a', options: { ignoreHref: true } },
      { selector: 'img', format: 'skip' },
      { selector: 'nav', format: 'skip' },
      { selector: 'svg', format: 'skip' },
      { selector: 'script', format: 'skip' },
      { selector: 'style', format: 'skip' },
      { selector: 'table', format: 'dataTable' },
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
    ],
  })
}
