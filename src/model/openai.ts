/** OpenAI's chat completions, as most providers speak them, through the official SDK (loaded at the first call). What differs stands in `quirks`. */
import type OpenAI from 'openai'
import { keepClients } from './keptClient.ts'
import type { Provider, ProviderAccess } from './modelCall.ts'
import { foldOpenai } from './openaiAnswer.ts'
import { toOpenai } from './openaiWire.ts'
import { DEFAULT_RETRIES, followStream, NO_KEY } from './providerCall.ts'

/** One streamed call. The provider's silence for `timeoutMs` ends it, before the first byte and between two events. */
export const askOpenai: Provider = async (access, request, control) => {
  const { sdk, clientOf } = await loadOpenai()
  return followStream({
    access,
    control,
    errors: sdk,
    answer: foldOpenai(request),
    open: (signal) =>
      clientOf(access).chat.completions.create({ ...toOpenai(request, access.quirks ?? {}), stream: true }, { signal }),
  })
}

type Loaded = { readonly sdk: typeof import('openai'); readonly clientOf: (access: ProviderAccess) => OpenAI }
let loading: Promise<Loaded> | undefined

/** Loads the SDK, once. */
export function loadOpenai(): Promise<Loaded> {
  loading ??= import('openai').then((sdk) => ({
    sdk,
    clientOf: keepClients((access) => createClient(sdk.OpenAI, access)),
  }))
  // Packages may come back while we run.
  loading.catch(() => {
    loading = undefined
  })
  return loading
}

/** Everything that the SDK would look for in the environment is said: a key of another account must not be sent to this provider. */
function createClient(Client: typeof OpenAI, access: ProviderAccess): OpenAI {
  const { baseUrl, key = NO_KEY, timeoutMs, maxRetries = DEFAULT_RETRIES, quirks } = access
  return new Client({
    baseURL: baseUrl,
    apiKey: key,
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    ...(quirks?.auth === 'x-api-key' ? { defaultHeaders: { 'x-api-key': key, authorization: null } } : {}),
    timeout: timeoutMs,
    maxRetries,
    logLevel: 'off',
  })
}
