/** The search engines: how each is asked, and how its answer is read. Sources: the API pages of SearXNG, Brave Search and Tavily. */
import * as z from 'zod'
import type { BrokerRequest } from './tool.ts'

/** One result. */
export type Hit = { readonly title: string; readonly url: string; readonly text: string }

type Engine = {
  /** `base` is empty for the engine's own address. */
  readonly request: (base: string, query: string, count: number) => BrokerRequest
  /** Undefined for what is no answer of it. */
  readonly hits: (value: unknown) => readonly Hit[] | undefined
  /** What is to be looked at where it does not answer. */
  readonly missing: string
}

const words = z.string().nullish()
const results = z.array(z.object({ title: words, url: z.string(), content: words, description: words }))
const flat = z.object({ results })
const brave = z.object({ web: z.object({ results }).optional() })

const keyHint = (variable: string, host: string) =>
  `tell the person: ${variable} must stand in .env, and "${variable}=${host}" in network.secrets`

/** By the name that the settings use. */
export const SEARCH_ENGINES: Readonly<Record<'searxng' | 'brave' | 'tavily', Engine>> = {
  searxng: {
    request: (base, query) => ({ url: `${trimmed(base)}/search?${new URLSearchParams({ q: query, format: 'json' })}` }),
    hits: (value) => hitsOf(flat.safeParse(value).data?.results),
    missing: 'tell the person: the server must allow the format json, and a private one must stand in network.allow',
  },
  brave: {
    request: (base, query, count) => ({
      url: `${trimmed(base) || 'https://api.search.brave.com'}/res/v1/web/search?${new URLSearchParams({ q: query, count: String(count) })}`,
      headers: { accept: 'application/json' },
      secret: { variable: 'BRAVE_API_KEY', header: 'x-subscription-token' },
    }),
    hits: (value) => {
      const answer = brave.safeParse(value)
      return answer.success ? hitsOf(answer.data.web?.results ?? []) : undefined
    },
    missing: keyHint('BRAVE_API_KEY', 'api.search.brave.com'),
  },
  tavily: {
    request: (base, query, count) => ({
      url: `${trimmed(base) || 'https://api.tavily.com'}/search`,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, max_results: count }),
      secret: { variable: 'TAVILY_API_KEY', header: 'authorization', prefix: 'Bearer ' },
    }),
    hits: (value) => hitsOf(flat.safeParse(value).data?.results),
    missing: keyHint('TAVILY_API_KEY', 'api.tavily.com'),
  },
}

function hitsOf(found: z.infer<typeof results> | undefined): Hit[] | undefined {
  return found?.map(({ title, url, content, description }) => ({
    title: plain(title) || url,
    url,
    text: plain(content ?? description).slice(0, 400),
  }))
}

/** Brave marks the words that it found. */
function plain(text: string | null | undefined): string {
  return (text ?? '')
    .replace(/<\/?\w+>/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}

function trimmed(base: string): string {
  return base.replace(/\/+$/, '')
}
