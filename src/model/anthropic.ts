/** Anthropic's Messages API, as 13 providers speak it, through the official SDK (loaded at the first call: it costs a start 100 ms). */
import type { Anthropic } from '@anthropic-ai/sdk'
import { foldAnthropic } from './anthropicAnswer.ts'
import { toAnthropic, writeMessages } from './anthropicWire.ts'
import { keepClients } from './keptClient.ts'
import type { Provider, ProviderAccess } from './modelCall.ts'
import { DEFAULT_RETRIES, followStream, NO_KEY } from './providerCall.ts'

/** One streamed call. The provider's silence for `timeoutMs` ends it, before the first byte and between two events. */
export const askAnthropic: Provider = async (access, request, control) => {
  const { sdk, clientOf } = await loadAnthropic()
  const quirks = access.quirks ?? {}
  return followStream({
    access,
    control,
    errors: sdk,
    answer: foldAnthropic(request, () => writeMessages(request, quirks).seal()),
    open: (signal) => clientOf(access).messages.create({ ...toAnthropic(request, quirks), stream: true }, { signal }),
  })
}

type Loaded = {
  readonly sdk: typeof import('@anthropic-ai/sdk')
  readonly clientOf: (access: ProviderAccess) => Anthropic
}
let loading: Promise<Loaded> | undefined

/** Loads the SDK, once. */
export function loadAnthropic(): Promise<Loaded> {
  loading ??= import('@anthropic-ai/sdk').then((sdk) => ({
    sdk,
    clientOf: keepClients((access) => createClient(sdk.Anthropic, access)),
  }))
  // Packages may come back while we run.
  loading.catch(() => {
    loading = undefined
  })
  return loading
}

function createClient(Client: typeof Anthropic, access: ProviderAccess): Anthropic {
  const { baseUrl, key = NO_KEY, timeoutMs, maxRetries = DEFAULT_RETRIES, quirks } = access
  return new Client({
    baseURL: baseUrl,
    ...(quirks?.auth === 'bearer' ? { authToken: key } : { apiKey: key }),
    timeout: timeoutMs,
    maxRetries,
    openTelemetry: false,
    logLevel: 'off',
  })
}
