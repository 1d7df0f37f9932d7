import * as z from 'zod'
import { defineTool } from './defineTool.ts'
import type { Hit } from './searchEngines.ts'
import type { ToolOutcome } from './tool.ts'
import { askWeb } from './webRequest.ts'

const HITS = 8

const schema = z.strictObject({
  query: z.string().min(1).max(400).describe('words'),
})

/** Searches the web with the engine of the settings. */
export const webSearchTool = defineTool({
  name: 'web_search',
  description:
    'Search the web when you do not know the address or need news. Returns title, address and words of each hit; then read with web_to_text. Refuses with no engine set.',
  schema,
  safety: 'pure',
  risk: 2,
  deadlineMs: 45_000,
  maxOutput: 12_000,
  place: 'sandbox',
  run: async ({ query }: z.infer<typeof schema>, context) => {
    const { engine, url } = context.settings.search
    if (engine === 'none') {
      return {
        ok: false,
        reason: 'no search engine is set',
        hint: 'tell the person that tools.searchEngine in the settings names one',
      }
    }
    // Loaded here: answers are read with the library of schemas, which no other tool needs when it runs.
    const { SEARCH_ENGINES } = await import('./searchEngines.ts')
    const { request, hits, missing } = SEARCH_ENGINES[engine]
    if (engine === 'searxng' && url === '') {
      return {
        ok: false,
        reason: 'the address of the SearXNG server is not set',
        hint: 'tell the person about tools.searchUrl',
      }
    }
    const answer = await askWeb(context, request(url, query, HITS))
    if (!answer.ok) return { ok: false, reason: answer.reason, hint: missing }
    if (answer.status >= 400)
      return { ok: false, reason: `${engine} answered ${answer.status}: ${answer.body.slice(0, 300)}`, hint: missing }
    return shown(parsed(answer.body), hits, { query, engine })
  },
})

type Asked = { readonly query: string; readonly engine: string }

function shown(
  value: unknown,
  hits: (value: unknown) => readonly Hit[] | undefined,
  { query, engine }: Asked,
): ToolOutcome {
  const found = hits(value)
  if (found === undefined) return { ok: false, reason: `${engine} answered something that is no list of results` }
  if (found.length === 0) return { ok: true, text: `Nothing was found for ${query}.` }
  const rows = found
    .slice(0, HITS)
    .map(({ title, url, text }, index) => `${index + 1}. ${title}\n   ${url}\n   ${text}`.trimEnd())
  return { ok: true, text: rows.join('\n') }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
