import { isLoopbackHost } from '../shared/config/loopback.ts'
import type { ProviderAccess, Wire } from './modelCall.ts'
import type { Prices } from './prices.ts'

/** A model, where it is reached and what it costs. */
export type Target = {
  /** The name of its provider in the table of providers. */
  readonly provider: string
  readonly wire: Wire
  /** As its provider calls it. */
  readonly model: string
  readonly access: ProviderAccess
  /** Undefined for a model whose price nobody knows: it is held by the limits of tokens. */
  readonly prices: Prices | undefined
  readonly contextTokens: number | undefined
  /** The variable that its key stands in, for sentences about it. */
  readonly keyVariable?: string | undefined
}

/** A model that was found, or why there is none of that name. */
export type Resolved = ({ readonly ok: true } & Target) | { readonly ok: false; readonly reason: string }

/** Port to the table of providers: finds a model by `provider/model`, by its own name, or that of the settings for no name. Asked anew for each call. */
export type ModelCatalog = { readonly resolve: (name: string | undefined) => Resolved }

/** False for a server on this machine: it gets no key unless one is set. */
export function needsKey(baseUrl: string): boolean {
  const host = URL.parse(baseUrl)?.hostname.replace(/^\[|\]$/g, '')
  return host === undefined || !isLoopbackHost(host)
}
