import * as z from 'zod'
import { defineTool } from './defineTool.ts'
import { webOutcome } from './webOutcome.ts'
import { askWeb, webUrl } from './webRequest.ts'

const schema = z.strictObject({
  url: webUrl,
  headers: z.record(z.string().max(100), z.string().max(4_000)).optional().describe('name: value'),
})

/** Reads something from the web. */
export const httpFetchTool = defineTool({
  name: 'http_fetch',
  description:
    'Get a web resource as it is: an API, JSON, a raw file; for pages use web_to_text. Returns status, headers, body. Refuses private addresses and binary bodies.',
  schema,
  safety: 'pure',
  risk: 2,
  deadlineMs: 60_000,
  maxOutput: 20_000,
  place: 'sandbox',
  run: async ({ url, headers = {} }: z.infer<typeof schema>, context) =>
    webOutcome(await askWeb(context, { url, headers })),
})
