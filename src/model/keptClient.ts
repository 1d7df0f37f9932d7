/** Clients of the SDKs, one for each way to a provider: making one costs more than asking it. */
import type { ProviderAccess } from './modelCall.ts'

/** So many are kept; the one that was not used for longest goes first. */
const MOST_KEPT = 16

/** Keeps what `make` makes for an access. A changed key or address is another access. */
export function keepClients<Client>(make: (access: ProviderAccess) => Client): (access: ProviderAccess) => Client {
  const kept = new Map<string, Client>()
  return (access) => {
    const { baseUrl, key, timeoutMs, maxRetries, quirks } = access
    const name = JSON.stringify([baseUrl, key, timeoutMs, maxRetries, quirks])
    const client = kept.get(name) ?? make(access)
    kept.delete(name)
    kept.set(name, client)
    const [oldest] = kept.keys()
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest)
    return client
  }
}
