import * as z from 'zod'
import { defineTool } from './defineTool.ts'
import { webOutcome } from './webOutcome.ts'
import { askWeb, webUrl } from './webRequest.ts'

const schema = z.strictObject({
  url: webUrl,
  body: z.string().max(1_000_000).describe('JSON or text'),
})

/** Sends something to the web: it may change what lies there, so it is never sent twice for one call. */
export const httpPostTool = defineTool({
  name: 'http_post',
  description:
    'Send a POST, only when the person asked for what it does there: it may publish, pay or change. Returns status and body. Refuses private addresses; never retried.',
  schema,
  safety: 'unsafe',
  risk: 3,
  deadlineMs: 60_000,
  maxOutput: 20_000,
  place: 'sandbox',
  run: async ({ url, body }: z.infer<typeof schema>, context) => {
    const headers = { 'content-type': isJson(body) ? 'application/json' : 'text/plain; charset=utf-8' }
    return webOutcome(await askWeb(context, { url, method: 'POST', headers, body }))
  },
})

function isJson(body: string): boolean {
  try {
    JSON.parse(body)
    return true
  } catch {
    return false
  }
}
