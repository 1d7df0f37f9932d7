/** Anthropic's Messages API, as 13 providers speak it, through the official SDK (loaded at the first call: it costs a start 100 ms). */
import type { Anthropic } from '@anthropic-ai/sdk'
import { foldAnthropic } from './anthropicAnswer.ts'
import { toAnthropic, writeMessages } from './anthropicWire.ts'
import type { Provider, ProviderAccess } from './modelCall.ts'
import { DEFAULT_RETRIES, followStream, NO_KEY } from './providerCall.ts'

/** One streamed call. The provider's silence for `timeoutMs` ends it, before the first byte and between two events. */
export const askAnthropic: Provider = async (access, request, control) => {
  const sdk = await import('@anthropic-ai/sdk')
  const quirks = access.quirks ?? {}
  return followStream({
    access,
    control,
    errors: sdk,
    answer: foldAnthropic(request, () => writeMessages(request, quirks).seal()),
    open: (signal) =>
      createClient(sdk.Anthropic, access).messages.create(
        { ...toAnthropic(request, quirks), stream: true },
        { signal },
      ),
  })
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
