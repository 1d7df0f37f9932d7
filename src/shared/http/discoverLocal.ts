/** Finds an Ollama on this machine by asking it for its models. Nothing is started, and nobody else is asked. */
import { isLoopbackHost } from '../config/loopback.ts'

/** A server of models that answered. */
export type LocalModels = {
  readonly provider: 'ollama'
  /** Where its models are called. */
  readonly baseUrl: string
  /** As it calls them, in its order. */
  readonly models: readonly string[]
}

/** Long enough for a machine under load, short enough for a command. */
const PROBE_MS = 500
/** More than this is no list of models, in bytes. */
const MAX_BYTES = 1_048_576
const MAX_MODELS = 200
const NAME = /^[\w./:@+-]{1,200}$/

/** Asks `GET /api/tags` beside `baseUrl` (the one that ends with `/v1`). Undefined where nobody answers in time, or something else does; never throws. */
export async function discoverLocal(baseUrl: string, timeoutMs = PROBE_MS): Promise<LocalModels | undefined> {
  const url = URL.parse('../api/tags', `${baseUrl.replace(/\/$/, '')}/`)
  if (!url || !isLoopbackHost(url.hostname.replace(/^\[|\]$/g, ''))) return undefined
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), redirect: 'error' })
    const models = response.ok ? namesIn(JSON.parse(await textOf(response))) : undefined
    return models && { provider: 'ollama', baseUrl, models }
  } catch {
    return undefined
  }
}

async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.length
    if (bytes > MAX_BYTES) throw new Error('expected a list of models, got more than 1 MiB')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function namesIn(value: unknown): string[] | undefined {
  const listed = (value as { models?: unknown } | null)?.models
  if (!Array.isArray(listed)) return undefined
  const names = listed.map((entry: { name?: unknown } | null) => String(entry?.name ?? ''))
  return names.filter((name) => NAME.test(name)).slice(0, MAX_MODELS)
}
